import { parsed, record } from '../json.ts';
import { itemsOf, subjectsOf, tableIn } from './changed-items.ts';
import type { Deployment } from './deployment.ts';
import { letterId } from './letter-id.ts';
import type { Letter } from './letter.ts';

/** Where Lambda writes what a mapping gave up: `aws/lambda/<mapping>/<shard>/<yyyy>/<mm>/<dd>/<second>-<uuid>`. */
export const GIVEN_UP = 'aws/lambda/';

/** Changes that a mapping gave up, as they are in the bucket. */
export interface GivenUpChange {
  readonly letter: Letter;
  /** The function that is to have them, as it is invoked; undefined where it is none of this deployment. */
  readonly functionName: string | undefined;
  /** The event that it gets. */
  readonly event: unknown;
  readonly items: readonly string[];
  /** Of the first change: positions in a shard. */
  readonly sequence: string;
  /** The object's document, with the event in it parsed. */
  readonly payload: unknown;
}

/**
 * Reads the object that Lambda wrote. One that nobody can read is a letter all the same, and says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function givenUpChange(
  key: string,
  text: string,
  { tables, readers }: Pick<Deployment, 'tables' | 'readers'>,
): GivenUpChange {
  const document = record(parsed(text));
  const { requestContext, responseContext, DDBStreamBatchInfo: batch, timestamp, payload } = document;
  const { functionArn, condition, approximateInvokeCount } = record(requestContext);
  const { streamArn, startSequenceNumber } = record(batch);
  const event = record(typeof payload === 'string' ? parsed(payload) : payload);
  const records = Array.isArray(event['Records']) ? event['Records'] : [];
  const table = tables.get(tableIn(streamArn)) ?? 'an unknown table';
  const functionName = typeof functionArn === 'string' ? functionIn(functionArn) : '';
  const reader = Object.keys(readers).find((app) => readers[app]?.split(':')[0] === functionName);
  const readable = Array.isArray(event['Records']);
  const cause = typeof condition === 'string' ? condition : 'Unreadable';
  const letter: Letter = {
    id: letterId('change', key.slice(GIVEN_UP.length).split('/')),
    kind: 'change',
    source: `${reader ?? (functionName || 'an unknown function')}/${table}`,
    cause,
    message: messageOf(records.length, table, cause, approximateInvokeCount, responseContext),
    at: typeof timestamp === 'string' ? timestamp : timeIn(key),
    records: records.length,
    subjects: subjectsOf(table, records),
    redrivable: problemOf(readable, reader, functionName, key),
  };
  return {
    letter,
    functionName: reader === undefined ? undefined : readers[reader],
    event: replayed(event),
    items: itemsOf(records),
    sequence: typeof startSequenceNumber === 'string' ? startSequenceNumber : '',
    payload: readable ? { ...document, payload: event } : text,
  };
}

/**
 * What was given up in the middle of a tumbling window is counted as a window of its own: the window's other records
 * were counted when it ended. A window's end that was given up goes again with the state it had.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
function replayed(event: Readonly<Record<string, unknown>>): unknown {
  if (!('window' in event)) return event;
  const { isFinalInvokeForWindow: final, isWindowTerminatedEarly: early } = event;
  return final === true || early === true ? event : { ...event, state: {}, isFinalInvokeForWindow: true };
}

function messageOf(count: number, table: string, cause: string, invocations: unknown, response: unknown) {
  const many = `${count} ${count === 1 ? 'change' : 'changes'} of ${table}`;
  const tried = typeof invocations === 'number' ? ` after ${invocations} invocations` : '';
  const { functionError } = record(response);
  const last =
    typeof functionError === 'string'
      ? `; the last one failed (${functionError})`
      : response === undefined
        ? ''
        : '; they were reported as not handled';
  return `${many} given up${tried}: ${cause}${last}.`;
}

function problemOf(readable: boolean, reader: string | undefined, functionName: string, key: string) {
  if (!readable) return `It holds no batch of changes. Look at the object ${key}, then discard it.`;
  if (reader !== undefined) return true;
  return `No stream reader of this deployment is called ${functionName || 'as it says'}. Discard it, or deploy that function again.`;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>`, perhaps with an alias or a version behind it. */
function functionIn(arn: string): string {
  return arn.split(':')[6] ?? '';
}

/** The second in the object's name. */
function timeIn(key: string): string {
  const [, day = '1970-01-01', time = '00.00.00'] =
    /\/(\d{4}-\d\d-\d\d)T(\d\d\.\d\d\.\d\d)-[^/]*$/.exec(key) ?? [];
  return `${day}T${time.replaceAll('.', ':')}.000Z`;
}
