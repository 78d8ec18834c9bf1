import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { Mapping } from '../stack/model.ts';
import type { FaultPlan } from './fault.ts';
import { parseFaultPlan } from './fault-plan.ts';
import { Faults } from './faults.ts';

/** A clock that says when somebody waits for it. */
class WatchedClock extends MovableClock {
  timersSet = 0;
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  override setTimeout(callback: () => void, delayMs: number) {
    this.timersSet++;
    for (const { count, resolve } of this.#waiting) if (count <= this.timersSet) resolve();
    return super.setTimeout(callback, delayMs);
  }

  /** Resolves when so many timers were ever set. */
  untilSet(count: number): Promise<void> {
    if (this.timersSet >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

export interface FaultsBench {
  readonly clock: MovableClock;
  readonly inFlight: InFlight;
  readonly faults: Faults;
  /** Resolves when so many timers were ever set, one unless it is given. */
  untilAsleep(timers?: number): Promise<void>;
  /** How many timers were ever set. */
  timersSet(): number;
  /** How often the process was killed. */
  killed(): number;
  stop(): void;
}

const FUNCTIONS = [{ name: 'shop-api' }, { name: 'shop-sales' }];

/** Faults with all they need. @param faults of the plan; one that is `{seed}` alone sets the seed. */
export function faultsBench(
  faults: readonly object[],
  mappings: readonly Mapping[] = [],
  clock = new WatchedClock(),
): FaultsBench {
  const inFlight = new InFlight();
  let killed = 0;
  return {
    clock,
    inFlight,
    faults: new Faults({
      plan: planOf(faults),
      clock,
      inFlight,
      stack: { functions: FUNCTIONS, mappings },
      kill: () => void killed++,
    }),
    untilAsleep: (timers = 1) => clock.untilSet(timers),
    timersSet: () => clock.timersSet,
    killed: () => killed,
    stop: () => clock.stop(),
  };
}

function planOf(given: readonly object[]): FaultPlan {
  const seed = given.find((fault) => 'seed' in fault);
  return parseFaultPlan({ seed: 7, ...seed, faults: given.filter((fault) => fault !== seed) });
}
