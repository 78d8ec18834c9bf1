import { anOrder } from './an-order.fixture.ts';
import type { Order } from './order.ts';
import {
  endedOrder,
  SALE_CHUNK_SKUS,
  salesChunks,
  salesGeneration,
  salesMonth,
  salesPartition,
  salesShard,
  UncountableOrder,
} from './sales.ts';

const shipped = (change: Partial<Order> = {}) =>
  anOrder({ status: 'SHIPPED', placedAt: '2011-11-14T13:59:59Z', ...change });

const rejected = (change: Record<string, unknown> = {}) => ({
  orderId: 'order-1',
  status: 'REJECTED',
  placedAt: '2011-11-14T13:00:00Z',
  closedAt: '2011-11-15T00:00:00.000Z',
  updatedAt: '2011-11-16T00:00:00.000Z',
  closing: { as: 'REJECTED', cause: 'OutOfStock', message: '', at: '' },
  closedFrom: 'PAID',
  ...change,
});

const buckets = (order: Record<string, unknown>) =>
  salesChunks(endedOrder(order), 1).flatMap(({ additions }) => additions.map(({ bucket }) => bucket));

it('a sale is counted on the day and hour at which the order was placed, by country and by product', () => {
  const [chunk, ...more] = salesChunks(endedOrder({ ...shipped() }), 3);

  const metric = `sales#3#2011-11#${salesShard('order-1')}`;
  const sale = { orders: 1, units: 3, revenue: '28.741' };
  expect(more).toEqual([]);
  expect(chunk).toEqual({
    marker: { metric: 'sale#3#order-1', bucket: '0' },
    additions: [
      { metric, bucket: 'day#2011-11-14', add: sale },
      { metric, bucket: 'hour#2011-11-14T13', add: sale },
      { metric, bucket: 'country#2011-11-14#United Kingdom', add: sale },
      { metric, bucket: 'end#2011-11-14#SHIPPED#ALLOCATED#', add: { orders: 1 } },
      { metric, bucket: 'product#2011-11-14#MUG', add: { orders: 1, units: 2, revenue: '19' } },
      { metric, bucket: 'product#2011-11-14#mug', add: { orders: 1, units: 1, revenue: '0.001' } },
    ],
  });
});

it('an order that ended otherwise is one row', () => {
  expect(buckets(rejected())).toEqual(['end#2011-11-14#REJECTED#PAID#OutOfStock']);
});

it('an order that was imported with its end says neither where it stood nor why', () => {
  const imported = { orderId: 'order-1', status: 'REJECTED', placedAt: '2011-11-14T13:00:00Z' };

  expect(buckets(imported)).toEqual(['end#2011-11-14#REJECTED##']);
});

it.each<[string, unknown]>([
  ['without a cause', { as: 'REJECTED' }],
  ['with a cause that is no text', { cause: 7 }],
  ['that is none', 'OutOfStock'],
  ['that is empty', null],
])('a closing %s is counted without its cause', (_, closing) => {
  expect(buckets(rejected({ closing }))).toEqual(['end#2011-11-14#REJECTED#PAID#']);
});

it.each([
  ['when it ended', { placedAt: 'yesterday' }, '2011-11-15'],
  ['at its last write', { placedAt: 7, closedAt: undefined }, '2011-11-16'],
])('an order rejected because placedAt is no time counts on the day %s', (_, change, day) => {
  expect(buckets(rejected(change))).toEqual([`end#${day}#REJECTED#PAID#OutOfStock`]);
});

it('the same SKU on several lines is one row', () => {
  const lines = [
    { sku: 'A', quantity: 2, unitPrice: '0.1' },
    { sku: 'A', quantity: 1, unitPrice: '0.2' },
  ];

  const [{ additions } = { additions: [] }] = salesChunks(endedOrder({ ...shipped({ lines }) }), 1);
  expect(additions.at(-1)).toMatchObject({
    bucket: 'product#2011-11-14#A',
    add: { orders: 1, units: 3, revenue: '0.4' },
  });
});

