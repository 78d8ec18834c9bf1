import type { ObjectStore } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { positionAs } from './place.ts';

/** What the letters in a bucket are read from. */
export type Objects = Pick<ObjectStore, 'keys' | 'get' | 'put' | 'has' | 'remove'>;

/** An object's place: objects of a group are sorted by what is in them, groups by their names. */
export interface Place {
  readonly group: string;
  /** Of the first change in the object. */
  readonly sequence: string;
  readonly key: string;
}

/** How the objects under a prefix are put in order. */
export interface Order {
  readonly prefix: string;
  /** Begins the keys of the objects that are sorted by what is in them. */
  readonly groupOf: (key: string) => string;
  readonly sequenceIn: (key: string, text: string) => string;
}

/** Objects that are read at once. */
const READERS = 8;

/**
 * The places of objects in the order in which their changes happened, as far as they are asked for. Keys come in their
 * own order, which is that of time but for those of one group: only such are read for it.
 *
 * @param keys of those that are wanted; all without. @param after a place that `placeText` wrote.
 */
export async function* orderedPlaces(
  objects: Pick<Objects, 'keys' | 'get'>,
  order: Order,
  { after, keys }: { readonly after?: string | undefined; readonly keys?: readonly string[] | undefined },
): AsyncGenerator<Place> {
  const from = after === undefined ? undefined : readPlace(after);
  let group: string[] = [];
  const sorted = async function* (): AsyncGenerator<Place> {
    for (const place of await placesOf(objects, order, group, from)) {
      // The key tells, too: one that was alone in its group had no number yet.
      if (from === undefined || (place.key !== from.key && comparePlaces(place, from) > 0)) yield place;
    }
  };
  for await (const key of keys ?? objects.keys(order.prefix, from?.group)) {
    if (group[0] !== undefined && order.groupOf(group[0]) !== order.groupOf(key)) {
      yield* sorted();
      group = [];
    }
    group.push(key);
  }
  yield* sorted();
}

/** A place as text. */
export function placeText({ group, sequence, key }: Place): string {
  return JSON.stringify([group, sequence, key]);
}

/** By group, then by the changes' numbers, which are decimal and of any length. */
export function comparePlaces(a: Place, b: Place): number {
  return (
    compare(a.group, b.group) ||
    a.sequence.length - b.sequence.length ||
    compare(a.sequence, b.sequence) ||
    compare(a.key, b.key)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const placeSchema = z.tuple([z.string(), z.string(), z.string()]);

function readPlace(text: string): Place {
  const [group, sequence, key] = positionAs(placeSchema, text);
  return { group, sequence, key };
}

/** A lone object needs no reading: there is nothing to sort it against, unless its group was begun before. */
async function placesOf(
  objects: Pick<Objects, 'get'>,
  { groupOf, sequenceIn }: Order,
  keys: readonly string[],
  from: Place | undefined,
): Promise<Place[]> {
  const isLone = keys.length === 1 && groupOf(keys[0] ?? '') !== from?.group;
  const places: Place[] = [];
  const waiting = [...keys];
  const read = async (): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const text = isLone ? '' : (await objects.get(key))?.text;
      if (text === undefined) continue;
      places.push({ group: groupOf(key), sequence: isLone ? '' : sequenceIn(key, text), key });
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return places.sort(comparePlaces);
}
