import { requiredEnvironment } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

/** Where dead letters wait in this deployment, and what they go back to. */
export interface Deployment {
  /** The bucket of given up changes and quarantined records. */
  readonly bucket: string;
  /** URL of the queue that tells of its objects. */
  readonly notices: string;
  readonly workflowArn: string;
  /** What each physical table is called. */
  readonly tables: ReadonlyMap<string, string>;
  /** The functions that read streams, by their apps' names: each as it is invoked, with its alias (`shop-x:live`). */
  readonly readers: Readonly<Record<string, string>>;
  /** What events are brought to, by their apps' names: the consumers, and sweep-orders by its schedule. */
  readonly consumers: Readonly<Record<string, EventConsumer>>;
}

/** Something that events are brought to. */
export interface EventConsumer {
  /** The function as it is invoked: its name with its alias. */
  readonly function: string;
  /** URL of its dead letters' queue. */
  readonly deadLetters: string;
  /** How an event reaches the function: in a batch out of its queue, or as it is. */
  readonly delivery: 'queued' | 'direct';
}

const readersSchema = z.record(z.string(), z.string());
const consumersSchema = z.record(
  z.string(),
  z.object({ function: z.string(), deadLetters: z.string(), delivery: z.enum(['queued', 'direct']) }),
);

/** The deployment as the function's environment tells it. @throws Error naming the variable that is wrong. */
export function deployment(): Deployment {
  const tables = ['orders', 'products', 'stock', 'activity'].map(
    (table) => [requiredEnvironment(`${table.toUpperCase()}_TABLE`), table] as const,
  );
  return {
    bucket: requiredEnvironment('DEAD_LETTER_BUCKET'),
    notices: requiredEnvironment('DEAD_LETTER_NOTICES'),
    workflowArn: requiredEnvironment('WORKFLOW_ARN'),
    tables: new Map(tables),
    readers: jsonVariable('STREAM_READERS', readersSchema),
    consumers: jsonVariable('CONSUMERS', consumersSchema),
  };
}

/** The value of a variable that holds JSON. @throws Error naming it. */
export function jsonVariable<Schema extends z.ZodMiniType>(name: string, schema: Schema): z.infer<Schema> {
  const { success, data } = schema.safeParse(JSON.parse(requiredEnvironment(name)));
  if (success) return data;
  throw new Error(`The environment variable ${name} is not as expected. Deploy the stack again.`);
}

/** All that dead letters can go back to. */
export function sourcesOf({ readers, consumers, tables }: Deployment): string[] {
  const streams = Object.keys(readers).flatMap((reader) =>
    [...tables.values()].filter((table) => reads(reader, table)).map((table) => `${reader}/${table}`),
  );
  return [...streams, ...Object.keys(consumers), WORKFLOW];
}

/** Activity is read by track-activity and by nobody else, and it reads nothing else. */
function reads(reader: string, table: string): boolean {
  return (reader === 'track-activity') === (table === 'activity');
}

/** The app that quarantines records. */
export const DISPATCHER = 'stream-dispatcher';

/** What an execution belongs to. */
export const WORKFLOW = 'order-workflow';
