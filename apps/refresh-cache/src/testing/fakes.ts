import { cacheKey, type CachedKind } from '@orderstream/domain';
import { logger, metrics, type Cacheable } from '@orderstream/lambda-kit';
import type { ItemId } from '../item-tables.ts';

/** Keeps logs and metrics out of the tests' own output. */
export function quiet(): void {
  logger.setLogLevel('SILENT');
  jest.spyOn(metrics, 'addMetric').mockImplementation();
  jest.spyOn(metrics, 'publishStoredMetrics').mockImplementation();
}

/** Registers that keep the highest version, in memory. */
export class FakeCache {
  readonly entries = new Map<string, { version: number; value?: Cacheable }>();
  readonly forgotten: string[] = [];
  broken: Error | undefined;
  /** Is waited for before a value is put. */
  before: (key: string) => Promise<void> = async () => undefined;

  readonly put = async (key: string, value: Cacheable): Promise<void> => {
    await this.before(key);
    this.#raise(key, { version: value.itemVersion, value });
  };
  readonly bury = async (key: string, version: number): Promise<void> => this.#raise(key, { version });
  readonly forget = async (keys: readonly string[]): Promise<void> => {
    if (this.broken) throw this.broken;
    for (const key of keys) this.entries.delete(key);
    this.forgotten.push(...keys);
  };

  #raise(key: string, entry: { version: number; value?: Cacheable }): void {
    if (this.broken) throw this.broken;
    if (entry.version >= (this.entries.get(key)?.version ?? -1)) this.entries.set(key, entry);
  }
}

/** Tables in memory. */
export class FakeTables {
  readonly items = new Map<string, Record<string, unknown>>();
  readonly unread = new Set<string>();
  reads = 0;
  /** Happens after a read. */
  after: () => void = () => undefined;

  readonly read = async (ids: readonly ItemId[]) => {
    this.reads += 1;
    const keys = ids.map(({ kind, id }) => cacheKey(kind, id));
    const found = new Map(
      keys.filter((key) => !this.unread.has(key)).map((key) => [key, this.items.get(key)]),
    );
    this.after();
    return found;
  };

  readonly page = async (kind: CachedKind, from: string | undefined) => {
    const prefix = `${kind}#`;
    const ids = [...this.items.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .toSorted()
      .filter((id) => from === undefined || id > from);
    const page = ids.slice(0, 2);
    const last = page.at(-1);
    return ids.length > 2 && last !== undefined ? { ids: page, next: last } : { ids: page };
  };
}
