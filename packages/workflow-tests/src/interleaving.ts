import { AsyncLocalStorage } from 'node:async_hooks';
import { Crash, type Interceptor } from './calls.ts';

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Runs several actors at once and lets them make their calls one at a time, in an order that the seed decides. Now and
 * then an actor's process ends before or after a call: it sees a {@link Crash}.
 */
export class Interleaving {
  readonly #random: () => number;
  readonly #crashes: number;
  readonly #actors = new AsyncLocalStorage<true>();
  #waiting: (() => void)[] = [];
  #busy = 0;

  /** @param crashes share of the calls at which a process ends. */
  constructor(seed: number, crashes: number) {
    this.#random = seededRandom(seed);
    this.#crashes = crashes;
  }

  /** Goes around the calls of the actors. */
  readonly interceptor: Interceptor = async (call) => {
    if (this.#actors.getStore() === undefined) return call();
    await this.#turn();
    const fate = this.#random();
    if (fate < this.#crashes / 2) throw new Crash('before a call');
    const answer = await call();
    if (fate < this.#crashes) throw new Crash('after a call');
    return answer;
  };

  async run(actors: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.#busy = actors.length;
    await Promise.all(
      actors.map((actor) =>
        this.#actors.run(true, async () => {
          await this.#turn();
          await actor().finally(() => this.#rest());
        }),
      ),
    );
  }

  /** Waits until every actor either waits too or has ended, and this one is drawn. */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#rest();
    });
  }

  #rest(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    const [drawn] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    if (drawn === undefined) return;
    this.#busy = 1;
    drawn();
  }
}
