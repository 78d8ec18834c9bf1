import type { JournalKind, JournalRows } from './rows.ts';

/** The journal's write side: what every part of the cloud is given. Never blocks; rows are written in batches. */
export interface JournalWriter {
  append<K extends JournalKind>(kind: K, row: JournalRows[K]): void;
}
