import type { DynamoDBRecord } from 'aws-lambda';
import { countedRecord, type Counted } from './activity-record.ts';

/** Counts by `<minute> <what is counted>`; a key begins with the minute, so none is a name that objects have already. */
type Counts = Readonly<Record<string, number>>;

/**
 * What was counted of a window, as Lambda hands it from one batch to the next: plain JSON, which may have 1 MB. When it
 * grows beyond, Lambda ends the window early, and the rest is counted as a window of its own.
 */
export interface WindowState {
  /** Sequence number of the first record: with the window's start, it names what is counted here. */
  readonly first: string;
  /** Sequence number of the last record: this one and those before are counted. */
  readonly last: string;
  /** By `<minute> <number of the minute's row>`. */
  readonly minutes: Counts;
  /** By `<minute> <sku>`. */
  readonly views: Counts;
  /** By `<minute> <text>`. */
  readonly nothingFound: Counts;
}

export interface Folded {
  /** Undefined as long as no record came. */
  readonly state: WindowState | undefined;
  readonly counted: number;
  /** Ids of the records that nobody can read. */
  readonly unreadable: readonly string[];
}

/** The state that Lambda brings back; undefined at the window's beginning, where it sends `{}`. */
export function windowState(state: unknown): WindowState | undefined {
  return isWindowState(state) ? state : undefined;
}

/** Only this function makes states, so the parts are looked for and not what is in them. */
function isWindowState(state: unknown): state is WindowState {
  return (
    typeof state === 'object' &&
    state !== null &&
    ['first', 'last', 'minutes', 'views', 'nothingFound'].every((part) => part in state)
  );
}

/**
 * Adds records to a window's counts. A shard's records come in the order of their sequence numbers, so those up to the
 * last one counted are here for the second time, and add nothing.
 */
export function fold(before: WindowState | undefined, records: readonly DynamoDBRecord[]): Folded {
  let [first, last] = [before?.first, before?.last];
  const minutes = { ...before?.minutes };
  const views = { ...before?.views };
  const nothingFound = { ...before?.nothingFound };
  const unreadable: string[] = [];
  let counted = 0;
  for (const record of records) {
    const { sequence, content } = look(record);
    if (sequence !== undefined && last !== undefined && BigInt(sequence) <= BigInt(last)) continue;
    first ??= sequence;
    last = sequence ?? last;
    if (content === 'nothing') continue;
    if (content === 'unreadable') {
      unreadable.push(record.eventID ?? 'without id');
      continue;
    }
    const { minute, count, sku, nothingFound: text } = content;
    counted += 1;
    addOne(minutes, `${minute} ${count}`);
    if (sku !== undefined) addOne(views, `${minute} ${sku}`);
    if (text !== undefined) {
      addOne(minutes, `${minute} emptySearches`);
      if (text !== '') addOne(nothingFound, `${minute} ${text}`);
    }
  }
  if (first === undefined || last === undefined) return { state: before, counted, unreadable };
  return { state: { first, last, minutes, views, nothingFound }, counted, unreadable };
}

/** A record without a number could be counted twice: nobody can read it. */
function look(record: DynamoDBRecord): {
  readonly sequence: string | undefined;
  readonly content: Counted | 'nothing' | 'unreadable';
} {
  const sequence = record.dynamodb?.SequenceNumber;
  if (sequence === undefined || !/^\d+$/.test(sequence))
    return { sequence: undefined, content: 'unreadable' };
  return { sequence, content: countedRecord(record) };
}

function addOne(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
