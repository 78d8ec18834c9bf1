import { AwsError } from '../endpoint/service.ts';
import type { FunctionConfig } from '../stack/model.ts';
import type { DeployedCode } from './deployed-function.ts';
import type { DescribedFunction } from './host.ts';
import type { LambdaOperation, LambdaServiceParts } from './lambda-operation.ts';
import { calledFunction } from './operations.ts';
import { PackageError } from './package.ts';
import { invalid, json, membersOf, refuseOthers } from './rest-json.ts';

const ONLY_ZIP = 'Give the code as ZipFile; everything else of a function is in the stack.';

/**
 * ListFunctions, GetFunction, GetFunctionConfiguration, and UpdateFunctionCode with a ZipFile. It answers when the new
 * code runs, so nobody has to wait for `LastUpdateStatus`. A zip is as large as a body of the endpoint can hold: 12 MB.
 *
 * Source: docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html.
 */
export function functionOperations({
  functions,
}: Pick<LambdaServiceParts, 'functions'>): [string, LambdaOperation][] {
  return [
    [
      'ListFunctions',
      () => {
        const all = functions.functions.map(({ name }) => summary(functions.describe(name)));
        return json(200, { Functions: all, NextMarker: null });
      },
    ],
    [
      'GetFunction',
      (call) => {
        const found = functions.describe(calledFunction(call));
        const { reservedConcurrency } = found.config;
        return json(200, {
          Configuration: configuration(found),
          Code: { RepositoryType: 'S3' },
          ...(reservedConcurrency !== undefined && {
            Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
          }),
        });
      },
    ],
    [
      'GetFunctionConfiguration',
      (call) => json(200, configuration(functions.describe(calledFunction(call)))),
    ],
    [
      'UpdateFunctionCode',
      async ({ name }, request) => {
        const { code } = functions.describe(name);
        const { zip, isDryRun } = updateIn(membersOf(request), code);
        if (!isDryRun) await functions.update(name, zip).catch(asAwsError);
        return json(200, configuration(functions.describe(name)));
      },
    ],
  ];
}

interface CodeUpdate {
  readonly zip: Uint8Array;
  readonly isDryRun: boolean;
}

function updateIn(members: Record<string, unknown>, { revisionId }: DeployedCode): CodeUpdate {
  refuseOthers(members, ['FunctionName', 'ZipFile', 'DryRun', 'Publish', 'RevisionId'], ONLY_ZIP);
  const { ZipFile, DryRun = false, Publish = false, RevisionId = revisionId } = members;
  if (Publish !== false)
    throw invalid('Publish cannot be set here. All versions of a function have the code that it has now.');
  if (typeof DryRun !== 'boolean') throw invalid('DryRun must be true or false.');
  if (typeof ZipFile !== 'string' || ZipFile === '') throw invalid(`ZipFile is missing. ${ONLY_ZIP}`);
  if (RevisionId !== revisionId) {
    const message =
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id';
    throw new AwsError('PreconditionFailedException', message, 412);
  }
  return { zip: Buffer.from(ZipFile, 'base64'), isDryRun: DryRun };
}

function asAwsError(error: unknown): never {
  throw error instanceof PackageError ? invalid(error.message) : error;
}

/** AWS's function configuration, as far as the stack has what it tells. */
function configuration(described: DescribedFunction): Record<string, unknown> {
  return { ...summary(described), State: 'Active', LastUpdateStatus: 'Successful' };
}

/** A configuration in a list, which tells nothing of the function's state. */
function summary({ config, code, arn, version }: DescribedFunction): Record<string, unknown> {
  return {
    FunctionName: config.name,
    FunctionArn: arn,
    Runtime: config.runtime,
    Role: config.roleArn,
    Handler: config.handler,
    CodeSize: code.size,
    CodeSha256: code.sha256,
    LastModified: new Date(code.deployedAt).toISOString().replace('Z', '+0000'),
    RevisionId: code.revisionId,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMb,
    Version: version,
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    Environment: { Variables: config.environment },
    LoggingConfig: { LogFormat: 'Text', LogGroup: config.logGroup },
    ...deadLetters(config),
  };
}

function deadLetters({ deadLetterArn }: FunctionConfig): object {
  return deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterArn } };
}
