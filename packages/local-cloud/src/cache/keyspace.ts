import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { SortedSet } from './sorted-set.ts';

interface Entry {
  readonly set: SortedSet;
  /** By the cloud's clock; Infinity for a key that stays. */
  expiresAt: number;
}

/** All keys and members together, with what it costs to keep them. */
export const CAPACITY_BYTES = 64 * 1024 * 1024;
const BYTES_OF_KEY = 300;
const BYTES_OF_MEMBER = 100;

/** Keys are spread over so many parts, of which a scan answers some at a time. */
const PARTS = 1_024;

/**
 * Keys with their sets and when they expire. When they take too much room, those that were not used for longest go.
 * Expiry follows the cloud's clock; an expired key is gone for everybody, and its room is given back when it is met.
 */
export class Keyspace {
  readonly #clock: Clock;
  readonly #entries: LRUCache<string, Entry>;
  readonly #parts: readonly Set<string>[] = Array.from({ length: PARTS }, () => new Set<string>());
  #evicted = 0;

  constructor(clock: Clock, capacity = CAPACITY_BYTES) {
    this.#clock = clock;
    this.#entries = new LRUCache<string, Entry>({
      maxSize: capacity,
      sizeCalculation: ({ set }, key) => BYTES_OF_KEY + key.length + set.bytes + set.size * BYTES_OF_MEMBER,
      noDisposeOnSet: true,
      dispose: (_entry, key, reason) => {
        this.#parts[partOf(key)]?.delete(key);
        if (reason === 'evict') this.#evicted += 1;
      },
    });
  }

  /** How many keys there are. */
  get size(): number {
    this.#dropExpired();
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** How many keys had to go for others. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The set of a key, which counts as used. */
  get(key: string): SortedSet | undefined {
    return this.#entry(key)?.set;
  }

  /** Changes the set of a key; an absent one begins empty, and an empty one is absent. */
  update<Result>(key: string, change: (set: SortedSet) => Result): Result {
    const entry = this.#entry(key) ?? { set: new SortedSet(), expiresAt: Infinity };
    const result = change(entry.set);
    if (entry.set.size === 0) this.#entries.delete(key);
    else {
      this.#parts[partOf(key)]?.add(key);
      // An entry of its own: the room it takes is only counted anew for a value that is another one.
      this.#entries.set(key, { ...entry });
      // One that alone is too large is never kept.
      if (!this.#entries.has(key)) this.#parts[partOf(key)]?.delete(key);
    }
    return result;
  }

  /** @returns whether the key was there. */
  delete(key: string): boolean {
    return this.#entry(key) !== undefined && this.#entries.delete(key);
  }

  /** Gives a key a time to live; one that is not positive removes it. @returns whether the key was there. */
  expireIn(key: string, milliseconds: number): boolean {
    const entry = this.#entry(key);
    if (!entry) return false;
    if (milliseconds <= 0) this.#entries.delete(key);
    else entry.expiresAt = this.#clock.now() + milliseconds;
    return true;
  }

  /** Milliseconds that a key has left; Infinity when it stays, undefined when it is not there. */
  timeToLive(key: string): number | undefined {
    const entry = this.#entry(key);
    return entry && entry.expiresAt - this.#clock.now();
  }

  /**
   * Some of the keys, from a cursor on. A key that is there all the time comes up at least once.
   *
   * @returns the cursor for the next ones, 0 after the last.
   */
  scan(cursor: number, count: number): { readonly next: number; readonly keys: readonly string[] } {
    const keys: string[] = [];
    let part = cursor;
    for (; part < PARTS && keys.length < count; part += 1) keys.push(...this.#liveKeys(part));
    return { next: part >= PARTS ? 0 : part, keys };
  }

  clear(): void {
    this.#entries.clear();
  }

  #entry(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt > this.#clock.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  /** Looking at keys so does not count as using them. */
  #liveKeys(part: number): string[] {
    const now = this.#clock.now();
    return [...(this.#parts[part] ?? [])].filter((key) => (this.#entries.peek(key)?.expiresAt ?? 0) > now);
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    for (const [key, { expiresAt }] of this.#entries.entries())
      if (expiresAt <= now) this.#entries.delete(key);
  }
}

/** FNV-1a. */
function partOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % PARTS;
}
