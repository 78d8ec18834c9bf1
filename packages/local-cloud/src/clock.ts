/** A handle of {@link Clock.setTimeout}, to be given back to {@link Clock.clearTimeout}. */
export interface ClockTimer {
  readonly dueAt: number;
}

/**
 * The cloud's time. Everything in the local cloud that waits or stamps asks this clock and never the system, so
 * that a test (or `orders clock advance`) can move an hour in a millisecond.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once the clock has passed `now() + delayMs`, also when it got there by {@link advance}. */
  setTimeout(callback: () => void, delayMs: number): ClockTimer;
  clearTimeout(timer: ClockTimer | undefined): void;
  /** Resolves after `delayMs` of this clock; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Moves the clock forward by `ms`: timers that become due fire in order of their due time. */
  advance(ms: number): Promise<void>;
}

interface Timer extends ClockTimer {
  callback: () => void;
  cancelled: boolean;
}

/** Longest delay that the system's setTimeout takes before it overflows and fires at once. */
const LONGEST_SYSTEM_DELAY = 2 ** 31 - 1;

/** A clock that runs with the system's time plus an offset, which {@link advance} moves. */
export class MovableClock implements Clock {
  #offset = 0;
  readonly #timers = new Set<Timer>();
  #wakeUp: NodeJS.Timeout | undefined;

  now(): number {
    return Date.now() + this.#offset;
  }

  setTimeout(callback: () => void, delayMs: number): ClockTimer {
    const timer: Timer = { dueAt: this.now() + Math.max(0, delayMs), callback, cancelled: false };
    this.#timers.add(timer);
    this.#arm();
    return timer;
  }

  clearTimeout(timer: ClockTimer | undefined): void {
    if (timer === undefined) return;
    (timer as Timer).cancelled = true;
    this.#timers.delete(timer as Timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const abort = () => {
        this.clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = this.setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  async advance(ms: number): Promise<void> {
    const target = this.now() + ms;
    for (let next = this.#earliest(); next && next.dueAt <= target; next = this.#earliest()) {
      this.#offset += Math.max(0, next.dueAt - this.now());
      this.#fire(next);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#offset += Math.max(0, target - this.now());
    this.#arm();
  }

  /** Cancels every timer, so that nothing keeps the process alive. */
  stop(): void {
    clearTimeout(this.#wakeUp);
    this.#timers.clear();
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) if (!earliest || timer.dueAt < earliest.dueAt) earliest = timer;
    return earliest;
  }

  #arm(): void {
    clearTimeout(this.#wakeUp);
    const next = this.#earliest();
    if (!next) return;
    const delay = Math.min(Math.max(0, next.dueAt - this.now()), LONGEST_SYSTEM_DELAY);
    this.#wakeUp = setTimeout(() => this.#fireDue(), delay);
  }

  #fireDue(): void {
    const due = [...this.#timers]
      .filter((timer) => timer.dueAt <= this.now())
      .sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) if (!timer.cancelled) this.#fire(timer);
    this.#arm();
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.callback();
  }
}
