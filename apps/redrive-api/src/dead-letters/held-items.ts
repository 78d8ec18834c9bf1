import type { Waiting } from './letter.ts';
import { markOf, type Place } from './place.ts';

/** More items of a lane than this are not told apart: then all of it is held. */
const MOST_HELD = 10_000;
/** The mark that holds a whole lane. */
const ALL = '*';

/**
 * Items of which a change stays a dead letter: their later changes wait behind it. A pass goes through one lane after
 * the other, and lanes have no items in common, so those of the lane at hand are all that there is to remember.
 */
export class HeldItems {
  #lane: string | undefined;
  #marks: Set<string>;

  /** @param place where an earlier part of the pass ended. */
  constructor({ lane, held = [] }: Pick<Place, 'lane' | 'held'> = {}) {
    this.#lane = lane;
    this.#marks = new Set(held);
  }

  /** Holds the items of a letter that stays. */
  add({ lane, items }: Pick<Waiting, 'lane' | 'items'>): void {
    this.#enter(lane);
    for (const item of items) this.#marks.add(markOf(item));
    if (this.#marks.size > MOST_HELD) this.#marks = new Set([ALL]);
  }

  /** Why a letter has to wait; undefined when nothing holds it. */
  holds({ lane, items }: Pick<Waiting, 'lane' | 'items'>): string | undefined {
    this.#enter(lane);
    const held = items.find((item) => this.#marks.has(ALL) || this.#marks.has(markOf(item)));
    return held === undefined
      ? undefined
      : `An earlier change of ${shown(held)} still waits: it has to be redriven or discarded first.`;
  }

  /** For the place where the pass goes on. */
  get place(): Pick<Place, 'lane' | 'held'> {
    return { lane: this.#lane, held: [...this.#marks] };
  }

  #enter(lane: string): void {
    if (lane !== this.#lane) this.#marks = new Set();
    this.#lane = lane;
  }
}

/** The values of an item's key: `orders {"orderId":{"S":"1"}}` as `1`. */
function shown(item: string): string {
  const values = [...item.matchAll(/"[SNB]":"([^"]*)"/g)].map(([, value]) => value);
  return values.join(' ') || 'the same item';
}
