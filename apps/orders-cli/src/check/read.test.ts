import { checkedOrder, ledgerRow, ordersUnderWay, readRows } from './read.ts';

describe('an order read for the check', () => {
  const shipped = {
    orderId: '1',
    status: 'SHIPPED',
    placedAt: '2026-01-01T09:30:00.000Z',
    country: 'Norway',
    currency: 'GBP',
    total: '10',
    lines: [{ sku: 'A', quantity: 1, unitPrice: '10', description: 'Mug' }],
    email: 'ada@shop.example',
  };

  it('is what the laws need of it', () => {
    const { email, ...needed } = shipped;
    expect(email).toBeDefined();
    expect(checkedOrder(shipped)).toEqual({
      ...needed,
      lines: [{ sku: 'A', quantity: 1, unitPrice: '10' }],
    });
  });

  it('needs neither total nor currency nor lines unless it shipped', () => {
    expect(checkedOrder({ orderId: '1', status: 'REJECTED', lines: 'none' })).toEqual({
      orderId: '1',
      status: 'REJECTED',
    });
  });

  it.each<[string, object, RegExp]>([
    ['whose status is none', { status: 'BOGUS' }, /orders item \{"orderId":"1"\} can't be read: status: /],
    ['that shipped without a total', { total: undefined }, /can't be read: total: /],
    ['that shipped for a total that is no amount', { total: 'ten' }, /can't be read: total: /],
    ['that shipped with lines that are none', { lines: [{ sku: 'A' }] }, /can't be read: lines.0.quantity: /],
  ])('is there, with its problem, when it is one %s', (_, change, problem) => {
    expect(checkedOrder({ ...shipped, ...change })).toEqual({
      orderId: '1',
      status: undefined,
      problem: expect.stringMatching(problem),
    });
  });
});

describe('rows read for the check', () => {
  it('are kept apart from those that cannot be read', () => {
    const entry = { key: 'charge#1', kind: 'charge', orderId: '1', state: 'sealed' };

    expect(readRows('ledger', ['key'], ledgerRow, [entry, { ...entry, amount: 'ten' }])).toEqual({
      rows: [entry],
      problems: [
        expect.stringMatching(/ledger item \{"key":"charge#1"\} can't be read: amount: is no decimal/),
      ],
    });
  });
});

it.each([
  ['a first execution', '7', '7'],
  ['a restart', '7.r2', '7'],
  ['a first execution of an order whose id looks like a restart', 'van-r2', 'van-r2'],
])('an order is under way in %s', (_, execution, orderId) => {
  expect([...ordersUnderWay([execution])]).toEqual([orderId]);
});
