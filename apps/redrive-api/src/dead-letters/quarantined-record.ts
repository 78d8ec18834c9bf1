import type { StoredObject } from '@orderstream/lambda-kit';
import { parsed, record } from '../json.ts';
import { itemsOf, subjectsOf } from './changed-items.ts';
import { DISPATCHER, type Deployment } from './deployment.ts';
import { letterId } from './letter-id.ts';
import type { Letter } from './letter.ts';

/** Where the dispatcher keeps what it can't read: `quarantine/<table>/<day>/<number>-<event id>.json`. */
export const QUARANTINE = 'quarantine/';

/** Characters of a reason that are shown. */
const LONGEST_REASON = 300;

/** A record that the dispatcher could not read, as it is in the bucket. */
export interface QuarantinedRecord {
  readonly letter: Letter;
  readonly reason: string;
  readonly record: unknown;
  /** All that the object holds: after a correction also the record as it came, by whom it was corrected, and when. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Of the object as it was read. */
  readonly eTag: string;
  readonly items: readonly string[];
}

/** Reads the object that the dispatcher wrote. @param lastModified ISO 8601. */
export function quarantinedRecord(
  key: string,
  { text, lastModified, eTag }: StoredObject,
  { tables }: Pick<Deployment, 'tables'>,
): QuarantinedRecord {
  const document = record(parsed(text));
  const { reason: written, record: kept } = document;
  const reason = typeof written === 'string' ? written : 'No reason was written.';
  const path = key.slice(QUARANTINE.length).split('/');
  const table = tables.get(path[0] ?? '') ?? 'an unknown table';
  const { ApproximateCreationDateTime: at } = record(record(kept)['dynamodb']);
  const letter: Letter = {
    id: letterId('quarantine', path),
    kind: 'quarantine',
    source: `${DISPATCHER}/${table}`,
    cause: /^\w+(?=:)/.exec(reason)?.[0] ?? 'Unreadable',
    message: reason.replace(/^\w+: /, '').slice(0, LONGEST_REASON),
    at: timeOf(at) ?? lastModified,
    records: 1,
    subjects: subjectsOf(table, [kept]),
    redrivable: kept === undefined ? `It holds no record. Look at the object ${key}, then discard it.` : true,
  };
  return {
    letter,
    reason,
    record: kept,
    document,
    eTag,
    items: itemsOf([kept]),
  };
}

/** Epoch seconds as ISO 8601; undefined for what is no time, or one that no date can hold: anything may be in there. */
function timeOf(seconds: unknown): string | undefined {
  const date = new Date(typeof seconds === 'number' ? seconds * 1_000 : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
