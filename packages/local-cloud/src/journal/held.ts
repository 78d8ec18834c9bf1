import type { Journal } from './journal.ts';
import { TIMED_KINDS, TRIM_SUBJECTS, type TrimSubject } from './trim-rules.ts';
import { trimmedOf, type Trimmed } from './trims.ts';

/** What a journal holds, and what it no longer does. */
export interface HeldJournal {
  /** Bytes on disk: of rows, and of the file, where room may be free. */
  readonly usedBytes: number;
  readonly fileBytes: number;
  /** Rows by kind. */
  readonly rows: Readonly<Record<string, number>>;
  /** Of which something was trimmed. */
  readonly trimmed: Readonly<Partial<Record<TrimSubject, Trimmed>>>;
}

/** Counts without reading the rows: they are numbered on, their newest is never trimmed, and what was trimmed is noted. */
export function heldIn(journal: Journal): HeldJournal {
  const trimmed = Object.fromEntries(
    TRIM_SUBJECTS.map((subject) => [subject, trimmedOf(journal, subject)] as const),
  );
  const gone = (subject: TrimSubject) => trimmed[subject]?.rows ?? 0;
  const last = (kind: string) => Number(journal.get(`SELECT max(rowid) AS last FROM ${kind}`)?.['last'] ?? 0);
  const { used, file } = journal.bytes();
  return {
    usedBytes: used,
    fileBytes: file,
    rows: {
      ...Object.fromEntries(TIMED_KINDS.map((kind) => [kind, last(kind) - gone(kind)])),
      history: last('history') - gone('history') - gone('redrivable'),
      executions: Number(journal.get('SELECT count(*) AS count FROM executions')?.['count']),
    },
    trimmed: Object.fromEntries(Object.entries(trimmed).filter(([, { rows }]) => rows > 0)),
  };
}
