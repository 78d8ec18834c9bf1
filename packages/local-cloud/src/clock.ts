import { setImmediate as turn } from 'node:timers/promises';
import TinyQueue from 'tinyqueue';

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
  /** Calls `callback` at once, or while the clock is being moved as soon as it has come to its end. */
  whenStill(callback: () => void): void;
}

interface Timer extends ClockTimer {
  /** Gone once it fired or was cleared; a cleared timer stays in the queue until it would have been due. */
  callback: (() => void) | undefined;
}

/** Longest delay that the system's setTimeout takes before it overflows and fires at once. */
const LONGEST_SYSTEM_DELAY = 2 ** 31 - 1;

/** A clock that runs with the system's time plus an offset, which {@link advance} moves. */
export class MovableClock implements Clock {
  #offset: number;
  readonly #onMoved: (offsetMs: number) => void;
  readonly #timers = new TinyQueue<Timer>([], (a, b) => a.dueAt - b.dueAt);
  #wakeUp: NodeJS.Timeout | undefined;
  /** When {@link #wakeUp} fires, by this clock. */
  #wakesAt = Infinity;
  #moves = 0;
  #waitForStill: (() => void)[] = [];

  /**
   * @param offsetMs how far it was ahead of the system's time when it was stopped: it goes on from there.
   * @param onMoved hears whenever it is further ahead.
   */
  constructor(offsetMs = 0, onMoved: (offsetMs: number) => void = () => undefined) {
    this.#offset = offsetMs;
    this.#onMoved = onMoved;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  setTimeout(callback: () => void, delayMs: number): ClockTimer {
    const timer: Timer = { dueAt: this.now() + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    if (timer.dueAt < this.#wakesAt) this.#arm();
    return timer;
  }

  clearTimeout(timer: ClockTimer | undefined): void {
    if (timer !== undefined) (timer as Timer).callback = undefined;
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

  /** @param pause what is waited for after each timer: by default one turn of the event loop. */
  async advance(ms: number, pause: () => Promise<unknown> = turn): Promise<void> {
    const target = this.now() + ms;
    this.#moves += 1;
    for (let next = this.#earliest(); next && next.dueAt <= target; next = this.#earliest()) {
      this.#move(next.dueAt - this.now());
      this.#fireEarliest();
      // What was set for the system's time before the move says nothing any more.
      this.#arm();
      await pause();
    }
    this.#move(target - this.now());
    this.#moves -= 1;
    if (this.#moves === 0) for (const callback of this.#waitForStill.splice(0)) callback();
    this.#arm();
  }

  whenStill(callback: () => void): void {
    if (this.#moves === 0) callback();
    else this.#waitForStill.push(callback);
  }

  /** Forgets every timer, so that nothing keeps the process alive. */
  stop(): void {
    clearTimeout(this.#wakeUp);
    this.#waitForStill = [];
    this.#timers.data.length = 0;
    this.#timers.length = 0;
  }

  #move(ms: number): void {
    if (ms <= 0) return;
    this.#offset += ms;
    this.#onMoved(this.#offset);
  }

  /** The next timer that was not cleared. */
  #earliest(): Timer | undefined {
    while (this.#timers.peek()?.callback === undefined)
      if (this.#timers.pop() === undefined) return undefined;
    return this.#timers.peek();
  }

  #arm(): void {
    clearTimeout(this.#wakeUp);
    const next = this.#earliest();
    this.#wakesAt = next?.dueAt ?? Infinity;
    if (!next) return;
    const delay = Math.min(Math.max(0, next.dueAt - this.now()), LONGEST_SYSTEM_DELAY);
    this.#wakeUp = setTimeout(() => this.#fireDue(), delay);
  }

  #fireDue(): void {
    const now = this.now();
    for (let next = this.#earliest(); next && next.dueAt <= now; next = this.#earliest())
      this.#fireEarliest();
    this.#arm();
  }

  #fireEarliest(): void {
    const timer = this.#timers.pop();
    const callback = timer?.callback;
    if (timer) timer.callback = undefined;
    callback?.();
  }
}
