import fc from 'fast-check';
import { consumerHandler, SearchService } from '@orderstream/lambda-kit';
import { indexEvent, indexEvents } from './index-products.ts';
import { ProductIndex } from './product-index.ts';
import { rebuildIndex } from './rebuild.ts';
import { batch, event } from './testing/events.ts';
import { FakeOpenSearch } from './testing/fake-opensearch.ts';
import { FakeTables } from './testing/fake-tables.ts';
import { quiet } from './testing/quiet.ts';

let opensearch: FakeOpenSearch;
let tables: FakeTables;
let handler: (payload: unknown) => Promise<unknown>;

beforeEach(async () => {
  opensearch = new FakeOpenSearch();
  tables = new FakeTables();
  await start();
});
afterEach(() => opensearch.stop());
beforeAll(quiet);

async function start(): Promise<void> {
  const index = new ProductIndex(new SearchService(await opensearch.start(), 30_000));
  const consumer = consumerHandler({
    read: indexEvent,
    handle: indexEvents(tables, index),
    answer: rebuildIndex(tables, index),
  });
  handler = (payload) => consumer(payload as never);
}

async function fill(generation: number): Promise<void> {
  let from: string | undefined;
  do {
    const page = { rebuild: 'page', generation, ...(from === undefined ? {} : { from }) };
    from = ((await handler(page)) as { next?: string }).next;
  } while (from !== undefined);
}

const skus = () =>
  opensearch
    .found()
    .map(({ sku }) => sku)
    .toSorted();

it('a rebuilt index has all products, takes the place of the old one, and searches never find none', async () => {
  for (const sku of ['A', 'B', 'C', 'D']) tables.write(sku);
  await handler(batch(event('ProductAdded', 'A')));

  expect(await handler({ rebuild: 'begin' })).toEqual({ generation: 2, resumed: false });
  expect([opensearch.behind('products'), opensearch.behind('products-write')]).toEqual([
    ['products-1'],
    ['products-1', 'products-2'],
  ]);
  expect(await handler({ rebuild: 'page', generation: 2 })).toEqual({ counted: 3, next: 'C' });
  expect(await handler({ rebuild: 'page', generation: 2, from: 'C' })).toEqual({ counted: 1 });
  expect(skus()).toEqual(['A']);
  expect(await handler({ rebuild: 'finish', generation: 2 })).toEqual({ removed: [1] });

  expect(skus()).toEqual(['A', 'B', 'C', 'D']);
  expect([...opensearch.indexes.keys()]).toEqual(['products-2']);
  expect(opensearch.behind('products-write')).toEqual(['products-2']);
});

it('each step may be done twice, and one that crashed is gone on with', async () => {
  tables.write('A');
  await handler({ rebuild: 'begin' });

  expect(await handler({ rebuild: 'begin' })).toEqual({ generation: 2, resumed: true });
  await fill(2);
  await fill(2);
  await handler({ rebuild: 'finish', generation: 2 });
  expect(await handler({ rebuild: 'finish', generation: 2 })).toEqual({ removed: [] });

  expect(skus()).toEqual(['A']);
  expect(await handler({ rebuild: 'begin' })).toEqual({ generation: 3, resumed: false });
});

it('finishing again after the next rebuild began leaves that alone', async () => {
  tables.write('A');
  await handler({ rebuild: 'begin' });
  await fill(2);
  await handler({ rebuild: 'finish', generation: 2 });
  await handler({ rebuild: 'begin' });
  await fill(3);

  expect(await handler({ rebuild: 'finish', generation: 2 })).toEqual({ removed: [] });

  expect(opensearch.behind('products')).toEqual(['products-2']);
  expect(opensearch.behind('products-write')).toEqual(['products-2', 'products-3']);
  expect(await handler({ rebuild: 'finish', generation: 3 })).toEqual({ removed: [2] });
});

it('two begins at once make one generation', async () => {
  await handler(batch(event('ProductAdded', 'A')));

  const begun = await Promise.all([handler({ rebuild: 'begin' }), handler({ rebuild: 'begin' })]);

  expect(begun).toEqual([
    expect.objectContaining({ generation: 2 }),
    expect.objectContaining({ generation: 2 }),
  ]);
  expect(opensearch.behind('products-write')).toEqual(['products-1', 'products-2']);
});

