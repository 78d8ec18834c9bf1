/** Open entries that only wait for more to come, and what makes them go on. */
interface Gathering {
  readonly entries: number;
  readonly hurry: () => void;
}

/**
 * Counts what is under way anywhere in the cloud: undelivered changes, invocations, executions, events on their way.
 * {@link settled} is what `cloud.settled()` and the end of a replay wait for.
 *
 * The rule that makes it sound: whoever hands work on opens the next entry before closing its own.
 */
export class InFlight {
  readonly #counts = new Map<string, number>();
  #total = 0;
  readonly #gatherings = new Set<Gathering>();
  /** How many of the open entries gather. */
  #gathering = 0;
  #waiting: (() => void)[] = [];
  #hurriesSoon = false;

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

  /**
   * Says that so many of the caller's open entries only wait for more to come: a batching window. Such a window is a
   * maximum, so while somebody waits for all to settle and nothing but such entries is in flight, `hurry` is called and
   * is to end the wait; as long as anything else runs, which may yet add to the batch, no window is cut short.
   *
   * @returns what to call when the wait has ended, however it did.
   */
  gather(entries: number, hurry: () => void): () => void {
    const gathering = { entries, hurry };
    this.#gatherings.add(gathering);
    this.#gathering += entries;
    this.#hurrySoon();
    return () => {
      if (this.#gatherings.delete(gathering)) this.#gathering -= entries;
    };
  }

  /** Resolves when nothing is in flight, and still nothing a turn of the event loop later. */
  async settled(): Promise<void> {
    do {
      if (this.#total > 0) {
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
          this.#hurrySoon();
        });
      }
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
    if (this.#total > 0) return this.#hurrySoon();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Whether somebody waits for what only waits itself. */
  #isStandingStill(): boolean {
    return this.#waiting.length > 0 && this.#total > 0 && this.#gathering >= this.#total;
  }

  /** A turn of the event loop later, so that what this very turn sets off still joins the batch. */
  #hurrySoon(): void {
    if (this.#hurriesSoon || !this.#isStandingStill()) return;
    this.#hurriesSoon = true;
    setImmediate(() => {
      this.#hurriesSoon = false;
      if (!this.#isStandingStill()) return;
      for (const { hurry } of [...this.#gatherings]) hurry();
    });
  }
}
