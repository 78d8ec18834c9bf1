import type { OrderLine } from './order.ts';

/** SKUs in one transaction: DynamoDB takes 100 items, one is the chunk's marker and one the order. */
export const CHUNK_SKUS = 98;

/** What a marker in the allocations table says of its chunk; `released` is final. */
export type ChunkState = 'taken' | 'shipped' | 'released';

/** A part of an order's goods that moves in one transaction. */
export interface Chunk {
  /** 0, 1, 2 …: the same for the same lines at every run. */
  readonly chunk: number;
  /** Whether the order has no chunk after this one. */
  readonly last: boolean;
  readonly quantities: readonly { readonly sku: string; readonly quantity: number }[];
}

/**
 * The order's goods, summed by SKU (the same SKU twice in one order is normal), sorted, and cut into chunks. It depends
 * on nothing but the lines, so every run of every stage sees the same chunks.
 */
export function chunksOf(lines: readonly Pick<OrderLine, 'sku' | 'quantity'>[]): Chunk[] {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.sku, (sums.get(line.sku) ?? 0) + line.quantity);
  const quantities = [...sums]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1));
  const count = Math.ceil(quantities.length / CHUNK_SKUS);
  return Array.from({ length: count }, (_, chunk) => ({
    chunk,
    last: chunk === count - 1,
    quantities: quantities.slice(chunk * CHUNK_SKUS, (chunk + 1) * CHUNK_SKUS),
  }));
}
