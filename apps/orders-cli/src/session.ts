import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CommandInput } from './command.ts';
import { CloudClient, type CloudStatus } from './cloud-client.ts';
import { UsageError } from './errors.ts';
import { say } from './output.ts';

/** The port of the AWS endpoint; the API stands on the next one. */
export const DEFAULT_PORT = 4400;

/** Longest that a cloud may be starting, and the pause between two looks at it. */
const READY_WITHIN_MS = 30_000;
const READY_POLL_MS = 50;

/** A local cloud that a command works with, running already or started for this call. */
export interface Session {
  readonly cloud: CloudClient;
  readonly status: CloudStatus;
  readonly tables: Tables;
  readonly documents: DynamoDBDocumentClient;
  /** Whether the cloud ends with this call. */
  readonly own: boolean;
  close(): Promise<void>;
}

export interface Tables {
  readonly orders: string;
  readonly products: string;
  readonly stock: string;
  readonly allocations: string;
  readonly ledger: string;
}

/** The port that `--port` names. */
export function portOf(values: CommandInput['values']): number {
  const given = values['port'];
  if (given === undefined) return DEFAULT_PORT;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 1 && port <= 65_533) return port;
  throw new UsageError(`--port is ${String(given)}, but must be a whole number from 1 to 65533.`);
}

/** A whole number that an option gives, or `otherwise`. */
export function countOf<T>(
  values: CommandInput['values'],
  option: string,
  otherwise: T,
  least = 0,
): number | T {
  const given = values[option];
  if (given === undefined) return otherwise;
  const count = Number(given);
  if (Number.isInteger(count) && count >= least && count <= 10_000_000) return count;
  throw new UsageError(
    `--${option} is ${String(given)}, but must be a whole number from ${least} to 10000000.`,
  );
}

/** The running local cloud at `--port`, or one started for this call. */
export async function openSession(input: CommandInput): Promise<Session> {
  refuseOtherTargets(input.values);
  const port = portOf(input.values);
  const cloud = new CloudClient(`http://127.0.0.1:${port}`);
  if (await becomesReady(cloud, input.signal)) return sessionOf(cloud, false, () => Promise.resolve());
  say(`No local cloud is running on port ${port}; starting one for this call.`);
  const { startCloud } = await import('./start-cloud.ts');
  const started = await startCloud({ port: 0, apiPort: 0, say, signal: input.signal });
  return sessionOf(new CloudClient(started.endpointUrl), true, () => started.stop());
}

/**
 * Waits until the cloud is ready; answers false when none is there.
 * @throws UsageError when it is there, but does not answer, or is not ready within the time.
 */
export async function becomesReady(
  cloud: Pick<CloudClient, 'endpoint' | 'status'>,
  signal: AbortSignal,
  withinMs = READY_WITHIN_MS,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (;;) {
    const status = await cloud.status(signal);
    if (status === undefined) return false;
    if (status.ready) return true;
    if (performance.now() >= until) {
      throw new UsageError(
        `The local cloud at ${cloud.endpoint} (process ${status.pid}) is there, but not ready. See what it printed, end it and start it again: npm start`,
        1,
      );
    }
    await sleep(READY_POLL_MS, undefined, { signal });
  }
}

/**
 * An output of the stack, such as a table's name or a function's.
 * @throws UsageError when the stack has none of that name.
 */
export function outputOf({ status }: { status: Pick<CloudStatus, 'outputs'> }, name: string): string {
  const value = status.outputs[name];
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`The stack has no output ${name}. Synthesize it again: npm run synth.`, 1);
}

/** What every client of the cloud's endpoint is made with; it signs as an operator. */
export function clientConfigOf({ status }: { status: Pick<CloudStatus, 'endpoint' | 'region'> }) {
  return {
    endpoint: status.endpoint,
    region: status.region,
    credentials: { accessKeyId: 'OPERATOR', secretAccessKey: 'local' },
    maxAttempts: 3,
  };
}

/** For commands that know the local cloud only. @throws UsageError for another target. */
export function refuseOtherTargets(values: CommandInput['values']): void {
  const target = values['target'] ?? 'local';
  if (target !== 'local')
    throw new UsageError(`--target is ${String(target)}, but only local is there. Leave it out.`);
}

/** A session with a cloud that answers; `stop` is what ends the cloud with it. */
export async function sessionOf(
  cloud: CloudClient,
  own: boolean,
  stop: () => Promise<void>,
): Promise<Session> {
  const status = await cloud.status();
  if (status === undefined) {
    throw new UsageError(
      `The local cloud at ${cloud.endpoint} does not answer any more. Start it again: npm start`,
      1,
    );
  }
  const documents = documentsAt(status.endpoint, status.region);
  return {
    cloud,
    status,
    tables: tablesOf(status.outputs),
    documents,
    own,
    close: async () => {
      documents.destroy();
      await stop();
    },
  };
}

/** A DynamoDB client for the cloud's endpoint, signing as an operator. */
export function documentsAt(endpoint: string, region: string): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    ...clientConfigOf({ status: { endpoint, region } }),
    requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: 64 } }),
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

function tablesOf(outputs: CloudStatus['outputs']): Tables {
  const named = (output: string) => outputOf({ status: { outputs } }, output);
  return {
    orders: named('orders_table'),
    products: named('products_table'),
    stock: named('stock_table'),
    allocations: named('allocations_table'),
    ledger: named('ledger_table'),
  };
}
