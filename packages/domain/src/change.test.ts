import fc from 'fast-check';
import { anOrder } from './an-order.fixture.ts';
import { readChange, UnreadableChange, type ItemChange, type Reaction } from './change.ts';
import { MOST_EVENT_LINES } from './event-names.ts';
import { eventSchema } from './events.ts';
import type { Order } from './order.ts';
import { ORDER_STATUSES } from './status.ts';

const RECORD = { recordId: 'record-1', at: 1_767_260_000 };

function orderChange(kind: ItemChange['kind'], before?: Partial<Order>, after?: Partial<Order>): ItemChange {
  return {
    ...RECORD,
    table: 'orders',
    kind,
    keys: { orderId: 'order-1' },
    ...(before === undefined ? {} : { oldImage: anOrder(before) }),
    ...(after === undefined ? {} : { newImage: anOrder(after) }),
  };
}

function itemChange(
  table: 'products' | 'stock',
  kind: ItemChange['kind'],
  oldImage?: object,
  newImage?: object,
): ItemChange {
  const image = (values?: object) => (values === undefined ? undefined : { itemVersion: 5, ...values });
  return {
    ...RECORD,
    table,
    kind,
    keys: { sku: 'MUG' },
    oldImage: image(oldImage),
    newImage: image(newImage),
  };
}

const types = ({ events }: Reaction) => events.map(({ type }) => type);
const PRODUCT = { name: 'Mug', unitPrice: '9.50', currency: 'GBP' };

describe('every row of the table', () => {
  it.each<[string, ItemChange, string[], string | undefined]>([
    ['a new order', orderChange('INSERT', undefined, {}), ['OrderPlaced'], 'order-1'],
    [
      'a new order that has ended',
      orderChange('INSERT', undefined, { status: 'SHIPPED' }),
      ['OrderShipped'],
      undefined,
    ],
    [
      'an order that moved',
      orderChange('MODIFY', { status: 'PAID' }, { status: 'ALLOCATED' }),
      ['OrderAllocated'],
      undefined,
    ],
    [
      'an order that did not move',
      orderChange('MODIFY', {}, { cancelRequestedAt: '2026-01-01T00:00:00.000Z' }),
      [],
      undefined,
    ],
    ['an order that is gone', orderChange('REMOVE', {}), ['OrderRemoved'], undefined],
    ['a new product', itemChange('products', 'INSERT', undefined, PRODUCT), ['ProductAdded'], undefined],
    ['a changed product', itemChange('products', 'MODIFY', PRODUCT, PRODUCT), ['ProductChanged'], undefined],
    ['a product that is gone', itemChange('products', 'REMOVE', PRODUCT), ['ProductRemoved'], undefined],
    [
      'the first goods of a SKU',
      itemChange('stock', 'INSERT', undefined, { available: 3 }),
      ['StockBack'],
      undefined,
    ],
    ['new stock of nothing', itemChange('stock', 'INSERT', undefined, { available: 0 }), [], undefined],
    [
      'stock that falls to the mark',
      itemChange('stock', 'MODIFY', { available: 11 }, { available: 10 }),
      ['StockLow'],
      undefined,
    ],
    [
      'stock that falls below the mark',
      itemChange('stock', 'MODIFY', { available: 10 }, { available: 9 }),
      [],
      undefined,
    ],
    [
      'stock that runs out',
      itemChange('stock', 'MODIFY', { available: 50 }, { available: 0 }),
      ['StockOut'],
      undefined,
    ],
    [
      'stock that is back',
      itemChange('stock', 'MODIFY', { available: 0 }, { available: 1 }),
      ['StockBack'],
      undefined,
    ],
    ['stock that is gone', itemChange('stock', 'REMOVE', { available: 3 }), [], undefined],
  ])('%s', (_, change, events, execution) => {
    const reaction = readChange(change);

    expect(types(reaction)).toEqual(events);
    expect(reaction.workflow?.executionName).toBe(execution);
    for (const event of reaction.events) {
      expect(event.eventId).toBe(`record-1/${event.type}`);
      expect(eventSchema.parse(event)).toEqual(event);
    }
    expect(readChange(change)).toEqual(reaction);
  });

  it.each(ORDER_STATUSES)('an order that came to %s', (status) => {
    const before = status === 'PLACED' ? 'VALIDATED' : 'PLACED';
    const { events } = readChange(orderChange('MODIFY', { status: before }, { status }));

    const name = `Order${status[0]}${status.slice(1).toLowerCase()}`;
    expect(events).toMatchObject([{ type: name, status, previousStatus: before }]);
    expect(eventSchema.parse(events[0])).toEqual(events[0]);
  });
});

