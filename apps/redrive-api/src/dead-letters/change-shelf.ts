import type { Deployment } from './deployment.ts';
import type { Functions } from './functions.ts';
import { GIVEN_UP, givenUpChange, type GivenUpChange } from './given-up-change.ts';
import { readLetterId } from './letter-id.ts';
import type { Group, Shelf, Waiting, Wanted } from './letter.ts';
import { orderedPlaces, placeText, type Objects, type Order, type Place } from './ordered-objects.ts';

/** The changes that mappings gave up. */
export class ChangeShelf implements Shelf {
  readonly kind = 'change';
  readonly keepsPlaces = true;
  readonly #objects: Objects;
  readonly #functions: Functions;
  readonly #deployment: Deployment;
  readonly #order: Order;

  constructor(objects: Objects, functions: Functions, deployment: Deployment) {
    this.#objects = objects;
    this.#functions = functions;
    this.#deployment = deployment;
    this.#order = {
      prefix: GIVEN_UP,
      groupOf: secondOf,
      sequenceIn: (key, text) => givenUpChange(key, text, deployment).sequence,
    };
  }

  async *walk({ after, ids }: Wanted): AsyncGenerator<Group> {
    const keys = ids && keysOf(ids);
    for await (const place of orderedPlaces(this.#objects, this.#order, { after, keys })) {
      const object = await this.#objects.get(place.key);
      const waiting = object && this.#waiting(place, givenUpChange(place.key, object.text, this.#deployment));
      yield { waiting: waiting === undefined ? [] : [waiting], position: placeText(place) };
    }
  }

  #waiting(place: Place, change: GivenUpChange): Waiting {
    const { letter, payload, items, functionName, event } = change;
    const remove = async () => {
      await this.#objects.remove(place.key);
      return undefined;
    };
    return {
      letter,
      payload,
      position: placeText(place),
      // A shard's changes go on in the shards that follow it, whose names come later.
      lane: place.key.split('/').slice(0, 3).join('/'),
      items,
      discard: remove,
      redrive: async () => {
        if (functionName === undefined) return String(letter.redrivable);
        return (await this.#functions.invoke(functionName, event)) ?? remove();
      },
    };
  }
}

/** Mapping, shard and second in which something was given up; a mapping gives up an item's changes in their order. */
function secondOf(key: string): string {
  return key.replace(/-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, '');
}

function keysOf(ids: readonly string[]): string[] {
  return ids.map((id) => GIVEN_UP + (readLetterId(id)?.path ?? []).join('/')).sort();
}
