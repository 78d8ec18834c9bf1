import fc from 'fast-check';
import { CHUNK_SKUS, chunksOf } from './allocation.ts';

const lines = fc.array(
  fc.record({
    sku: fc.integer({ min: 0, max: 400 }).map((number) => `SKU ${number}`),
    quantity: fc.integer({ min: 1, max: 1_000 }),
  }),
  { maxLength: 1_200, size: 'max' },
);

const sumsOf = (parts: readonly { sku: string; quantity: number }[]) => {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of parts) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
};

it('chunks hold all that was ordered, each SKU in one of them, once', () => {
  fc.assert(
    fc.property(lines, (ordered) => {
      const parts = chunksOf(ordered).flatMap(({ quantities }) => quantities);

      expect(sumsOf(parts)).toEqual(sumsOf(ordered));
      expect(new Set(parts.map(({ sku }) => sku)).size).toBe(parts.length);
    }),
    { numRuns: 50 },
  );
});

it('chunks are full but for the last, which says that it is', () => {
  fc.assert(
    fc.property(lines, (ordered) => {
      const chunks = chunksOf(ordered);

      chunks.forEach(({ chunk, last, quantities }, index) => {
        expect(chunk).toBe(index);
        expect(last).toBe(index === chunks.length - 1);
        expect(quantities.length).toBeGreaterThan(0);
        if (last) expect(quantities.length).toBeLessThanOrEqual(CHUNK_SKUS);
        else expect(quantities).toHaveLength(CHUNK_SKUS);
      });
    }),
    { numRuns: 50 },
  );
});

it('chunks are the same for the same goods, however the lines stand', () => {
  fc.assert(
    fc.property(lines, (ordered) => {
      expect(chunksOf(ordered.toReversed())).toEqual(chunksOf(ordered));
    }),
    { numRuns: 50 },
  );
});

it('SKUs that differ only in case are two', () => {
  const ordered = ['85123a', '85123A', '85123a'].map((sku) => ({ sku, quantity: 1 }));

  expect(chunksOf(ordered)).toEqual([
    {
      chunk: 0,
      last: true,
      quantities: [
        { sku: '85123A', quantity: 1 },
        { sku: '85123a', quantity: 2 },
      ],
    },
  ]);
});

it('an order without lines has no chunks', () => {
  expect(chunksOf([])).toEqual([]);
});
