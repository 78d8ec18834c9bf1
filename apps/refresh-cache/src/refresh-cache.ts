import {
  cachedOrderSchema,
  cachedProductSchema,
  cacheKey,
  Throttled,
  type CachedKind,
  type DomainEvent,
  type OrderEvent,
  type ProductEvent,
} from '@orderstream/domain';
import {
  domainEvent,
  UnreadableEvent,
  type BusEvent,
  type Failures,
  type ItemCache,
} from '@orderstream/lambda-kit';
import type { ItemId, ItemTables } from './item-tables.ts';

/** An event of something that is cached. */
export type CacheEvent = OrderEvent | ProductEvent;

/** Entries that are written at once. */
const AT_ONCE = 10;

/** @throws UnreadableEvent for an event of something else. */
export function cacheEvent(event: BusEvent): CacheEvent {
  const read = domainEvent(event);
  if (isCacheEvent(read)) return read;
  throw new UnreadableEvent(event.id, `it speaks of ${read.subject.kind}, which is not cached`);
}

function isCacheEvent(event: DomainEvent): event is CacheEvent {
  return event.subject.kind !== 'stock';
}

/** Brings the cache's entries to what the tables have. */
export class CacheRefresh {
  readonly #tables: Pick<ItemTables, 'read' | 'page'>;
  readonly #cache: Pick<ItemCache, 'put' | 'bury' | 'forget'>;

  constructor(tables: Pick<ItemTables, 'read' | 'page'>, cache: Pick<ItemCache, 'put' | 'bury' | 'forget'>) {
    this.#tables = tables;
    this.#cache = cache;
  }

  /**
   * Handles events. What they say of an item is only that it changed: the entry is made of the item as it stands, so it
   * does not matter how late or how often an event comes. An item that is not there leaves a tombstone in the version of
   * the event, whichever event it is: it was there in that version or before, and if it is created anew, its version is
   * higher.
   */
  readonly handle = async (events: readonly CacheEvent[]): Promise<Failures<CacheEvent>> => {
    const byKey = Map.groupBy(events, ({ subject }) => cacheKey(subject.kind, subject.id));
    const ids = [...byKey.values()].flatMap(([first]) => (first ? [first.subject] : []));
    const failed = await this.#refresh(ids, (key) =>
      Math.max(...(byKey.get(key) ?? []).map(({ subject }) => subject.itemVersion)),
    ).catch((error: unknown) => new Map(ids.map(({ kind, id }) => [cacheKey(kind, id), error])));
    return new Map(
      [...failed].flatMap(([key, error]) => (byKey.get(key) ?? []).map((each) => [each, error])),
    );
  };

  /**
   * Makes entries anew, whatever version they say they have: they are forgotten first and read after that, so that a
   * change which comes between is either in what is read or is put there itself, in a higher version.
   *
   * @throws the first error of an item.
   */
  async remake(kind: CachedKind, ids: readonly string[]): Promise<void> {
    await this.#cache.forget(ids.map((id) => cacheKey(kind, id)));
    // An item that is not there: above every version it can have had, because versions begin at epoch milliseconds.
    const now = Date.now();
    const failed = await this.#refresh(
      [...new Set(ids)].map((id) => ({ kind, id })),
      () => now,
    );
    for (const error of failed.values()) throw error;
  }

  /** Makes the entries of a page of a table anew. */
  async page(
    kind: CachedKind,
    from: string | undefined,
  ): Promise<{ readonly counted: number; readonly next?: string }> {
    const { ids, next } = await this.#tables.page(kind, from);
    await this.remake(kind, ids);
    return { counted: ids.length, ...(next === undefined ? {} : { next }) };
  }

  /** @param removedIn the version of the tombstone for an item that is not there. @returns errors by key. */
  async #refresh(ids: readonly ItemId[], removedIn: (key: string) => number): Promise<Map<string, unknown>> {
    const items = await this.#tables.read(ids);
    const failed = new Map<string, unknown>();
    const waiting = [...ids];
    const workThrough = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { kind, id } = next;
        const key = cacheKey(kind, id);
        try {
          if (!items.has(key)) throw new Throttled('DynamoDB', `it left ${key} unread`);
          await this.#write(kind, key, items.get(key), removedIn(key));
        } catch (error) {
          failed.set(key, error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, workThrough));
    return failed;
  }

  async #write(kind: CachedKind, key: string, item: unknown, removedIn: number): Promise<void> {
    const schema = kind === 'order' ? cachedOrderSchema : cachedProductSchema;
    const { success, data } = schema.safeParse(item);
    if (success) await this.#cache.put(key, data);
    else await this.#cache.bury(key, versionOf(item) ?? removedIn);
  }
}

/** The version of an item that cannot be cached because of its values: who reads it goes to the table. */
function versionOf(item: unknown): number | undefined {
  const version =
    typeof item === 'object' && item !== null && 'itemVersion' in item ? item.itemVersion : undefined;
  return typeof version === 'number' ? version : undefined;
}
