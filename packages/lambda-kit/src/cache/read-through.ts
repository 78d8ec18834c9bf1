import { CacheUnavailable } from './cache-unavailable.ts';
import type { Cacheable, ItemCache } from './item-cache.ts';

/** One kind of item, as it is read through the cache. */
export interface Source<Item, Entry extends Cacheable> {
  /** The cache's key of the item. */
  readonly key: (id: string) => string;
  /** Reads the table, consistently. */
  readonly read: (id: string) => Promise<Item | undefined>;
  /** What is cached of an item; what an entry of the cache must look like, too. `undefined` where it is not that. */
  readonly parse: (item: unknown) => Entry | undefined;
}

/**
 * Items read through the cache. The cache is never needed and never believed when in doubt: no entry, a tombstone, an
 * entry of another form, a cache that fails, all lead to the table, and what is found there is put into the cache for
 * the next.
 */
export class ReadThrough<Item, Entry extends Cacheable> {
  readonly #cache: Pick<ItemCache, 'get' | 'put'> | undefined;
  readonly #source: Source<Item, Entry>;
  readonly #report: (error: unknown) => void;

  /** @param report what to do with the cache's errors; they are nobody else's. One failure is reported once. */
  constructor(
    cache: Pick<ItemCache, 'get' | 'put'> | undefined,
    source: Source<Item, Entry>,
    report: (error: unknown) => void,
  ) {
    this.#cache = cache;
    this.#source = source;
    this.#report = report;
  }

  /** What is cached of the item, or the item itself; `undefined` where there is none. @throws what the table throws. */
  async read(id: string): Promise<Entry | Item | undefined> {
    const cached = await this.#cached(id);
    if (cached !== undefined) return cached;
    const item = await this.#source.read(id);
    if (item !== undefined) await this.wrote(id, item);
    return item;
  }

  /** Notes an item that was just written, so that whoever wrote it reads it. */
  async wrote(id: string, item: Item): Promise<void> {
    const entry = this.#cache && this.#source.parse(item);
    if (entry === undefined) return;
    try {
      await this.#cache?.put(this.#source.key(id), entry);
    } catch (error) {
      this.#tell(error);
    }
  }

  async #cached(id: string): Promise<Entry | undefined> {
    try {
      const cached = await this.#cache?.get(this.#source.key(id));
      return cached?.is === 'value' ? this.#source.parse(cached.value) : undefined;
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  #tell(error: unknown): void {
    if (!(error instanceof CacheUnavailable && error.unasked)) this.#report(error);
  }
}
