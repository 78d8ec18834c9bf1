import * as z from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { EventContent } from './event.ts';
import { isNestedDeeper, NESTING_LIMIT } from './nesting.ts';
import { parseEvent } from './pattern.ts';
import { parseJson } from './request.ts';

/** Bytes that the entries of one call must stay under. */
const TOTAL_SIZE_LIMIT = 1_048_576;
const ENTRIES_LIMIT = 10;
/** Epoch seconds of the last moment a Date can hold. */
const LAST_TIME = 8.64e12;
/** What an entry's time counts for, however it is written. */
const TIME_SIZE = 14;
/** How the sources of AWS's own events begin; nobody else may use them. */
const RESERVED_SOURCE = 'aws.';

const entry = z.object({
  Source: z.string().nullish(),
  DetailType: z.string().nullish(),
  Detail: z.string().nullish(),
  Resources: z.array(z.string()).nullish(),
  /** Epoch seconds. */
  Time: z.number().min(-LAST_TIME).max(LAST_TIME).nullish(),
  EventBusName: z.string().nullish(),
  TraceHeader: z.string().nullish(),
});
const call = z.object({ Entries: z.array(entry) });

export type PutEventsEntry = z.infer<typeof entry>;

/** Why an entry is not accepted; the call itself succeeds. */
export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * Reads the entries of a PutEvents call.
 * @throws AwsError `ValidationException` for a call that fails as a whole.
 */
export function readEntries({ body }: Pick<ServiceRequest, 'body'>): readonly PutEventsEntry[] {
  const { success, data, error } = call.safeParse(parseJson(body.toString()));
  if (!success) throw new AwsError('SerializationException', z.prettifyError(error));
  const entries = data.Entries;
  if (entries.length === 0) throw invalidLength('greater than or equal to 1', entries.length);
  if (entries.length > ENTRIES_LIMIT) {
    throw invalidLength(`less than or equal to ${ENTRIES_LIMIT}`, entries.length);
  }
  // Within the body each entry takes more room than it counts for.
  if (
    body.length >= TOTAL_SIZE_LIMIT &&
    entries.reduce((sum, one) => sum + size(one), 0) >= TOTAL_SIZE_LIMIT
  ) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries;
}

/**
 * Checks one entry.
 * @param now epoch milliseconds, the event's time where the entry names none.
 * @param trace the call's own trace header.
 */
export function checkEntry(entry: PutEventsEntry, now: number, trace?: string): EventContent | EntryError {
  if (!entry.Source) return missing('Source');
  if (!entry.DetailType) return missing('DetailType');
  if (!entry.Detail) return missing('Detail');
  if (entry.Source.startsWith(RESERVED_SOURCE)) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  const parsedDetail = parseDetail(entry.Detail);
  if (parsedDetail === undefined)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    source: entry.Source,
    detailType: entry.DetailType,
    detail: entry.Detail,
    parsedDetail,
    resources: entry.Resources ?? [],
    time: typeof entry.Time === 'number' ? entry.Time * 1000 : now,
    trace: entry.TraceHeader ?? trace,
  };
}

/** The detail's value, or undefined where it is no JSON object or nested too deeply. */
function parseDetail(detail: string): object | undefined {
  try {
    const value = parseEvent(detail);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return isNestedDeeper(NESTING_LIMIT, detail, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function size({ Source, DetailType, Detail, Resources, Time }: PutEventsEntry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return typeof Time === 'number' ? bytes + TIME_SIZE : bytes;
}

function missing(parameter: string): EntryError {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
  };
}

function invalidLength(constraint: string, length: number): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '[${length} entries]' at 'entries' failed to satisfy constraint: ` +
      `Member must have length ${constraint}`,
  );
}
