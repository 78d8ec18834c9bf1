import type { Change } from './change.ts';

/** How much of a stream is kept in memory: what readers that are not far behind ask for. */
const LONGEST = 4_000;
/** Characters of JSON text. */
const LARGEST = 8 * 1024 * 1024;

/** The newest changes of a stream, without gaps. */
export class RecentChanges {
  #changes: Change[] = [];
  /** How many at the front are dropped but not yet cut off. */
  #dropped = 0;
  #characters = 0;

  push(change: Change): void {
    this.#changes.push(change);
    this.#characters += change.json.length;
    while (this.#changes.length - this.#dropped > LONGEST || this.#characters > LARGEST) {
      this.#characters -= this.#changes[this.#dropped]?.json.length ?? 0;
      this.#dropped += 1;
    }
    if (this.#dropped > this.#changes.length / 2) {
      this.#changes = this.#changes.slice(this.#dropped);
      this.#dropped = 0;
    }
  }

  /** Up to `limit` changes after `position`; undefined when the first of them is no longer here. */
  after(position: number, limit: number): Change[] | undefined {
    const oldest = this.#changes[this.#dropped];
    if (!oldest || oldest.position > position + 1) return undefined;
    const from = this.#dropped + position + 1 - oldest.position;
    return this.#changes.slice(from, from + limit);
  }
}
