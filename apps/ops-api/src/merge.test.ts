import fc from 'fast-check';
import { cut, newestFirst, type Moment } from './merge.ts';

interface Item extends Record<string, unknown> {
  readonly orderId: string;
  readonly placedAt: string;
}

/** Orders in shards, many of them of the same time, and sizes of the pages in which a shard is read. */
const shards = fc.array(
  fc.record({
    times: fc.array(fc.integer({ min: 10, max: 14 }), { maxLength: 12 }),
    pageSize: fc.integer({ min: 1, max: 4 }),
    ascendingTies: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

async function* pagesOf(items: readonly Item[], size: number): AsyncGenerator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

it('pages through shards show every order once, newest first, whatever shares its time', async () => {
  await fc.assert(
    fc.asyncProperty(shards, fc.integer({ min: 1, max: 5 }), async (given, wanted) => {
      const all = given.map(({ times, pageSize, ascendingTies }, shard) => {
        const items = times.map((time, n): Item => ({ orderId: `${shard}-${n}`, placedAt: `${time}` }));
        const ties = ascendingTies ? 1 : -1;
        items.sort(
          (a, b) => b.placedAt.localeCompare(a.placedAt) || ties * a.orderId.localeCompare(b.orderId),
        );
        return { items, pageSize };
      });
      const listed: unknown[] = [];
      let before: Moment | undefined;
      for (let more = true; more;) {
        const read = await Promise.all(
          all.map(({ items, pageSize }) => newestFirst(pagesOf(items, pageSize), 'placedAt', wanted, before)),
        );
        const page = cut({ orders: read.flat(), sort: 'placedAt' }, wanted);
        expect(page.orders.length).toBeLessThanOrEqual(wanted);
        if (page.more) expect(page.orders).toHaveLength(wanted);
        listed.push(...page.orders);
        before = page.last ?? before;
        more = page.more;
      }

      const expected = all
        .flatMap(({ items }) => items)
        .sort((a, b) => b.placedAt.localeCompare(a.placedAt) || b.orderId.localeCompare(a.orderId));
      expect(listed).toEqual(expected);
    }),
  );
});

it('reads no further than it must', async () => {
  const items = Array.from({ length: 100 }, (_, n) => ({ orderId: `${n}`, placedAt: `${900 - n}` }));
  let pages = 0;
  async function* counted() {
    for await (const page of pagesOf(items, 5)) {
      pages += 1;
      yield page;
    }
  }

  const found = await newestFirst(counted(), 'placedAt', 4, { at: '890', orderId: '10' });

  // Orders 11 to 14 are wanted; the third page ends with the last of them, the fourth shows that it is complete.
  expect(found.slice(0, 4).map(({ orderId }) => orderId)).toEqual(['11', '12', '13', '14']);
  expect(pages).toBe(4);
});