it('starts a workflow with nothing but the order and its trace', () => {
  const trace = 'Root=1-4ec1c1c0-0123456789abcdef01234567;Sampled=1';
  const { workflow } = readChange(orderChange('INSERT', undefined, { trace }));

  expect(workflow?.input).toEqual({ orderId: 'order-1', trace });
});

it.each(['Root=1', 'Root=1-nonsense\nX: y', `Root=1-4ec1c1c0-0123456789abcdef01234567;${'x'.repeat(256)}`])(
  'takes %j for no trace',
  (trace) => {
    const { workflow, events } = readChange(orderChange('INSERT', undefined, { trace }));

    expect(workflow?.input).toEqual({ orderId: 'order-1' });
    expect(events[0]).not.toHaveProperty('trace');
  },
);

it('leaves out a text that is longer than any real one, and lines of what is no SKU', () => {
  const change = {
    customerId: 'c'.repeat(501),
    country: 'F'.repeat(500),
    lines: [{ sku: 'x'.repeat(65), quantity: 2, unitPrice: '1' }],
  };
  const [event] = readChange(orderChange('INSERT', undefined, change)).events;

  expect(event).toMatchObject({ order: { country: change.country, lineCount: 1, units: 2 } });
  expect(event).not.toHaveProperty('order.customerId');
  expect(event).not.toHaveProperty('order.lines');
});

it('stays small, whatever was written to a table', () => {
  const long = fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), fc.constantFrom(1, 8, 5_000))
    .map(([text, times]) => text.repeat(times));
  const lines = fc
    .tuple(fc.oneof(long, fc.constant('\u{1F9E6}'.repeat(64))), fc.constantFrom(1, 200, 2_000))
    .map(([sku, count]) => Array.from({ length: count }, () => ({ sku, quantity: -1.5e300 })));
  const anything = fc.oneof(long, fc.double({ noNaN: true }), fc.anything({ maxDepth: 2 }));
  const names = ['customerId', 'country', 'currency', 'total', 'placedAt', 'updatedAt', 'name', 'unitPrice'];
  const images = fc.record({
    ...Object.fromEntries(names.map((name) => [name, anything])),
    trace: fc.oneof(anything, fc.constant(`Root=1-4ec1c1c0-0123456789abcdef01234567${'"'.repeat(216)}`)),
    status: fc.constantFrom(...ORDER_STATUSES),
    itemVersion: fc.nat(),
    available: fc.nat(),
    lines: fc.oneof(lines, anything),
    closing: fc.oneof(fc.record({ cause: anything }), anything),
  });
  const changes = fc.record({
    recordId: fc.constant('f'.repeat(32)),
    at: fc.constant(RECORD.at),
    table: fc.constantFrom('orders' as const, 'products' as const, 'stock' as const),
    kind: fc.constantFrom('INSERT' as const, 'MODIFY' as const, 'REMOVE' as const),
    keys: fc.record({ orderId: fc.constant('o'.repeat(64)), sku: fc.string({ maxLength: 2_048 }) }),
    oldImage: images,
    newImage: images,
  });

  fc.assert(
    fc.property(changes, (change) => {
      const isHalfWay = ['VALIDATED', 'PAID', 'ALLOCATED'].includes(change.newImage.status);
      fc.pre(!(change.table === 'orders' && change.kind === 'INSERT' && isHalfWay));
      const { workflow, events } = readChange(change);

      expect(Buffer.byteLength(JSON.stringify(workflow?.input ?? {}))).toBeLessThan(1_024);
      for (const event of events) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(200 * 1_024);
    }),
    { numRuns: 300 },
  );
});

