/**
 * What may be under way, as a person reads it. An `asyncInvocation` was accepted and may wait for its next try; an
 * `invocation` runs. A `change` waits for a reader of its stream, a `write` for the tables.
 */
export type Flight =
  | 'write'
  | 'change'
  | 'expiry'
  | 'execution'
  | 'invocation'
  | 'asyncInvocation'
  | 'request'
  | 'event'
  | 'replay'
  | 'message'
  | 'duplicate'
  | 'mail';

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
  readonly #counts = new Map<Flight, number>();
  #total = 0;
  readonly #gatherings = new Set<Gathering>();
  /** How many of the open entries gather. */
  #gathering = 0;
  #waiting: (() => void)[] = [];
  #hurriesSoon = false;

  /** Opens an entry; call the answer once when it is done. */
  enter(what: Flight): () => void {
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

  /**
   * Resolves when nothing is in flight, and still nothing a turn of the event loop later.
   *
   * @param signal ends the wait: whoever does not wait any more hurries nobody. @returns whether all has settled.
   */
  async settled(signal?: AbortSignal): Promise<boolean> {
    do {
      if (signal?.aborted) return false;
      if (this.#total > 0) await this.#noneLeft(signal);
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#total > 0);
    return true;
  }

  /** What is in flight now, by name. */
  counts(): Partial<Record<Flight, number>> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }

  /** Resolves when nothing is in flight, or the signal ends the wait. */
  #noneLeft(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const waiter = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        resolve();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
      this.#hurrySoon();
    });
  }

  #add(what: Flight, by: number): void {
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
