import { cacheAddress } from './cache-address.ts';
import { CacheUnavailable } from './cache-unavailable.ts';
import { RespConnection, type CachePatience } from './resp-connection.ts';
import type { Command, Reply } from './resp-line.ts';

/** What can be cached: it carries the version of the item that it was made of. */
export interface Cacheable {
  readonly itemVersion: number;
}

/**
 * What the cache knows of an item: a value, not yet checked; that it was removed, or cannot be cached, as of some
 * version; or nothing.
 */
export type Cached =
  { readonly is: 'value'; readonly value: unknown } | { readonly is: 'tombstone' } | { readonly is: 'miss' };

/**
 * Milliseconds that an entry lives after it was last written, value or tombstone: twice the longest time for which
 * EventBridge and a queue retry (24 h and some minutes). Both live equally long because every write renews the entry's
 * one time to live: a late old value would otherwise shorten a tombstone's.
 */
export const ENTRY_LIFE = 48 * 60 * 60 * 1000;

/**
 * The cache of items: under each key a register that keeps the highest version ever put there, so that writers need
 * neither order nor locks, and a slow one never brings back what was overtaken.
 *
 * A register is a sorted set with the version as score. A put adds its entry and then removes all but the highest, in
 * one transaction and one round trip; an entry that is not the highest removes itself. Entries of different versions
 * differ as texts, which matters because adding an equal text again would lower its score: a value carries its
 * itemVersion, a tombstone is written with its own.
 */
export class ItemCache {
  readonly #connection: Pick<RespConnection, 'send'>;

  constructor(connection: Pick<RespConnection, 'send'>) {
    this.#connection = connection;
  }

  /** The cache at a URL such as CACHE_URL; it is connected to when it is first used. */
  static at(url: string, patience: CachePatience): ItemCache {
    return new ItemCache(new RespConnection(cacheAddress(url), patience));
  }

  /** @throws CacheUnavailable */
  async get(key: string): Promise<Cached> {
    const [entries] = await this.#send([['ZRANGE', key, '-1', '-1']]);
    const entry: unknown = Array.isArray(entries) ? entries[0] : undefined;
    if (typeof entry !== 'string') return { is: 'miss' };
    if (!entry.startsWith('{')) return { is: 'tombstone' };
    return { is: 'value', value: parsed(entry) };
  }

  /** Puts a value there, unless a newer version is known. @throws CacheUnavailable */
  async put(key: string, value: Cacheable): Promise<void> {
    await this.#raise(key, value.itemVersion, JSON.stringify(value));
  }

  /** Notes that the item was removed, or cannot be cached, in this version. @throws CacheUnavailable */
  async bury(key: string, version: number): Promise<void> {
    // Below any value as a text, so that of a value and a tombstone of one version the value is kept.
    await this.#raise(key, version, `removed ${version}`);
  }

  /** Forgets everything about the items, their versions too. @throws CacheUnavailable */
  async forget(keys: readonly string[]): Promise<void> {
    const [first, ...more] = keys;
    if (first !== undefined) await this.#send([['DEL', first, ...more]]);
  }

  async #raise(key: string, version: number, entry: string): Promise<void> {
    if (!Number.isSafeInteger(version)) {
      throw new Error(`The version ${version} of ${key} is no whole number. Correct the item's itemVersion.`);
    }
    const replies = await this.#send([
      ['MULTI'],
      ['ZADD', key, String(version), entry],
      ['ZREMRANGEBYRANK', key, '0', '-2'],
      ['PEXPIRE', key, String(ENTRY_LIFE)],
      ['EXEC'],
    ]);
    if (!Array.isArray(replies.at(-1))) throw new CacheUnavailable('did not carry out a transaction');
  }

  async #send(commands: readonly Command[]): Promise<Reply[]> {
    const replies = await this.#connection.send(commands);
    const refusal = replies.flat().find((reply) => reply instanceof Error);
    if (refusal !== undefined) throw new CacheUnavailable(`refused: ${refusal.message}`, { cause: refusal });
    return replies;
  }
}

function parsed(entry: string): unknown {
  try {
    return JSON.parse(entry);
  } catch {
    return undefined;
  }
}
