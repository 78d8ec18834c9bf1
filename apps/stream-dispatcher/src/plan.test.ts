import { readChange } from '@orderstream/domain';
import { plan } from './plan.ts';
import { image, moved, placed, record, removed, stockMoved, TABLES, unreadable } from './testing/records.ts';

const A = image({ sku: 'A' });
const product = (name: string) => image({ sku: 'A', name, unitPrice: '1.5', itemVersion: 3 });

describe('what follows from a record', () => {
  it.each([
    ['a placed order', placed('o-1'), ['OrderPlaced'], 'o-1'],
    ['an order that moved on', moved('o-1', 'PLACED', 'VALIDATED'), ['OrderValidated'], undefined],
    ['a removed order', removed('o-1'), ['OrderRemoved'], undefined],
    ['an added product', record('shop-products', A, undefined, product('x')), ['ProductAdded'], undefined],
    [
      'a changed product',
      record('shop-products', A, product('x'), product('y')),
      ['ProductChanged'],
      undefined,
    ],
    ['a removed product', record('shop-products', A, product('x'), undefined), ['ProductRemoved'], undefined],
    ['stock that ran out', stockMoved('A', 3, 0), ['StockOut'], undefined],
  ])('%s is told and, when it is new, worked on', (_, change, types, executionName) => {
    const [task] = plan([change], TABLES);

    expect(task!.events.map(({ type }) => type)).toEqual(types);
    expect(task!.workflow?.executionName).toBe(executionName);
    expect(task!.unreadable).toBeUndefined();
  });

  it.each([
    ['an order whose status did not move', moved('o-1', 'PAID', 'PAID')],
    ['stock between two marks', stockMoved('A', 500, 400)],
    ['stock of which nothing moved', stockMoved('A', 0, 0)],
    ['new stock', record('shop-stock', A, undefined, image({ sku: 'A', available: 0, itemVersion: 1 }))],
  ])('%s makes no task', (_, change) => {
    expect(plan([change], TABLES)).toEqual([]);
  });

  it('an order whose status did not move is not read any further', () => {
    const still = moved('o-1', 'PAID', 'PAID');
    const lines = jest.fn();
    Object.defineProperty(still.dynamodb.NewImage, 'lines', { get: lines });

    expect(plan([still], TABLES)).toEqual([]);
    expect(lines).not.toHaveBeenCalled();
  });

  it('shows goods and reasons in the event, and nothing personal', () => {
    const secrets = image({ email: 'ada@example.com', paymentToken: 'tok_approve' });
    const closing = { M: image({ as: 'REJECTED', cause: 'OutOfStock', message: '', at: '' }) };
    const change = moved('o-1', 'PAID', 'REJECTED', { ...secrets, closing });

    const [task] = plan([change], TABLES);

    expect(task!.events).toEqual([
      expect.objectContaining({
        eventId: `${change.eventID}/OrderRejected`,
        previousStatus: 'PAID',
        order: expect.objectContaining({
          lines: [{ sku: 'A', quantity: 2 }],
          total: '12.50',
          cause: 'OutOfStock',
        }),
      }),
    ]);
    expect(JSON.stringify(task)).toContain('tok_approve');
    expect(JSON.stringify(task!.events)).not.toMatch(/tok_approve|ada/);
  });
});