it('tells nothing of who the customer is, where they live or how they pay', () => {
  const cancelled = {
    status: 'CANCELLED',
    closing: { as: 'CANCELLED', cause: 'CancellationRequested', message: 'Ada asked.', at: '2026' },
  } as const;
  const told = JSON.stringify([
    readChange(orderChange('INSERT', undefined, {})),
    readChange(orderChange('MODIFY', {}, cancelled)),
    readChange(orderChange('REMOVE', {})),
  ]);

  for (const secret of ['ada@', '7946', 'Ada', 'St James', 'London', 'tok_'])
    expect(told).not.toContain(secret);
});

it('counts the lines of an order that has too many of them to tell', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ sku: `${index}`, quantity: 2, unitPrice: '1' }));
  const told = (count: number) =>
    readChange(orderChange('INSERT', undefined, { lines: lines(count) })).events[0];

  expect(told(MOST_EVENT_LINES)).toHaveProperty('order.lines.length', MOST_EVENT_LINES);
  expect(told(MOST_EVENT_LINES + 1)).toMatchObject({ order: { lineCount: 201, units: 402 } });
  expect(told(MOST_EVENT_LINES + 1)).not.toHaveProperty('order.lines');
});

it('tells why an order was rejected, and when', () => {
  const closing = {
    as: 'REJECTED',
    cause: 'OutOfStock',
    message: 'There is too little.',
    at: '2026',
  } as const;
  const updatedAt = '2026-01-02T00:00:00.000Z';
  const { events } = readChange(orderChange('MODIFY', {}, { status: 'REJECTED', closing, updatedAt }));

  expect(events).toMatchObject([
    {
      message: 'Order order-1 was rejected: OutOfStock.',
      order: { cause: 'OutOfStock' },
      occurredAt: updatedAt,
    },
  ]);
});

it('counts a removal as the version after the last', () => {
  const { events } = readChange(orderChange('REMOVE', { itemVersion: 41 }));

  expect(events).toMatchObject([{ subject: { itemVersion: 42 }, occurredAt: '2026-01-01T09:33:20.000Z' }]);
});

it('starts the workflow of an order with bad values: to reject it is not the dispatcher’s business', () => {
  const bad = { ...anOrder(), lines: [{ sku: 7, quantity: -1 }, 'none'], total: 12 };
  const reaction = readChange({ ...orderChange('INSERT'), newImage: bad });

  expect(reaction.workflow?.executionName).toBe('order-1');
  expect(reaction.events).toMatchObject([{ order: { lineCount: 2, units: -1 } }]);
});

it.each<[string, ItemChange]>([
  ['an order whose key is none', { ...orderChange('INSERT', undefined, {}), keys: { orderId: 'a b' } }],
  ['a new order that is half way already', orderChange('INSERT', undefined, { status: 'PAID' })],
  ['an order without a status', { ...orderChange('INSERT'), newImage: { orderId: 'order-1' } }],
  ['an order without a version', { ...orderChange('INSERT'), newImage: { ...anOrder(), itemVersion: 'x' } }],
  ['a product without a key', { ...itemChange('products', 'INSERT', undefined, PRODUCT), keys: {} }],
  [
    'a version newer than all to come',
    { ...orderChange('INSERT'), newImage: { ...anOrder(), itemVersion: 1e30 } },
  ],
  ['a version that is no number', { ...orderChange('INSERT'), newImage: { ...anOrder(), itemVersion: NaN } }],
  ['stock that is infinite', itemChange('stock', 'MODIFY', { available: 1 }, { available: -Infinity })],
  ['stock that is no number', itemChange('stock', 'MODIFY', { available: 1 }, { available: '1' })],
])('cannot read %s', (_, change) => {
  expect(() => readChange(change)).toThrow(UnreadableChange);
});

it.each<[unknown, string]>([
  ['LOST', 'status "LOST" is'],
  [7, 'status 7 is'],
  [undefined, 'status undefined is'],
  ['jane@example.com', 'status (a text of 16 characters) is'],
  [['Jane'], 'status (a list) is'],
  [{ name: 'Jane' }, 'status (a map) is'],
])('tells of %j only what can’t be a person’s', (status, told) => {
  const change = { ...orderChange('INSERT'), newImage: { ...anOrder(), status } };

  expect(() => readChange(change)).toThrow(told);
});
