import { consumerHandler, SearchService } from '@orderstream/lambda-kit';
import { indexEvent, indexEvents } from './index-products.ts';
import { ProductIndex } from './product-index.ts';
import { batch, event } from './testing/events.ts';
import { FakeOpenSearch } from './testing/fake-opensearch.ts';
import { FakeTables } from './testing/fake-tables.ts';
import { quiet } from './testing/quiet.ts';

beforeAll(quiet);

let opensearch: FakeOpenSearch;
let tables: FakeTables;
let handler: ReturnType<typeof consumerHandler>;

beforeEach(async () => {
  opensearch = new FakeOpenSearch();
  tables = new FakeTables();
  const index = new ProductIndex(new SearchService(await opensearch.start(), 30_000));
  handler = consumerHandler({ read: indexEvent, handle: indexEvents(tables, index) });
});
afterEach(() => opensearch.stop());

const documentOf = (sku: string) => opensearch.indexes.get('products-1')?.documents.get(sku);

it('the first product makes the index, with its fields and aliases at once', async () => {
  tables.write('MUG');
  tables.receive('MUG', 3);

  expect(await handler(batch(event('ProductAdded', 'MUG')))).toEqual({ batchItemFailures: [] });

  expect(opensearch.found()).toMatchObject([
    { sku: 'MUG', name: 'Product MUG', unitPrice: '4.25', price: 4.25, inStock: true, removed: false },
  ]);
  const index = opensearch.indexes.get('products-1');
  expect(index?.aliases).toEqual(new Set(['products', 'products-write', 'products-1-write']));
  expect(Object.keys(index?.body.mappings.properties).toSorted()).toEqual(
    Object.keys(documentOf('MUG')?.source).toSorted(),
  );
});

it('a batch costs one look-up and one write', async () => {
  for (const sku of ['A', 'B', 'C']) tables.write(sku);
  await handler(batch(event('ProductAdded', 'A')));
  opensearch.calls.length = 0;

  await handler(batch(event('ProductChanged', 'A'), event('ProductAdded', 'B'), event('StockBack', 'C')));

  expect(opensearch.calls).toEqual(['GET /_alias/products-write', 'POST /_bulk']);
});

it('two containers that make the first index at once end with one', async () => {
  tables.write('A');
  tables.write('B');
  const meet = meeting(2);
  opensearch.before = async (call) => (call.startsWith('PUT ') ? meet() : undefined);

  const ends = await Promise.all([
    handler(batch(event('ProductAdded', 'A'))),
    handler(batch(event('ProductAdded', 'B'))),
  ]);

  expect(ends).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect([...opensearch.indexes.keys()]).toEqual(['products-1']);
  expect(opensearch.found().map(({ sku }) => sku)).toEqual(expect.arrayContaining(['A', 'B']));
});

it('a name that an index without aliases has taken is passed over', async () => {
  tables.write('A');
  opensearch.indexes.set('products-1', { body: {}, aliases: new Set(), documents: new Map() });

  await handler(batch(event('ProductAdded', 'A')));

  expect(opensearch.behind('products')).toEqual(['products-2']);
});

it('a removed product leaves the index and no late event brings it back', async () => {
  tables.write('MUG');
  await handler(batch(event('ProductAdded', 'MUG')));
  // A handling that read the product before it was removed, and writes after that was handled.
  const removed = meeting(2);
  let slow = true;
  const read = tables.read;
  Object.assign(tables, {
    read: async (sku: string) => {
      const snapshot = await read(sku);
      if (slow) {
        slow = false;
        await removed();
      }
      return snapshot;
    },
  });
  const late = handler(batch(event('StockBack', 'MUG')));
  while (slow) await new Promise(setImmediate);
  const version = tables.remove('MUG');
  await handler(batch(event('ProductRemoved', 'MUG', version)));
  await removed();
  await late;
  await handler(batch(event('ProductChanged', 'MUG', version - 1)));
  await handler(batch(event('ProductRemoved', 'MUG', version)));

  expect(opensearch.found()).toEqual([]);
  expect(documentOf('MUG')?.source).toEqual({ sku: 'MUG', removed: true });
});

it('a product that is created anew is found again', async () => {
  tables.write('MUG');
  const version = tables.remove('MUG');
  tables.write('MUG', { name: 'Better mug' });

  await handler(batch(event('ProductAdded', 'MUG', 3_001), event('ProductRemoved', 'MUG', version)));

  expect(opensearch.found()).toMatchObject([{ name: 'Better mug' }]);
});

describe('what fails comes again, and nothing else', () => {
  beforeEach(async () => {
    tables.write('GOOD');
    tables.write('BAD');
  });

  it('a product that the index does not take', async () => {
    await handler(batch(event('ProductAdded', 'GOOD')));
    opensearch.intercept = (call, body) => {
      if (call !== 'POST /_bulk') return undefined;
      const ids = body.split('\n').flatMap((line) => line.match(/"_id":"(\w+)"/)?.[1] ?? []);
      const error = { type: 'mapper_parsing_exception', reason: 'no' };
      const items = ids.map((_id) => ({ index: _id === 'BAD' ? { status: 400, error } : { status: 200 } }));
      return { status: 200, body: { errors: true, items } };
    };

    const sent = batch(event('ProductAdded', 'BAD'), event('ProductAdded', 'GOOD'), event('StockOut', 'BAD'));

    expect(await handler(sent)).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '2' }],
    });
  });

  it('a product that cannot be read', async () => {
    tables.before = async (sku) => {
      if (sku === 'BAD') throw new Error('throttled');
    };

    expect(await handler(batch(event('ProductAdded', 'BAD'), event('ProductAdded', 'GOOD')))).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }],
    });
    expect(opensearch.found()).toMatchObject([{ sku: 'GOOD' }]);
  });

  it('everything, while the index is down', async () => {
    opensearch.intercept = () => ({ status: 503 });
    const sent = batch(event('ProductAdded', 'BAD'), event('ProductAdded', 'GOOD'));

    expect(await handler(sent)).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '1' }],
    });

    opensearch.intercept = () => undefined;
    expect(await handler(sent)).toEqual({ batchItemFailures: [] });
    expect(opensearch.found()).toHaveLength(2);
  });

  it('an event of an order, which was sent here by mistake', async () => {
    const { detail, ...order } = event('ProductAdded', 'GOOD');
    const wrong = {
      ...order,
      detail: { ...Object(detail), type: 'OrderPlaced', order: { lineCount: 1, units: 1 } },
    };

    expect(await handler(batch(wrong, event('ProductAdded', 'GOOD')))).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }],
    });
  });
});

/** A function that resolves when it was called so many times: where several meet. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return () => {
    count -= 1;
    if (count === 0) resolve(undefined);
    return promise;
  };
}