describe('reads of a record all that a reaction needs', () => {
  const trace = 'Root=1-4ec1c1c0-0123456789abcdef01234567';
  const common = { itemVersion: 7, updatedAt: '2026-01-01T00:00:00.000Z', updatedBy: 'tests', trace };
  const orders = (status: string) => ({
    ...common,
    status,
    orderId: 'order-1',
    placedAt: '2026-01-01T00:00:00.000Z',
    customerId: 'customer-1',
    email: 'ada@example.com',
    country: 'France',
    currency: 'GBP',
    lines: [{ sku: 'A', quantity: 2, unitPrice: '6.25' }],
    shipping: '0',
    total: '12.50',
    closing: { as: 'REJECTED', cause: 'OutOfStock', message: 'm', at: 'x' },
  });
  const products = (name: string) => ({ sku: 'A', name, unitPrice: '1.5', currency: 'GBP', ...common });
  const stock = (available: number) => ({ sku: 'A', available, allocated: 1, received: 9, ...common });

  it.each([
    ['orders', { orderId: 'order-1' }, undefined, orders('PLACED')],
    ['orders', { orderId: 'order-1' }, undefined, orders('SHIPPED')],
    ['orders', { orderId: 'order-1' }, orders('PAID'), orders('REJECTED')],
    ['orders', { orderId: 'order-1' }, orders('PAID'), orders('PAID')],
    ['orders', { orderId: 'order-1' }, orders('PAID'), undefined],
    ['products', { sku: 'A' }, undefined, products('x')],
    ['products', { sku: 'A' }, products('x'), products('y')],
    ['products', { sku: 'A' }, products('x'), undefined],
    ['stock', { sku: 'A' }, undefined, stock(1)],
    ['stock', { sku: 'A' }, stock(1), stock(0)],
    ['stock', { sku: 'A' }, stock(0), stock(1)],
    ['stock', { sku: 'A' }, stock(1), stock(1)],
    ['stock', { sku: 'A' }, stock(1), undefined],
  ] as const)('of %s with the key %j', (table, keys, oldImage, newImage) => {
    const [before, after] = [oldImage && image(oldImage), newImage && image(newImage)];
    const change = record(`shop-${table}`, image(keys), before, after);
    const recordId = change.eventID;
    const kind = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
    const at = change.dynamodb.ApproximateCreationDateTime;

    const [task] = plan([change], TABLES);

    const { workflow, events } = readChange({ table, recordId, kind, at, keys, oldImage, newImage });
    expect({ workflow: task?.workflow, events: task?.events ?? [] }).toEqual({ workflow, events });
  });
});

describe('what nobody can read', () => {
  const whole = placed('o-1');
  it.each([
    ['an unknown status', unreadable('o-1'), /status "LOST"/],
    ['an unknown status that stays', moved('o-1', 'LOST', 'LOST'), /status "LOST"/],
    ['an order id that is none', placed('o/1'), /orderId \(a text of 3 characters\)/],
    ['an order without images', { ...whole, dynamodb: { ...whole.dynamodb, NewImage: undefined } }, /status/],
    [
      'images that are no images',
      { ...whole, dynamodb: { ...whole.dynamodb, NewImage: JSON.parse('{"status":null}') } },
      /null/,
    ],
    [
      'a stock without a number',
      record('shop-stock', A, image({ available: 1 }), image({ available: 'x' })),
      /available \(a text of 1 characters\)/,
    ],
    ['a table of somebody else', record('their-carts', A, undefined, A), /their-carts/],
    ['a record without dynamodb', { ...whole, dynamodb: undefined }, /no record of a stream/],
    ['a record without an id', { ...whole, eventID: undefined }, /no record of a stream/],
  ])('%s is said to be unreadable, and why', (_, change, reason) => {
    const [task] = plan([change], TABLES);

    expect(task).toMatchObject({ record: change, workflow: undefined, events: [] });
    expect(task!.unreadable).toMatch(reason);
  });

  it('an order with bad values is none of it: its workflow decides', () => {
    const lines = { L: [{ B: 'AAAA' }, { M: image({ sku: 'A', quantity: -1 }) }, { SS: ['x'] }] };

    const [task] = plan([placed('o-1', { lines, total: { NULL: true }, country: { BOOL: false } })], TABLES);

    expect(task!.workflow?.executionName).toBe('o-1');
    expect(task!.events[0]).toMatchObject({ order: { lineCount: 3, units: -1 } });
  });
});

it('10,000 changes of stock make tasks of those alone that cross a mark', () => {
  const changes = Array.from({ length: 10_000 }, (_, n) => stockMoved(`S${n}`, 12 + (n % 100), 11));

  const tasks = plan([...changes, stockMoved('LOW', 11, 10)], TABLES);

  expect(tasks.map(({ events }) => events[0]!.message)).toEqual(['Only 10 of LOW are left.']);
});
