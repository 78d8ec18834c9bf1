import type { Clock } from '../clock.ts';
import { Dice } from './dice.ts';
import type { Delay, Fault } from './fault.ts';
import { nameOf } from './fault-plan.ts';
import { meansFunction, type Site } from './site.ts';

/** How often something was considered, and how often it was struck. */
export interface Counts {
  considered: number;
  struck: number;
}

/** What one fault has done so far. */
export interface FaultStrikes extends Readonly<Counts> {
  readonly name: string;
  readonly kind: Fault['kind'];
  readonly probability: number;
  /** Where. */
  readonly sites: readonly (Pick<Site, 'service' | 'operation' | 'functionName'> & Readonly<Counts>)[];
}

/** A strike, with whatever else of it is left to chance. */
export interface Strike {
  /** Milliseconds. */
  delay(range: Delay): number;
  /** The same things in another order. */
  shuffled<T>(things: readonly T[]): T[];
}

/** One fault with its dice: whether it strikes the n-th call that it means depends on seed, name and n alone. */
export class Series<F extends Fault = Fault> {
  readonly fault: F;
  readonly #name: string;
  readonly #dice: Dice;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAt: number;
  readonly #total: Counts = { considered: 0, struck: 0 };
  readonly #sites = new Map<string, Site & Counts>();

  constructor(fault: F, seed: number, clock: Pick<Clock, 'now'>) {
    this.fault = fault;
    this.#name = nameOf(fault);
    this.#dice = new Dice(seed, this.#name);
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** Takes this call into account, where the fault means it. @returns how it is struck, if it is. */
  consider(site: Site): Strike | undefined {
    if (!this.#means(site) || !this.#isTime()) return undefined;
    const counts = this.#countsOf(site);
    const n = ++this.#total.considered;
    counts.considered++;
    if (this.#dice.roll(n) >= this.fault.probability) return undefined;
    this.#total.struck++;
    counts.struck++;
    return this.#strike(n);
  }

  strikes(): FaultStrikes {
    const { kind, probability } = this.fault;
    const sites = [...this.#sites.values()].map(
      ({ service, operation, functionName, considered, struck }) => ({
        service,
        operation,
        functionName,
        considered,
        struck,
      }),
    );
    return { name: this.#name, kind, probability, ...this.#total, sites };
  }

  #means({ service, operation, functionName, mayRepeat, lane }: Site): boolean {
    const { fault } = this;
    if (fault.service !== service) return false;
    if (fault.operation !== undefined && fault.operation !== operation) return false;
    if (fault.kind === 'duplicate' && !mayRepeat) return false;
    if (fault.kind === 'reorder' && lane === undefined) return false;
    if (fault.function === undefined) return true;
    return functionName !== undefined && meansFunction(fault.function, functionName);
  }

  #isTime(): boolean {
    const { most = Infinity, after = 0, until = Infinity } = this.fault;
    const seconds = (this.#clock.now() - this.#startedAt) / 1000;
    return this.#total.struck < most && seconds >= after && seconds < until;
  }

  #countsOf(site: Site): Counts {
    const key = `${site.operation}/${site.functionName ?? ''}`;
    let counts = this.#sites.get(key);
    if (!counts) this.#sites.set(key, (counts = { ...site, considered: 0, struck: 0 }));
    return counts;
  }

  #strike(n: number): Strike {
    const dice = this.#dice;
    return {
      delay: (range) => {
        if (typeof range === 'number') return range;
        const [from, to] = range;
        return from + (to - from) * dice.roll(n, 1);
      },
      shuffled: (things) =>
        things
          .map((thing, index) => ({ thing, place: dice.roll(n, 2 + index) }))
          .sort((a, b) => a.place - b.place)
          .map(({ thing }) => thing),
    };
  }
}
