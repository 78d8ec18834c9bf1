import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';

/** How long a change can be read: 24 hours, in milliseconds. */
const LIFETIME = 24 * 60 * 60 * 1000;
/** Milliseconds of the clock between two looks for changes that have left, where they leave one after the other. */
const LOOK_EVERY = 60_000;
/** What has left is deleted in portions of so many changes, with so many milliseconds between them: a write may wait for one. */
const PORTION = 1_000;
const PORTION_EVERY = 50;

/**
 * What has left a stream because it is older than 24 hours: it can't be read any more, and is deleted from the journal.
 * Only the newest change stays there, whatever its age: positions go on after it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export class Lifetime {
  readonly #stream: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #journal: Journal;
  #horizon = 0;
  /** Position up to which everything is deleted; undefined until it is asked for. */
  #deleted: number | undefined;
  /** When the change after the horizon leaves. */
  #leavesAt = 0;
  /** When there is something to do again: until then, nothing is asked. */
  #nextAt = 0;

  constructor(stream: string, clock: Pick<Clock, 'now'>, journal: Journal) {
    this.#stream = stream;
    this.#clock = clock;
    this.#journal = journal;
  }

  /**
   * Position before the oldest change that can be read. Deletes a portion of what can't.
   *
   * @param head position of the newest change that readers see. @param last of the newest one there is.
   */
  horizon(head: number, last: number): number {
    const now = this.#clock.now();
    if (now < this.#nextAt) return this.#horizon;
    if (now >= this.#leavesAt) this.#look(now, head);
    const isAllDeleted = this.#deletePortion(last);
    this.#nextAt = isAllDeleted ? this.#leavesAt : Math.min(this.#leavesAt, now + PORTION_EVERY);
    return this.#horizon;
  }

  /** Says that a change was appended. @param at epoch milliseconds. */
  appended(at: number): void {
    if (this.#leavesAt !== Infinity) return;
    this.#leavesAt = at + LIFETIME;
    this.#nextAt = Math.min(this.#nextAt, this.#leavesAt);
  }

  #look(now: number, head: number): void {
    const oldest = this.#journal.get(
      'SELECT position, at FROM changes WHERE stream = ? AND position > ? AND at > ? ORDER BY position LIMIT 1',
      this.#stream,
      this.#horizon,
      now - LIFETIME,
    );
    this.#horizon = oldest ? Number(oldest['position']) - 1 : head;
    this.#leavesAt = oldest ? Math.max(Number(oldest['at']) + LIFETIME, now + LOOK_EVERY) : Infinity;
  }

  /** @returns whether nothing is left to be deleted. */
  #deletePortion(last: number): boolean {
    this.#deleted ??= this.#firstPosition() - 1;
    const end = Math.min(this.#horizon, last - 1);
    if (this.#deleted >= end) return true;
    const to = Math.min(end, this.#deleted + PORTION);
    const between = 'DELETE FROM changes WHERE stream = ? AND position > ? AND position <= ?';
    this.#journal.all(between, this.#stream, this.#deleted, to);
    this.#deleted = to;
    return to === end;
  }

  #firstPosition(): number {
    const first = this.#journal.get(
      'SELECT min(position) AS position FROM changes WHERE stream = ?',
      this.#stream,
    );
    return Number(first?.['position'] ?? 1);
  }
}
