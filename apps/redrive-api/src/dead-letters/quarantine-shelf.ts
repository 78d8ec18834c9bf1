import { DISPATCHER, type Deployment } from './deployment.ts';
import type { Functions } from './functions.ts';
import { readLetterId } from './letter-id.ts';
import type { Group, Letter, Shelf, Waiting, Wanted } from './letter.ts';
import { orderedPlaces, placeText, type Objects, type Order, type Place } from './ordered-objects.ts';
import { QUARANTINE, quarantinedRecord, type QuarantinedRecord } from './quarantined-record.ts';

/** Table, day and number of the change lead a key: the keys' order is that of the changes. */
const ORDER: Order = { prefix: QUARANTINE, groupOf: (key) => key, sequenceIn: () => '' };

const CORRECTED_MEANWHILE = 'Somebody corrected it meanwhile: look at it, then redrive or discard it again.';

/** The records that the dispatcher can't read. */
export class QuarantineShelf implements Shelf {
  readonly kind = 'quarantine';
  readonly keepsPlaces = true;
  readonly #objects: Objects;
  readonly #functions: Functions;
  readonly #deployment: Deployment;

  constructor(objects: Objects, functions: Functions, deployment: Deployment) {
    this.#objects = objects;
    this.#functions = functions;
    this.#deployment = deployment;
  }

  async *walk({ after, ids }: Wanted): AsyncGenerator<Group> {
    const keys = ids?.map(keyOf).sort();
    for await (const place of orderedPlaces(this.#objects, ORDER, { after, keys })) {
      const object = await this.#objects.get(place.key);
      const waiting = object && this.#waiting(place, quarantinedRecord(place.key, object, this.#deployment));
      yield { waiting: waiting === undefined ? [] : [waiting], position: placeText(place) };
    }
  }

  /** The record with this letter's id as it is kept; undefined when there is none. */
  async read(id: string): Promise<QuarantinedRecord | undefined> {
    const object = await this.#objects.get(keyOf(id));
    return object && quarantinedRecord(keyOf(id), object, this.#deployment);
  }

  /**
   * Puts a corrected record in the place of the one that was kept; the one that came is kept with it. Answers the letter
   * as it is then; undefined when it is another by now, or gone.
   */
  async replace(
    { letter, reason, record: before, document, eTag }: QuarantinedRecord,
    correction: { readonly record: unknown; readonly correctedBy: string; readonly correctedAt: string },
  ): Promise<Letter | undefined> {
    const key = keyOf(letter.id);
    const { original = before } = document;
    const text = JSON.stringify({ reason, ...correction, original });
    if (!(await this.#objects.put(key, text, 'application/json', { ifMatch: eTag }))) return undefined;
    return quarantinedRecord(key, { text, lastModified: letter.at, eTag: '' }, this.#deployment).letter;
  }

  #waiting(place: Place, { letter, reason, record, document, eTag, items }: QuarantinedRecord): Waiting {
    const remove = async () =>
      (await this.#objects.remove(place.key, { ifMatch: eTag })) ? undefined : CORRECTED_MEANWHILE;
    return {
      letter,
      payload: { ...document, reason, record },
      position: placeText(place),
      lane: place.key.split('/').slice(0, 2).join('/'),
      items,
      discard: remove,
      redrive: async () => {
        if (letter.redrivable !== true) return letter.redrivable;
        // Read or not, it would be taken for handled: with this mark the dispatcher says so where it still can't.
        const event = { Records: [record], redriven: true };
        const dispatcher = this.#deployment.readers[DISPATCHER] ?? DISPATCHER;
        return (await this.#functions.invoke(dispatcher, event)) ?? remove();
      },
    };
  }
}

function keyOf(id: string): string {
  return QUARANTINE + (readLetterId(id)?.path ?? []).join('/');
}
