import fc from 'fast-check';
import { consumerHandler, type BusEvent } from '@orderstream/lambda-kit';
import type { SQSEvent } from 'aws-lambda';
import { cacheEvent, CacheRefresh } from './refresh-cache.ts';
import { cacheRequest } from './request.ts';
import { FakeCache, FakeTables, quiet } from './testing/fakes.ts';

let tables: FakeTables;
let cache: FakeCache;
let handler: (payload: unknown) => Promise<unknown>;

beforeAll(quiet);
beforeEach(() => {
  tables = new FakeTables();
  cache = new FakeCache();
  const refresh = new CacheRefresh(tables, cache);
  const consumer = consumerHandler({
    read: cacheEvent,
    handle: refresh.handle,
    answer: cacheRequest(refresh),
  });
  handler = (payload) => consumer(payload as never);
});

const AT = '2026-01-01T00:00:00.000Z';
const order = (orderId: string, itemVersion: number, change = {}) => ({
  ...{ orderId, itemVersion, status: 'PLACED', placedAt: AT, updatedAt: AT, customerId: 'ada' },
  ...change,
});
const product = (sku: string, itemVersion: number, change = {}) => ({
  ...{ sku, itemVersion, name: 'Mug', unitPrice: '4.25', currency: 'GBP' },
  ...change,
});

function event(type: string, id: string, itemVersion = 1): BusEvent {
  const kind = type.startsWith('Order') ? 'order' : type.startsWith('Product') ? 'product' : 'stock';
  const about = { order: { lineCount: 1, units: 1 }, product: {}, stock: { available: 0 } }[kind];
  const detail = {
    ...{ eventId: `${id}/${type}`, schemaVersion: 1, occurredAt: AT, message: `${type}.`, type },
    subject: { kind, id, itemVersion },
    [kind]: about,
  };
  return { id: `bus-${id}`, source: 'orderstream', 'detail-type': type, detail };
}

function batch(...events: readonly BusEvent[]): SQSEvent {
  const Records = events.map((each, n) => ({ messageId: String(n), body: JSON.stringify(each) }));
  return { Records } as unknown as SQSEvent;
}

it('an entry is made of the item as it stands, not of the event', async () => {
  tables.items.set('order#1', order('1', 9, { status: 'SHIPPED', paymentToken: 'tok_secret' }));
  tables.items.set('product#MUG', product('MUG', 4, { margin: '0.9' }));

  const sent = batch(event('OrderPlaced', '1', 1), event('ProductChanged', 'MUG', 3));

  expect(await handler(sent)).toEqual({ batchItemFailures: [] });
  expect(cache.entries.get('order#1')).toEqual({ version: 9, value: order('1', 9, { status: 'SHIPPED' }) });
  expect(cache.entries.get('product#MUG')).toEqual({ version: 4, value: product('MUG', 4) });
});

it('a batch is read at once, an item of several events once', async () => {
  tables.items.set('order#1', order('1', 2));
  const put = jest.spyOn(cache, 'put');

  await handler(
    batch(event('OrderPlaced', '1', 1), event('OrderValidated', '1', 2), event('ProductAdded', 'A')),
  );

  expect([tables.reads, put.mock.calls.length]).toEqual([1, 1]);
});

it.each([
  ['a removed product', 'ProductRemoved', 'product#1'],
  ['a removed order', 'OrderRemoved', 'order#1'],
  ['an order that is gone when its event comes', 'OrderPaid', 'order#1'],
])('%s leaves a tombstone in the event’s version', async (_, type, key) => {
  await handler(batch(event(type, '1', 5), event(type, '1', 7)));

  expect(cache.entries.get(key)).toEqual({ version: 7 });
});

it('a product that is there again is not buried by the late word of its removal', async () => {
  tables.items.set('product#1', product('1', 20));

  await handler(batch(event('ProductRemoved', '1', 7)));

  expect(cache.entries.get('product#1')).toMatchObject({ version: 20, value: { sku: '1' } });
});

it('an item whose values cannot be cached leads readers to the table', async () => {
  tables.items.set('product#1', product('1', 20, { unitPrice: 4.25 }));

  await handler(batch(event('ProductChanged', '1', 20)));

  expect(cache.entries.get('product#1')).toEqual({ version: 20 });
});

