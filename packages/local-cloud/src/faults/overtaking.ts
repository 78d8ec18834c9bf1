import type { Clock } from '../clock.ts';

/** Holds deliveries back until another one of their lane has gone by. */
export class Overtaking {
  readonly #clock: Clock;
  readonly #held = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when another delivery of the lane has {@link passed}, and at the latest after so many milliseconds. */
  hold(lane: string, mostMs: number): Promise<void> {
    const held = this.#held.get(lane) ?? new Set();
    this.#held.set(lane, held);
    return new Promise((resolve) => {
      const goOn = () => {
        this.#clock.clearTimeout(timer);
        held.delete(goOn);
        resolve();
      };
      const timer = this.#clock.setTimeout(goOn, mostMs);
      held.add(goOn);
    });
  }

  /** Says that a delivery of this lane has come to its end. */
  passed(lane: string): void {
    for (const goOn of [...(this.#held.get(lane) ?? [])]) goOn();
  }
}
