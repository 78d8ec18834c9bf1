import type { Journal } from './journal.ts';
import { TIMED_KINDS, TIMES, type TimedKind, type TrimSubject } from './trim-rules.ts';

/** Rows, or ended executions, that one portion looks at: a portion holds the event loop up for some milliseconds. */
const PORTION = 200;
const EXECUTIONS_AT_ONCE = 10;

/** What was trimmed of a subject. */
export interface Trimmed {
  /** Epoch milliseconds of the cloud's clock: of what is older, rows are missing. 0: of nothing. */
  readonly until: number;
  readonly rows: number;
}

/** What the journal says of what it no longer has. */
export function trimmedOf(journal: Pick<Journal, 'get'>, subject: TrimSubject): Trimmed {
  const row = journal.get('SELECT until, rows FROM trims WHERE subject = ?', subject);
  return { until: Number(row?.['until'] ?? 0), rows: Number(row?.['rows'] ?? 0) };
}

/** When the oldest row that would be trimmed next happened; undefined: there is none. */
export function oldestOf(journal: Journal, subject: TrimSubject): number | undefined {
  const row = isTimed(subject)
    ? journal.get(`SELECT ${TIMES[subject]} AS at FROM ${subject} ORDER BY rowid LIMIT 1`)
    : journal.get(
        'SELECT endedAt AS at FROM executions WHERE endedAt > ? ORDER BY endedAt LIMIT 1',
        trimmedOf(journal, subject).until,
      );
  return row && Number(row['at']);
}

/**
 * Removes one portion of a subject's rows that are older than `before`, oldest first, and notes it.
 * @returns whether there may be more.
 */
export function trimPortion(journal: Journal, subject: TrimSubject, before: number): boolean {
  if (isTimed(subject)) return trimTimed(journal, subject, before);
  if (subject === 'executions') return trimExecutions(journal, before);
  return trimHistories(journal, subject, before);
}

/** The newest row stays, and of each stream the newest change: from there its numbers go on. */
function trimTimed(journal: Journal, kind: TimedKind, before: number): boolean {
  const stays =
    kind === 'changes'
      ? 'AND position < (SELECT max(position) FROM changes AS c WHERE c.stream = changes.stream)'
      : '';
  return removed(
    journal,
    kind,
    `DELETE FROM ${kind} WHERE rowid IN (SELECT rowid FROM ${kind} WHERE rowid < (SELECT max(rowid) FROM ${kind}) ORDER BY rowid LIMIT ${PORTION})
     AND ${TIMES[kind]} < ? ${stays} RETURNING ${TIMES[kind]} AS at`,
    before,
  );
}

function trimExecutions(journal: Journal, before: number): boolean {
  return removed(
    journal,
    'executions',
    `DELETE FROM executions WHERE rowid IN (SELECT rowid FROM executions WHERE endedAt < ? ORDER BY endedAt LIMIT ${PORTION})
     RETURNING endedAt AS at`,
    before,
  );
}

function removed(journal: Journal, subject: TrimSubject, sql: string, before: number): boolean {
  return journal.transaction(() => {
    const times = journal.all(sql, before).map((row) => Number(row['at']));
    if (times.length > 0) note(journal, subject, Math.max(...times), times.length);
    return times.length > 0;
  });
}

/**
 * By the executions' end: their histories mingle in the file. The one that the newest row belongs to waits, so that the
 * numbers of the rows go on from there.
 */
function trimHistories(journal: Journal, subject: 'history' | 'redrivable', before: number): boolean {
  return journal.transaction(() => {
    const { until } = trimmedOf(journal, subject);
    const newest = String(
      journal.get('SELECT execution FROM history ORDER BY rowid DESC LIMIT 1')?.['execution'],
    );
    const ends = journal.all(
      `SELECT endedAt FROM executions WHERE endedAt > ? AND endedAt < ? AND arn <> ? ORDER BY endedAt LIMIT ${EXECUTIONS_AT_ONCE}`,
      until,
      before,
      newest,
    );
    const last = ends.at(-1)?.['endedAt'];
    if (last === undefined || last === null) return false;
    journal.all(
      `DELETE FROM history WHERE execution IN
       (SELECT arn FROM executions WHERE endedAt > ? AND endedAt <= ? AND arn <> ? AND (status = 'SUCCEEDED') = ?)`,
      until,
      last,
      newest,
      subject === 'history' ? 1 : 0,
    );
    note(journal, subject, Number(last), Number(journal.get('SELECT changes() AS rows')?.['rows']));
    return true;
  });
}

function note(journal: Journal, subject: TrimSubject, until: number, rows: number): void {
  journal.all(
    `INSERT INTO trims (subject, until, rows) VALUES (?, ?, ?)
     ON CONFLICT (subject) DO UPDATE SET until = max(until, excluded.until), rows = rows + excluded.rows`,
    subject,
    until,
    rows,
  );
}

function isTimed(subject: TrimSubject): subject is TimedKind {
  return (TIMED_KINDS as readonly string[]).includes(subject);
}
