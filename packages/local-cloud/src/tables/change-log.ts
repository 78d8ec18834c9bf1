import { createHash } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { Table } from '../stack/model.ts';
import type { Change, ChangeStream, StreamRecord, StreamViewType } from './change.ts';
import { itemKey } from './item-key.ts';
import { RecentChanges } from './recent-changes.ts';
import { streamRecord } from './stream-record.ts';
import type { ItemChange } from './stream-record.ts';

/** How long a change can be read: 24 hours, in milliseconds. */
const LIFETIME = 24 * 60 * 60 * 1000;

export interface ChangeLogParts {
  readonly table: Table;
  readonly stream: NonNullable<Table['stream']>;
  readonly region: string;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** The stream of one table: its newest changes in memory, all of them in the journal, from which it also goes on after a restart. */
export class ChangeLog implements ChangeStream {
  readonly arn: string;
  readonly viewType: StreamViewType;
  readonly shardId: string;
  readonly table: Table;
  readonly #region: string;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #recent = new RecentChanges();
  readonly #listeners = new Set<() => void>();
  #head: number;
  #horizon = 0;
  /** When the change after the horizon leaves; undefined: there is none. */
  #nextLeavesAt: number | undefined = 0;

  constructor({ table, stream, region, clock, journal }: ChangeLogParts) {
    this.table = table;
    this.arn = stream.arn;
    this.viewType = stream.viewType;
    this.shardId = `shardId-${'1'.padStart(20, '0')}-${createHash('sha256').update(stream.arn).digest('hex').slice(0, 8)}`;
    this.#region = region;
    this.#clock = clock;
    this.#journal = journal;
    const newest = journal.get('SELECT max(position) AS position FROM changes WHERE stream = ?', this.arn);
    this.#head = Number(newest?.['position'] ?? 0);
  }

  get head(): number {
    return this.#head;
  }

  get horizon(): number {
    const now = this.#clock.now();
    if (this.#nextLeavesAt === undefined || now < this.#nextLeavesAt) return this.#horizon;
    const oldest = this.#journal.rows(
      'changes',
      'WHERE stream = ? AND position > ? AND at > ? ORDER BY position LIMIT 1',
      this.arn,
      this.#horizon,
      now - LIFETIME,
    )[0];
    this.#horizon = oldest ? oldest.position - 1 : this.#head;
    this.#nextLeavesAt = oldest && oldest.at + LIFETIME;
    return this.#horizon;
  }

  /** Puts a change at the end of the stream and tells the listeners before it returns. */
  append(happened: ItemChange): Change {
    const at = this.#clock.now();
    const position = this.#head + 1;
    const { arn: streamArn, viewType } = this;
    const record = streamRecord(happened, { streamArn, viewType, region: this.#region, position, at });
    const item = itemKey(this.table, happened.key);
    const change = { position, itemKey: item, record, json: JSON.stringify(record) };
    this.#head = position;
    this.#nextLeavesAt ??= at + LIFETIME;
    this.#recent.push(change);
    this.#journal.append('changes', {
      stream: this.arn,
      position,
      item,
      name: record.eventName,
      at,
      record: change.json,
    });
    for (const listener of this.#listeners) listener();
    return change;
  }

  read(position: number, limit: number): Change[] {
    const from = Math.max(position, this.horizon);
    if (from >= this.#head) return [];
    return this.#recent.after(from, limit) ?? this.#readJournal(from, limit);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #readJournal(position: number, limit: number): Change[] {
    return this.#journal
      .rows(
        'changes',
        'WHERE stream = ? AND position > ? ORDER BY position LIMIT ?',
        this.arn,
        position,
        limit,
      )
      .map(changeOf);
  }
}

function changeOf(row: JournalRows['changes']): Change {
  const record: StreamRecord = JSON.parse(row.record);
  return { position: row.position, itemKey: row.item, record, json: row.record };
}
