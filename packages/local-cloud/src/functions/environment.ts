import type { FunctionConfig } from '../stack/model.ts';
import { LATEST } from '../stack/versions.ts';

/**
 * All variables that a function sees: its own, those of the Lambda runtime, and `given` (the endpoint, credentials,
 * region). Nothing of this process's environment leaks in.
 *
 * @param directory of the unpacked package.
 * Source: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html.
 */
export function functionEnvironment(
  config: FunctionConfig,
  directory: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  // One instance runs calls of every version: the variables tell of the one that traffic goes to.
  const version = config.version ?? LATEST;
  return {
    ...config.environment,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[${version}]${config.name}`,
    LAMBDA_TASK_ROOT: directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: config.handler,
    ...given,
  };
}
