import type { JournalRows } from './rows.ts';

/** Where a change stands in its stream, and which item it is a change of. */
export type PlacedChange = Pick<JournalRows['changes'], 'stream' | 'position' | 'item'>;

export interface OrderViolation {
  readonly mapping: string;
  readonly stream: string;
  readonly item: string;
  /** The change that was handled too late or too early … */
  readonly position: number;
  /** … and the other change of the same item that it collided with. */
  readonly other: number;
  readonly what: 'overtaken' | 'overlapping';
}

export interface OrderReport {
  /** Changes seen to be handled by a mapping: one per change and mapping. */
  readonly checked: number;
  readonly violations: readonly OrderViolation[];
}

/** The changes of one stream: which item stands at which position. */
interface StreamPlaces {
  /** By position: the item's number, counted from 1; 0 where no change is known. */
  readonly items: number[];
  readonly names: string[];
}

/** How far one mapping has come with one item. */
interface Progress {
  /** The newest change handled successfully, and when that ended. */
  handled: number;
  endedAt: number;
  /** Changes handed over in vain so far, neither handled nor discarded yet. */
  readonly failed: Set<number>;
}

interface MappingState {
  readonly places: StreamPlaces;
  readonly progress: Map<number, Progress>;
  /** By position: whether the change was handled or discarded. */
  readonly done: boolean[];
}

/**
 * The law "each stream reader handles the changes of one item in the order in which they happened": within a mapping,
 * a change of an item is handled only after the handling of the item's earlier changes has ended, except those that
 * were discarded to the dead letters. Handling a change again is allowed at any time; so is failing.
 *
 * Both inputs are read once, one row at a time; what is kept is a few bytes a change.
 *
 * @param changes the changes of all streams, in any order. Deliveries of other sources (queues) are passed over.
 * @param deliveries in the order in which the invocations ended, as the journal holds them.
 */
export function orderViolations(
  changes: Iterable<PlacedChange>,
  deliveries: Iterable<JournalRows['deliveries']>,
): OrderReport {
  const streams = placesByStream(changes);
  const states = new Map<string, MappingState>();
  const violations: OrderViolation[] = [];
  let checked = 0;
  for (const delivery of deliveries) {
    const places = streams.get(delivery.source);
    if (!places) continue;
    const name = `${delivery.mapping} ${delivery.source}`;
    const state = states.get(name) ?? { places, progress: new Map(), done: [] };
    states.set(name, state);
    checked += judge(delivery, state, violations);
  }
  return { checked, violations };
}

function placesByStream(changes: Iterable<PlacedChange>): Map<string, StreamPlaces> {
  const streams = new Map<string, StreamPlaces & { numbers: Map<string, number> }>();
  for (const { stream, position, item } of changes) {
    let places = streams.get(stream);
    if (!places) streams.set(stream, (places = { items: [], names: [''], numbers: new Map() }));
    let number = places.numbers.get(item);
    if (number === undefined) {
      places.numbers.set(item, (number = places.names.length));
      places.names.push(item);
    }
    while (places.items.length < position) places.items.push(0);
    places.items[position] = number;
  }
  return streams;
}

/** Takes one delivery into account and answers how many changes it saw handled for the first time. */
function judge(
  delivery: JournalRows['deliveries'],
  { places, progress, done }: MappingState,
  violations: OrderViolation[],
): number {
  let checked = 0;
  /** Items that this very delivery handled already: within a batch the function keeps the order itself. */
  const begun = new Set<number>();
  for (const [index, position] of positionsOf(delivery).entries()) {
    const item = places.items[position];
    if (!item || done[position]) continue;
    const state = progressOf(progress, item);
    const violate = (what: OrderViolation['what'], late: number, other: number) => {
      done[late] = true;
      state.failed.delete(late);
      const { mapping, source: stream } = delivery;
      violations.push({ mapping, stream, item: places.names[item] ?? '', position: late, other, what });
    };

    if (delivery.outcome === 'discarded') {
      done[position] = true;
      state.failed.delete(position);
    } else if (position < state.handled) {
      violate('overtaken', position, state.handled);
    } else if (index >= delivery.passed) {
      state.failed.add(position);
    } else {
      checked += 1;
      done[position] = true;
      state.failed.delete(position);
      for (const earlier of state.failed) if (earlier < position) violate('overtaken', earlier, position);
      if (!begun.has(item) && delivery.startedAt < state.endedAt)
        violate('overlapping', position, state.handled);
      begun.add(item);
      state.handled = position;
      state.endedAt = Math.max(state.endedAt, delivery.endedAt);
    }
  }
  return checked;
}

function positionsOf(delivery: JournalRows['deliveries']): number[] {
  const positions: unknown = JSON.parse(delivery.positions);
  if (!Array.isArray(positions))
    throw new Error(`A delivery of ${delivery.mapping} has no list of positions.`);
  return positions.map(Number);
}

function progressOf(progress: Map<number, Progress>, item: number): Progress {
  const known = progress.get(item);
  if (known) return known;
  const fresh = { handled: 0, endedAt: 0, failed: new Set<number>() };
  progress.set(item, fresh);
  return fresh;
}
