import type { JournalKind } from './rows.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long what only tells what happened can be looked at: as long as a stream's records live. */
export const KEPT_MS = DAY_MS;
/** How long an execution that has ended is known, and its name taken: as Step Functions has it. */
export const EXECUTIONS_KEPT_MS = 90 * DAY_MS;
/** How long the history of an execution that failed is needed: as long as it can be redriven. */
export const REDRIVABLE_MS = 14 * DAY_MS;
/** What happened within this time is never trimmed for its size: whoever waits for something to end still reads it. */
export const YOUNGEST_TRIMMED_MS = 60_000;

/** Kinds whose rows stand in the order of their time, and the column that has it. */
export const TIMES = {
  changes: 'at',
  invocations: 'endedAt',
  deliveries: 'endedAt',
  events: 'at',
  eventDeliveries: 'at',
  refusals: 'at',
  messages: 'at',
} as const satisfies Partial<Record<JournalKind, string>>;

export type TimedKind = keyof typeof TIMES;

export const TIMED_KINDS: readonly TimedKind[] = [
  'changes',
  'invocations',
  'deliveries',
  'events',
  'eventDeliveries',
  'refusals',
  'messages',
];

/**
 * What is trimmed as one: a kind of rows in the order of their time, or the histories of executions by the executions'
 * end: `history` of those that succeeded, `redrivable` of those that did not.
 */
export type TrimSubject = TimedKind | 'executions' | 'history' | 'redrivable';

export const TRIM_SUBJECTS: readonly TrimSubject[] = [...TIMED_KINDS, 'history', 'redrivable', 'executions'];

/** What else is to be known of a stack to trim its journal. */
export interface TrimNeeds {
  /** The longest retention of an archive of events: an archive's events are the journal's. Infinity: for ever. */
  readonly eventsKeptMs: number;
}

/** How old each subject's rows become, in milliseconds of the cloud's clock. */
export function keptMs(subject: TrimSubject, { eventsKeptMs }: TrimNeeds): number {
  if (subject === 'executions') return EXECUTIONS_KEPT_MS;
  if (subject === 'redrivable') return REDRIVABLE_MS;
  if (subject === 'events') return Math.max(KEPT_MS, eventsKeptMs);
  return KEPT_MS;
}

/**
 * What may go before its time because the journal is too large: it is looked at, and nothing else. All else is needed:
 * changes by whoever reads a stream, events and their deliveries by archives and by a bus that goes on after a crash,
 * histories by a redrive, executions because their names are taken.
 */
export const MAY_GO_EARLY: readonly TrimSubject[] = [
  'invocations',
  'deliveries',
  'refusals',
  'messages',
  'history',
];

/** The longest retention among archives, in milliseconds; 0 days stand for ever. None: 0. */
export function longestRetention(archives: readonly { readonly retentionDays: number }[]): number {
  return Math.max(
    0,
    ...archives.map(({ retentionDays }) => (retentionDays === 0 ? Infinity : retentionDays * DAY_MS)),
  );
}
