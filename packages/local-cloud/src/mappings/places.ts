import { z } from 'zod';

import type { State } from '../journal/state.ts';
import type { Mapping } from '../stack/model.ts';
import type { Change, ChangeStream } from '../tables/change.ts';
import { fresh, type Segment } from './stream-batching.ts';
import type { OpenWindow } from './tumbling-window.ts';

/** Where a lane stands. */
export interface LanePlace {
  /** Position up to which all of its changes are done with. */
  readonly passed: number;
  /** What must be delivered next, and the position of the last change in it. */
  readonly segments: readonly Segment[];
  readonly upTo: number;
  /** How often in a row the same records came again. */
  readonly again: number;
  /** Tumbling windows that are not ended; the first one is open. */
  readonly windows: readonly OpenWindow[];
}

const keptLane: z.ZodType<LanePlace> = z.object({
  passed: z.int(),
  segments: z.array(z.object({ length: z.int(), failures: z.int(), invocations: z.int() })),
  upTo: z.int(),
  again: z.int(),
  windows: z.array(z.object({ start: z.number(), end: z.number(), state: z.string() })),
});

/** What of a mapping Terraform can't change in place: with another one it is a new mapping, which begins anew. */
const keptMapping = z.object({ stream: z.string(), startingPosition: z.string(), upTo: z.int() });

/** A lane among so many. */
interface Lane {
  readonly lane: number;
  readonly of: number;
}

/** A lane that is done with the changes of its items up to a place. It stays true, however many lanes there are later. */
interface EarlierLane extends Lane {
  readonly key: string;
  readonly place: LanePlace;
}

/** The lane in which all changes of an item go. */
export function laneOf(itemKey: string, lanes: number): number {
  return lanes === 1 ? 0 : hash(itemKey) % lanes;
}

/**
 * How far a stream mapping has come, kept so that it goes on from there after a restart. What its lanes have passed is
 * passed also where the stack has given it another number of lanes since.
 */
export class Places {
  readonly #state: State;
  readonly #mapping: Pick<Mapping, 'id' | 'startingPosition' | 'parallelizationFactor'>;
  readonly #stream: Pick<ChangeStream, 'arn'>;
  #earlier: readonly EarlierLane[] = [];
  #upTo = 0;

  constructor(
    state: State,
    mapping: Pick<Mapping, 'id' | 'startingPosition' | 'parallelizationFactor'>,
    stream: Pick<ChangeStream, 'arn'>,
  ) {
    this.#state = state;
    this.#mapping = mapping;
    this.#stream = stream;
  }

  /** Position up to which every change is done with, as far as it is kept. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Reads what is kept. @returns whether there is anything: else the mapping is a new one. */
  restore(): boolean {
    const { id, startingPosition } = this.#mapping;
    const entries = this.#state.entries('lane').filter(([key]) => key.split('/')[0] === id);
    const own = keptMapping.safeParse(entries.find(([key]) => key === id)?.[1]).data;
    if (own?.stream !== this.#stream.arn || own.startingPosition !== startingPosition) {
      for (const [key] of entries) this.#state.remove('lane', key);
      return false;
    }
    this.#upTo = own.upTo;
    this.#earlier = entries
      .filter(([key]) => key !== id)
      .map(([key, value]) => ({ key, ...laneIn(key), place: keptLane.parse(value) }));
    this.#handOnWindows();
    return true;
  }

  /** Where this lane stood. */
  of(lane: number): LanePlace | undefined {
    return this.#earlier.find(({ key }) => key === this.#key(lane))?.place;
  }

  /** Whether a lane was done with it before the restart. */
  isPassed({ position, itemKey }: Change): boolean {
    return this.#earlier.some(
      ({ lane, of, place }) => position <= place.passed && laneOf(itemKey, of) === lane,
    );
  }

  keep(lane: number, place: LanePlace): void {
    this.#state.put('lane', this.#key(lane), place);
  }

  /** Every change up to this position is done with. */
  reached(upTo: number): void {
    const { id, startingPosition, parallelizationFactor } = this.#mapping;
    this.#upTo = upTo;
    this.#state.put('lane', id, { stream: this.#stream.arn, startingPosition, upTo });
    const behind = this.#earlier.filter(({ place }) => place.passed > upTo);
    if (behind.length > 0) return;
    for (const { key, of } of this.#earlier)
      if (of !== parallelizationFactor) this.#state.remove('lane', key);
    this.#earlier = [];
  }

  /** The windows of lanes that are no more are ended by those that are: what they have aggregated is not lost. */
  #handOnWindows(): void {
    const { parallelizationFactor: lanes } = this.#mapping;
    const gone = this.#earlier.filter(({ of, place }) => of !== lanes && place.windows.length > 0);
    for (const { key, lane, place } of gone) {
      const heir = lane % lanes;
      const own = this.of(heir);
      const windows = [...(own?.windows ?? []), ...place.windows];
      const passed = own?.passed ?? 0;
      const segments = windows.map(() => fresh(0));
      this.#replace(this.#key(heir), { passed, segments, upTo: passed, again: 0, windows });
      this.#replace(key, { ...place, windows: [] });
    }
  }

  #replace(key: string, place: LanePlace): void {
    this.#state.put('lane', key, place);
    this.#earlier = [...this.#earlier.filter((lane) => lane.key !== key), { key, ...laneIn(key), place }];
  }

  #key(lane: number): string {
    return `${this.#mapping.id}/${lane}/${this.#mapping.parallelizationFactor}`;
  }
}

/** Forgets the places of mappings that are no more. */
export function forgetOthers(state: State, mappings: readonly Pick<Mapping, 'id'>[]): void {
  const ids = new Set(mappings.map(({ id }) => id));
  for (const kind of ['lane', 'mapping'] as const)
    for (const [key] of state.entries(kind)) if (!ids.has(key.split('/')[0] ?? '')) state.remove(kind, key);
}

function laneIn(key: string): Lane {
  const [, lane, of] = key.split('/');
  return { lane: Number(lane), of: Number(of) };
}

/** FNV-1a, 32 bits: spreads keys that differ little evenly over the lanes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
