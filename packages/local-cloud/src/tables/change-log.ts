import { createHash } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { Table } from '../stack/model.ts';
import type { Change, ChangeStream, StreamRecord, StreamViewType } from './change.ts';
import { itemKey } from './item-key.ts';
import { Lifetime } from './lifetime.ts';
import { RecentChanges } from './recent-changes.ts';
import { streamRecord } from './stream-record.ts';
import type { ItemChange } from './stream-record.ts';

export interface ChangeLogParts {
  readonly table: Table;
  readonly stream: NonNullable<Table['stream']>;
  readonly region: string;
  readonly clock: Clock;
  readonly journal: Journal;
}

/**
 * The stream of one table: its newest changes in memory, those of 24 hours in the journal, from which it also goes on
 * after a restart. Where the journal is kept, readers see a change only once it outlives the process: what somebody has
 * read at a position is there for ever, and no other change ever has its position or its event id.
 */
export class ChangeLog implements ChangeStream {
  readonly arn: string;
  readonly viewType: StreamViewType;
  readonly shardId: string;
  readonly table: Table;
  readonly #region: string;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #recent = new RecentChanges();
  readonly #lifetime: Lifetime;
  readonly #listeners = new Set<() => void>();
  /** Position of the newest change that readers see … */
  #head: number;
  /** … and of the newest one there is. */
  #last: number;
  #shown: Promise<void> | undefined;

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
    this.#last = this.#head;
    this.#lifetime = new Lifetime(this.arn, clock, journal);
  }

  get head(): number {
    return this.#head;
  }

  get horizon(): number {
    return this.#lifetime.horizon(this.#head, this.#last);
  }

  /** Resolves when readers see all that was appended; undefined where they do already. */
  get shown(): Promise<void> | undefined {
    return this.#shown;
  }

  /** Puts a change at the end of the stream; readers see it, and listeners hear of it, at once or as {@link shown} tells. */
  append(happened: ItemChange): Change {
    const at = this.#clock.now();
    const position = this.#last + 1;
    const { arn: streamArn, viewType } = this;
    const record = streamRecord(happened, { streamArn, viewType, region: this.#region, position, at });
    const item = itemKey(this.table, happened.key);
    const change = { position, itemKey: item, record, json: JSON.stringify(record) };
    this.#last = position;
    this.#recent.push(change);
    this.#journal.append('changes', {
      stream: this.arn,
      position,
      item,
      name: record.eventName,
      at,
      record: change.json,
    });
    this.#lifetime.appended(at);
    if (this.#journal.isKept) this.#shown = this.#shownOnceKept(position);
    else this.#show(position);
    return change;
  }

  /** Deletes from the journal what has left the stream, as reading does: for a stream that nobody reads. */
  dropOld(): void {
    this.#lifetime.horizon(this.#head, this.#last);
  }

  read(position: number, limit: number): Change[] {
    const from = Math.max(position, this.horizon);
    const most = Math.min(limit, this.#head - from);
    if (most <= 0) return [];
    return this.#recent.after(from, most) ?? this.#readJournal(from, most);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #shownOnceKept(position: number): Promise<void> {
    const shown = this.#journal.durable().then(() => this.#show(position));
    // A journal that fails tells so itself; not every change has someone who waits for it.
    shown.catch(() => undefined);
    return shown;
  }

  #show(position: number): void {
    this.#head = position;
    if (position === this.#last) this.#shown = undefined;
    for (const listener of this.#listeners) listener();
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