it.each([
  [1, [5]],
  [SALE_CHUNK_SKUS, [94]],
  [SALE_CHUNK_SKUS + 1, [94, 1]],
  [1_114, [94, ...Array.from({ length: 11 }, () => 90), 34]],
])('%i SKUs make chunks of so many rows: %j', (count, sizes) => {
  const lines = Array.from({ length: count }, (_, n) => ({ sku: `S${n}`, quantity: 1, unitPrice: '1' }));

  const chunks = salesChunks(endedOrder({ ...shipped({ lines }) }), 1);

  expect(chunks.map(({ additions }) => additions.length)).toEqual(sizes);
  expect(chunks.map(({ marker }) => marker.bucket)).toEqual(sizes.map((_, chunk) => String(chunk)));
  expect(new Set(chunks.flatMap(({ additions }) => additions.map(({ bucket }) => bucket))).size).toBe(
    count + 4,
  );
});

it('chunks are the same however the lines are sorted', () => {
  const lines = Array.from({ length: 200 }, (_, n) => ({ sku: `S${n}`, quantity: n + 1, unitPrice: '1' }));

  expect(salesChunks(endedOrder({ ...shipped({ lines: lines.toReversed() }) }), 1)).toEqual(
    salesChunks(endedOrder({ ...shipped({ lines }) }), 1),
  );
});

it('the longest values make keys that DynamoDB takes', () => {
  const sku = '\u{1F9E6}'.repeat(64);
  const country = '\u20AC'.repeat(100);
  const cause = '\u{1F9E6}'.repeat(5_000);

  const keys = [
    ...buckets({ ...shipped({ country, lines: [{ sku, quantity: 1, unitPrice: '1' }] }) }),
    ...buckets(rejected({ closing: { cause } })),
  ];

  expect(keys).toContain(`product#2011-11-14#${sku}`);
  for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
});

it('an order whose customer was forgotten is counted like before', () => {
  const personal = ['customerId', 'email', 'phone', 'shippingAddress', 'paymentToken', 'trace'];
  const forgotten = Object.fromEntries(
    Object.entries({ ...shipped(), forgottenAt: '2026-01-01T00:00:00.000Z' }).filter(
      ([name]) => !personal.includes(name),
    ),
  );

  expect(salesChunks(endedOrder(forgotten), 1)).toEqual(salesChunks(endedOrder({ ...shipped() }), 1));
});

const line = { sku: 'A', quantity: 1, unitPrice: '1' };

it.each<[string, Record<string, unknown>, string]>([
  ['is open', { status: 'PAID' }, 'it is "PAID", which is no end'],
  ['has no status', { status: undefined }, 'it is undefined, which is no end'],
  ['has no lines', { lines: [] }, 'lines: must have at least one line'],
  ['has no total', { total: undefined }, 'total: '],
  ['has a total that is no decimal', { total: 12.5 }, 'total: '],
  ['has no country', { country: ' ' }, 'country: '],
  ['has a day that no calendar has', { placedAt: '2011-02-30T00:00:00Z' }, 'placedAt: must be a time in UTC'],
  ['takes goods back', { lines: [{ ...line, quantity: -1 }] }, 'lines.0.quantity: must be at least 1'],
  ['gives goods away', { lines: [line, { ...line, unitPrice: '0' }] }, 'lines.1.unitPrice: must be more'],
])('an order that %s is not counted, and the error says why', (_, change, problem) => {
  const count = () => endedOrder({ ...shipped(), ...change });

  expect(count).toThrow(UncountableOrder);
  expect(count).toThrow(`Order "order-1" cannot be counted: ${problem}`);
  expect(count).toThrow(/Correct the order, then redrive the event or rebuild the sales figures\.$/);
});

it('an order that ended, nobody knows when, is not counted', () => {
  expect(() => endedOrder(rejected({ placedAt: '', closedAt: '', updatedAt: '' }))).toThrow(
    'none of placedAt, closedAt and updatedAt is a time',
  );
});

it.each([
  ['sales#2', 2],
  ['sales#12#2011-11#3', 12],
  ['sale#2#order-1', 2],
  ['sales', undefined],
  ['sales#', undefined],
  ['sales#x', undefined],
  ['activity#2026-01-01', undefined],
  ['wholesale#2#1', undefined],
])('%s is of generation %s', (metric, generation) => {
  expect(salesGeneration(metric)).toBe(generation);
});

it('orders are spread over eight partitions a month', () => {
  const shards = new Set(Array.from({ length: 200 }, (_, n) => salesShard(`order-${n}`)));

  expect([...shards].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(salesPartition(1, salesMonth({ placedAt: '2011-11-14T13:00:00Z' }), 0)).toBe('sales#1#2011-11#0');
});
