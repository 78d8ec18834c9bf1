/**
 * Locks on items, so that one write at a time is between its image before and its record in the stream. Waiting is
 * first come, first served; several locks are always taken in the same order, so nobody waits for each other in a ring.
 */
export class ItemLocks {
  /** Who waits, for each item whose lock is taken. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Takes the locks of all `items`, repeats allowed; the answer releases them. */
  async acquire(items: readonly string[]): Promise<() => void> {
    const ordered = [...new Set(items)].sort();
    for (const item of ordered) await this.#take(item);
    return () => {
      for (const item of ordered) this.#release(item);
    };
  }

  #take(item: string): Promise<void> | undefined {
    const queue = this.#waiting.get(item);
    if (queue) return new Promise((resolve) => queue.push(resolve));
    this.#waiting.set(item, []);
    return undefined;
  }

  #release(item: string): void {
    const next = this.#waiting.get(item)?.shift();
    if (next) next();
    else this.#waiting.delete(item);
  }
}