it('a writer that looked before the old index was deleted does not bring it back', async () => {
  tables.write('A');
  await handler({ rebuild: 'begin' });
  await fill(2);
  const reading = Promise.withResolvers<undefined>();
  tables.before = () => reading.promise;
  const late = handler(batch(event('ProductChanged', 'A')));
  while (!opensearch.calls.at(-1)?.endsWith('/products-write')) await new Promise(setImmediate);
  await handler({ rebuild: 'finish', generation: 2 });
  reading.resolve(undefined);

  expect(await late).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  expect([...opensearch.indexes.keys()]).toEqual(['products-2']);
  expect(await handler(batch(event('ProductChanged', 'A')))).toEqual({ batchItemFailures: [] });
});

it.each([
  [
    'a generation that is not being built',
    { rebuild: 'page', generation: 7 },
    /Generation 7 is not being built/,
  ],
  [
    'the one that is searched',
    { rebuild: 'page', generation: 1 },
    /Generation 1 is not being built; none is/,
  ],
  ['the end of none', { rebuild: 'finish', generation: 7 }, /Generation 7 is not being built/],
  ['a word that is none', { rebuild: 'now' }, /no request to rebuild.*Send \{"rebuild":"begin"\}/],
  ['more than is known', { rebuild: 'begin', force: true }, /force|no request/],
  ['nothing', {}, /no request to rebuild/],
])('%s is refused', async (_, request, why) => {
  tables.write('A');
  await handler(batch(event('ProductAdded', 'A')));

  await expect(handler(request)).rejects.toThrow(why);
  expect(opensearch.behind('products')).toEqual(['products-1']);
});

it('a product that cannot be read keeps the rebuild from going on without it', async () => {
  tables.write('A');
  await handler({ rebuild: 'begin' });
  tables.before = async () => {
    throw new Error('throttled');
  };

  await expect(handler({ rebuild: 'page', generation: 2 })).rejects.toThrow('throttled');
});

it('changes during a rebuild, handled whenever and in whatever order, end in both generations', async () => {
  const change = fc.record({
    what: fc.constantFrom('write' as const, 'remove' as const, 'goods' as const),
    sku: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
    at: fc.nat(6),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 10 }), fc.array(fc.nat(6)), async (changes, delays) => {
      await opensearch.stop();
      opensearch = new FakeOpenSearch();
      tables = new FakeTables();
      await start();
      for (const sku of ['A', 'B', 'C', 'D']) {
        tables.write(sku);
        await handler(batch(event('ProductAdded', sku)));
      }

      /** By step: events that are handled then. */
      const due: ReturnType<typeof event>[][] = Array.from({ length: 20 }, () => []);
      const steps = [
        () => handler({ rebuild: 'begin' }),
        () => handler({ rebuild: 'page', generation: 2 }),
        () => handler({ rebuild: 'page', generation: 2, from: 'C' }),
        () => fill(2),
        () => handler({ rebuild: 'finish', generation: 2 }),
      ];
      for (let step = 0; step < due.length; step += 1) {
        for (const [n, { what, sku, at }] of changes.entries()) {
          if (at !== step) continue;
          const told = what === 'remove' ? tables.remove(sku) : 1;
          if (what === 'write') tables.write(sku, { name: `Changed ${n}` });
          if (what === 'goods') tables.receive(sku, n % 2);
          const type = { write: 'ProductChanged', remove: 'ProductRemoved', goods: 'StockBack' }[what];
          due[step + (delays[n] ?? 0)]?.push(event(type, sku, told));
        }
        const events = due[step] ?? [];
        await Promise.all([steps[step]?.(), ...events.map((each) => handler(batch(each)))]);
      }
      // A handling that met the switch came again.
      for (const each of due.flat()) await handler(batch(each));

      const wanted = [...tables.products.values()].map(({ sku, name }) => ({ sku, name }));
      const found = opensearch.found().map(({ sku, name }) => ({ sku, name }));
      expect(opensearch.behind('products')).toEqual(['products-2']);
      expect(found.toSorted(bySku)).toEqual(wanted.toSorted(bySku));
    }),
    { numRuns: 25 },
  );
});

function bySku(a: { sku?: unknown }, b: { sku?: unknown }): number {
  return String(a.sku).localeCompare(String(b.sku));
}
