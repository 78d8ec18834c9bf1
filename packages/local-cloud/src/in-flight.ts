/**
 * Counts what is under way anywhere in the cloud: undelivered changes, invocations, executions, events on their way.
 * {@link settled} is what `cloud.settled()` and the end of a replay wait for.
 *
 * The rule that makes it sound: whoever hands work on opens the next entry before closing its own.
 */
export class InFlight {
  readonly #counts = new Map<string, number>();
  #total = 0;
  #waiting: (() => void)[] = [];

  /** Opens an entry under a name a person can read (`execution`, `change`); call the answer once when it is done. */
  enter(what: string): () => void {
    this.#add(what, 1);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#add(what, -1);
    };
  }

  /** Resolves when nothing is in flight, and still nothing a turn of the event loop later. */
  async settled(): Promise<void> {
    do {
      if (this.#total > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#total > 0);
  }

  /** What is in flight now, by name. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }

  #add(what: string, by: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
    this.#total += by;
    if (this.#total > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
