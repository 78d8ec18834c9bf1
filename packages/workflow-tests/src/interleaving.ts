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

interface Actor {
  priority: number;
}

/** Share of its turns after which an actor is left standing until all others stand or have ended, too. */
const STALLS = 0.1;

/**
 * Runs several actors at once and lets them make their calls one at a time, in an order that the seed decides. The
 * actor of the highest priority goes first, and now and then it falls to the lowest: so one that is about to write may
 * stand still while another does all of its work, which an even draw would hardly ever let happen. (Burckhardt et al.,
 * A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, 2010.) An actor's process may also end before
 * or after a call: it sees a {@link Crash}.
 */
export class Interleaving {
  readonly #random: () => number;
  readonly #crashes: number;
  readonly #acting = new AsyncLocalStorage<Actor>();
  #waiting: { readonly actor: Actor; readonly go: () => void }[] = [];
  #busy = 0;
  #lowest = 0;

  /** @param crashes share of the calls at which a process ends. */
  constructor(seed: number, crashes: number) {
    this.#random = seededRandom(seed);
    this.#crashes = crashes;
  }

  /** Goes around the calls of the actors. */
  readonly interceptor: Interceptor = async (call) => {
    await this.#turn();
    const fate = this.#random();
    if (fate < this.#crashes / 2) throw new Crash('before a call');
    const answer = await call();
    if (fate < this.#crashes) throw new Crash('after a call');
    return answer;
  };

  /** Runs the actors until all have ended. */
  async run(actors: readonly (() => Promise<unknown>)[]): Promise<void> {
    this.#busy = actors.length;
    await Promise.all(
      actors.map((act) =>
        this.#acting.run({ priority: this.#random() }, async () => {
          await this.#turn();
          await act().finally(() => this.#rest());
        }),
      ),
    );
  }

  /** Waits until every actor either waits too or has ended, and it is this one's turn. */
  #turn(): Promise<void> {
    const actor = this.#acting.getStore();
    if (actor === undefined) throw new Error('Only actors make calls here.');
    return new Promise((go) => {
      this.#waiting.push({ actor, go });
      this.#rest();
    });
  }

  #rest(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    const next = this.#waiting.sort((a, b) => a.actor.priority - b.actor.priority).pop();
    if (next === undefined) return;
    this.#busy = 1;
    if (this.#random() < STALLS) next.actor.priority = this.#lowest -= 1;
    next.go();
  }
}
