import { types } from 'node:util';
import * as z from 'zod';
import { askApi, askStaffApi, TOKEN_VARIABLE, type ApiQuestion } from './ask-api.ts';
import { CloudClient } from './cloud-client.ts';
import type { CommandInput, Options } from './command.ts';
import { UsageError } from './errors.ts';
import { awsOutputs } from './outputs-file.ts';
import { becomesReady, outputOf, portOf } from './session.ts';

/** What `--target aws` needs besides. */
export const TARGET_OPTIONS: Options = { outputs: { type: 'string' } };

/** The staff's API of a deployment that runs, here or on AWS. */
export interface StaffApi {
  ask(question: ApiQuestion): Promise<unknown>;
  /** The deployment's time in epoch milliseconds: a local cloud's clock may have been moved. */
  now(): Promise<number>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The staff's API of the local cloud at `--port`, or of the deployment whose outputs `--outputs` names. It starts none:
 * what is asked of it is about one that runs.
 *
 * @throws UsageError when none runs, or naming the option or variable that is missing.
 */
export async function openStaffApi(
  { values, signal }: Pick<CommandInput, 'values' | 'signal'>,
  environment: Environment = process.env,
): Promise<StaffApi> {
  const target = values['target'] ?? 'local';
  if (target === 'aws') return awsApi(values, environment);
  if (target !== 'local')
    throw new UsageError(`--target is ${String(target)}, but must be local or aws. Without it: local.`);
  if (values['outputs'] !== undefined)
    throw new UsageError('--outputs goes with --target aws only. Give both or none.');
  return localApi(new CloudClient(`http://127.0.0.1:${portOf(values)}`), signal);
}

async function localApi(cloud: CloudClient, signal: AbortSignal): Promise<StaffApi> {
  const status = (await becomesReady(cloud, signal)) ? await cloud.status() : undefined;
  if (status === undefined)
    throw new UsageError(`No local cloud answers at ${cloud.endpoint}. Start one: npm start`, 1);
  const api = outputOf({ status }, 'staff_api_url');
  return {
    ask: (question) =>
      reached(askStaffApi({ status, cloud }, question), `${api} does not answer. Start it again: npm start`),
    now: async () => Date.parse((await cloud.clock()).now),
  };
}

function awsApi(values: CommandInput['values'], environment: Environment): StaffApi {
  const outputs = stackSchema.safeParse(awsOutputs(values, 'staff_api_url', environment['INIT_CWD']));
  if (!outputs.success)
    throw new UsageError(`staff_api_url in --outputs ${String(values['outputs'])} is no address.`);
  const token = environment[TOKEN_VARIABLE];
  if (token === undefined || token === '') {
    throw new UsageError(
      `--target aws needs the token of a member of the staff in the environment variable ${TOKEN_VARIABLE}.`,
    );
  }
  const api = outputs.data.staff_api_url;
  return {
    ask: (question) =>
      reached(
        askApi(api, question, token),
        `${api} does not answer. Check staff_api_url in ${String(values['outputs'])}.`,
      ),
    now: () => Promise.resolve(Date.now()),
  };
}

const stackSchema = z.object({ staff_api_url: z.url() });

/** @throws UsageError with `otherwise` where no answer comes, because of the connection or in time. */
async function reached(answer: Promise<unknown>, otherwise: string): Promise<unknown> {
  return answer.catch((error: unknown) => {
    throw isSilence(error) ? new UsageError(otherwise, 1) : error;
  });
}

/** What fetch throws for every trouble with the connection, and what a signal does whose time is over. */
function isSilence(error: unknown): boolean {
  return types.isNativeError(error) && (error.message === 'fetch failed' || error.name === 'TimeoutError');
}
