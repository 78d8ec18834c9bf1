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

describe('what nobody can read', () => {
  const whole = placed('o-1');
  it.each([
    ['an unknown status', unreadable('o-1'), /status "LOST"/],
    ['an unknown status that stays', moved('o-1', 'LOST', 'LOST'), /status "LOST"/],
    ['an order id that is none', placed('o/1'), /orderId "o\/1"/],
    ['an order without images', { ...whole, dynamodb: { ...whole.dynamodb, NewImage: undefined } }, /status/],
    [
      'images that are no images',
      { ...whole, dynamodb: { ...whole.dynamodb, NewImage: JSON.parse('{"status":null}') } },
      /null/,
    ],
    [
      'a stock without a number',
      record('shop-stock', A, image({ available: 1 }), image({ available: 'x' })),
      /available "x"/,
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