describe('what fails comes again', () => {
  it('everything while the cache is down', async () => {
    cache.broken = new Error('down');
    const sent = batch(event('ProductAdded', 'A'), event('ProductAdded', 'B'));
    expect(await handler(sent)).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '1' }],
    });

    cache.broken = undefined;
    expect(await handler(sent)).toEqual({ batchItemFailures: [] });
  });

  it('everything when the tables cannot be read', async () => {
    tables.after = () => {
      throw new Error('down');
    };

    expect(await handler(batch(event('ProductAdded', 'A')))).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }],
    });
    expect(cache.entries.size).toBe(0);
  });

  it('an item that DynamoDB left unread, and none other; it does not count as removed', async () => {
    tables.items.set('product#B', product('B', 2));
    tables.unread.add('product#A');

    const sent = batch(event('ProductChanged', 'A'), event('ProductAdded', 'B'), event('ProductAdded', 'A'));

    expect(await handler(sent)).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '2' }],
    });
    expect([...cache.entries.keys()]).toEqual(['product#B']);
  });

  it('an event of stock, which was sent here by mistake', async () => {
    expect(await handler(batch(event('StockOut', 'A')))).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }],
    });
  });
});

it('in whatever order, how often and however slowly events are handled, the cache ends as the table', async () => {
  const step = fc.record({
    what: fc.constantFrom('write', 'remove'),
    handled: fc.nat(3),
    hold: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      tables.items.clear();
      cache.entries.clear();
      const held: PromiseWithResolvers<undefined>[] = [];
      const under: Promise<unknown>[] = [];
      const events: BusEvent[] = [];
      let clock = 1_000;
      for (const { what, handled, hold } of steps) {
        clock += 10;
        const before = Number(tables.items.get('product#A')?.['itemVersion'] ?? 0);
        if (what === 'write') {
          const version = before > 0 ? before + 1 : clock;
          tables.items.set('product#A', product('A', version));
          events.push(event('ProductChanged', 'A', version));
        } else if (before > 0) {
          tables.items.delete('product#A');
          events.push(event('ProductRemoved', 'A', before + 1));
        }
        cache.before = async () => {
          if (!hold) return;
          const wait = Promise.withResolvers<undefined>();
          held.push(wait);
          await wait.promise;
        };
        for (const each of events.slice(-handled)) under.push(handler(batch(each)));
        await new Promise(setImmediate);
      }
      cache.before = async () => undefined;
      for (const each of events.toReversed()) await handler(batch(each));
      for (const { resolve } of held.toReversed()) resolve(undefined);
      await Promise.all(under);

      expect(cache.entries.get('product#A')?.value).toEqual(tables.items.get('product#A'));
    }),
  );
});

describe('an operator', () => {
  beforeEach(() => {
    for (const id of ['1', '2', '3']) tables.items.set(`order#${id}`, order(id, 5));
  });

  it('has a table’s entries made anew, page by page', async () => {
    cache.entries.set('order#1', { version: 99 });

    expect(await handler({ rebuild: 'page', table: 'orders' })).toEqual({ counted: 2, next: '2' });
    expect(await handler({ rebuild: 'page', table: 'orders', from: '2' })).toEqual({ counted: 1 });

    expect([...cache.entries.values()].map(({ version, value }) => [version, value !== undefined])).toEqual(
      Array(3).fill([5, true]),
    );
  });

  it('has items’ entries made anew; those that are not there leave no trace of them', async () => {
    cache.entries.set('order#gone', { version: 5, value: order('gone', 5, { email: 'ada@example.com' }) });

    expect(await handler({ refresh: { kind: 'order', ids: ['1', 'gone'] } })).toEqual({ refreshed: 2 });

    expect(cache.forgotten).toEqual(['order#1', 'order#gone']);
    expect(cache.entries.get('order#gone')).toEqual({ version: expect.any(Number) });
    expect(cache.entries.get('order#gone')?.version).toBeGreaterThan(5);
  });

  it('does not undo what changes meanwhile', async () => {
    tables.after = () => {
      tables.after = () => undefined;
      tables.items.set('order#1', order('1', 6));
      cache.entries.set('order#1', { version: 6, value: order('1', 6) });
    };

    await handler({ refresh: { kind: 'order', ids: ['1'] } });

    expect(cache.entries.get('order#1')?.version).toBe(6);
  });

  it('is told when it did not work', async () => {
    cache.broken = new Error('down');

    await expect(handler({ refresh: { kind: 'order', ids: ['1'] } })).rejects.toThrow('down');
  });

  it.each([
    ['another table', { rebuild: 'page', table: 'stock' }, /table/],
    ['another step', { rebuild: 'begin', table: 'orders' }, /rebuild/],
    ['no ids', { refresh: { kind: 'order', ids: [] } }, /ids/],
    ['ids that are none', { refresh: { kind: 'order', ids: ['1', 'a b'] } }, /must be order ids/],
    ['an unknown kind', { refresh: { kind: 'stock', ids: ['1'] } }, /kind/],
    ['nothing', {}, /Send \{"rebuild":"page"/],
  ])('is told what is wrong with %s', async (_, request, why) => {
    await expect(handler(request)).rejects.toThrow(why);
    expect(cache.forgotten).toEqual([]);
  });
});
