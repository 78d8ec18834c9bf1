import {
  indexWrite,
  type DomainEvent,
  type IndexWrite,
  type ProductEvent,
  type StockEvent,
} from '@orderstream/domain';
import { domainEvent, UnreadableEvent, type BusEvent, type Failures } from '@orderstream/lambda-kit';
import type { ProductIndex } from './product-index.ts';
import type { ProductSnapshots } from './product-snapshots.ts';

/** An event that may change what is found. */
export type IndexEvent = ProductEvent | StockEvent;

/** Products that are read at once. */
const AT_ONCE = 8;

/** @throws UnreadableEvent for an event of something else. */
export function indexEvent(event: BusEvent): IndexEvent {
  const read = domainEvent(event);
  if (isIndexEvent(read)) return read;
  throw new UnreadableEvent(event.id, `it speaks of an ${read.subject.kind}, which is not searched for`);
}

function isIndexEvent(event: DomainEvent): event is IndexEvent {
  return event.subject.kind !== 'order';
}

/** Handles events: each product is read as it stands now, and written to every generation of the index. */
export function indexEvents(snapshots: Pick<ProductSnapshots, 'read'>, index: ProductIndex) {
  return async (events: readonly IndexEvent[]): Promise<Failures<IndexEvent>> => {
    const bySku = Map.groupBy(events, ({ subject }) => subject.id);
    const failed = new Map<string, unknown>();
    try {
      // Looked up before the products are read: a generation made later is filled from products read later.
      const written = await index.written();
      const writes = await readWrites([...bySku.keys()], snapshots, failed, (sku) =>
        removalsIn(bySku.get(sku)),
      );
      for (const [sku, error] of await index.write(written, writes)) failed.set(sku, error);
    } catch (error) {
      return new Map(events.map((event) => [event, error]));
    }
    return new Map(
      [...failed].flatMap(([sku, error]) => (bySku.get(sku) ?? []).map((each) => [each, error])),
    );
  };
}

/**
 * What is to be written for some products. A product that cannot be read keeps none of the others.
 *
 * @param failed takes the errors, by SKU. @param removals versions in which a product's removal was told of.
 */
export async function readWrites(
  skus: readonly string[],
  snapshots: Pick<ProductSnapshots, 'read'>,
  failed: Map<string, unknown>,
  removals: (sku: string) => readonly number[] = () => [],
): Promise<IndexWrite[]> {
  const writes: IndexWrite[] = [];
  const waiting = [...skus];
  const workThrough = async (): Promise<void> => {
    for (let sku = waiting.shift(); sku !== undefined; sku = waiting.shift()) {
      try {
        const write = indexWrite(await snapshots.read(sku), removals(sku));
        if (write !== undefined) writes.push(write);
      } catch (error) {
        failed.set(sku, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workThrough));
  return writes;
}

function removalsIn(events: readonly IndexEvent[] = []): number[] {
  return events.flatMap(({ type, subject }) => (type === 'ProductRemoved' ? [subject.itemVersion] : []));
}
