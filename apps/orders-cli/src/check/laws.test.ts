import type { LedgerEntry } from '@orderstream/domain';
import {
  moneyAndGoods,
  oneEnd,
  stockAddsUp,
  type CheckedOrder,
  type Movement,
  type OtherOrder,
  type ShippedOrder,
} from './laws.ts';

const order = (change: Partial<ShippedOrder> = {}): CheckedOrder => ({
  orderId: '1',
  status: 'SHIPPED',
  placedAt: '2026-01-01T09:30:00.000Z',
  country: 'Norway',
  currency: 'GBP',
  total: '10.125',
  lines: [{ sku: 'A', quantity: 2, unitPrice: '5' }],
  ...change,
});
const standing = (status: OtherOrder['status'], orderId = '1'): CheckedOrder => ({ orderId, status });
const UNREADABLE: CheckedOrder = {
  orderId: '1',
  status: undefined,
  problem: "order 1 can't be read: status",
};
const charge = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  key: 'charge#1',
  kind: 'charge',
  orderId: '1',
  state: 'charged',
  id: 'ch_1',
  amount: '10.12',
  ...change,
});
const shipment = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  key: 'shipment#1',
  kind: 'shipment',
  orderId: '1',
  state: 'shipped',
  id: 'sh_1',
  ...change,
});
const movement = (state: string, change: Partial<Movement> = {}): Movement => ({
  orderId: '1',
  chunk: 0,
  state,
  quantities: [{ sku: 'A', quantity: 2 }],
  ...change,
});
const RECEIVED = movement('received', { orderId: 'receipt#x', quantities: [{ sku: 'A', quantity: 5 }] });

describe('law 1', () => {
  it('names an order that stands still, but none that is under way', () => {
    const orders = [standing('PAID'), standing('PLACED', '2'), order({ orderId: '3' })];

    expect(oneEnd(orders, new Set(['1'])).violations).toEqual([
      expect.stringContaining('order 2 stands at PLACED'),
    ]);
  });

  it('is broken by an order that cannot be read', () => {
    expect(oneEnd([UNREADABLE], new Set(['1'])).violations).toEqual(["order 1 can't be read: status"]);
  });
});

describe('law 2', () => {
  it.each<[string, CheckedOrder, LedgerEntry[]]>([
    ['a shipped order charged its rounded total once', order(), [charge(), shipment()]],
    [
      'a cancelled one that got its money back',
      standing('CANCELLED'),
      [charge({ refunded: '10.12', state: 'sealed' })],
    ],
    [
      'a rejected one that was never charged',
      standing('REJECTED'),
      [{ key: 'charge#1', kind: 'charge', orderId: '1', state: 'sealed', refunded: '0' }],
    ],
    ['an open one, half way', standing('PAID'), [charge()]],
  ])('holds for %s', (_, subject, ledger) => {
    expect(moneyAndGoods([subject], ledger).violations).toEqual([]);
  });

  it.each<[string, CheckedOrder, LedgerEntry[]]>([
    ['a shipped order that was not charged', order(), [shipment()]],
    ['one charged unrounded', order(), [charge({ amount: '10.13' }), shipment()]],
    [
      'one charged twice',
      order(),
      [charge({ amount: '5.06' }), charge({ key: 'other', amount: '5.06' }), shipment()],
    ],
    ['one without a shipment', order(), [charge()]],
    ['one shipped twice', order(), [charge(), shipment(), shipment({ key: 'other' })]],
    ['a rejected one that kept the money', standing('REJECTED'), [charge()]],
    ['a failed one whose parcel is on its way', standing('FAILED'), [shipment()]],
    ['a charge that no order knows', standing('PAID'), [charge({ orderId: '9' })]],
  ])('is broken by %s', (_, subject, ledger) => {
    expect(moneyAndGoods([subject], ledger).violations).not.toEqual([]);
  });

  it('does not call an order that cannot be read a stranger', () => {
    expect(moneyAndGoods([UNREADABLE], [charge()]).violations).toEqual([]);
  });
});

describe('law 3', () => {
  const row = (available: number, allocated: number, shipped: number, received = 5) => [
    { sku: 'A', available, allocated, shipped, received },
  ];

  it.each<[string, ReturnType<typeof row>, Movement[], CheckedOrder]>([
    ['goods on their way', row(3, 2, 0), [RECEIVED, movement('taken')], standing('ALLOCATED')],
    ['goods that left', row(3, 0, 2), [RECEIVED, movement('shipped')], order()],
    ['goods given back', row(5, 0, 0), [RECEIVED, movement('released')], standing('CANCELLED')],
  ])('holds for %s', (_, stock, movements, subject) => {
    expect(stockAddsUp(stock, movements, [subject]).violations).toEqual([]);
  });

  it.each<[string, ReturnType<typeof row>, Movement[], CheckedOrder]>([
    ['a sum that is off', row(4, 2, 0), [RECEIVED, movement('taken')], standing('PAID')],
    ['less than nothing', row(-1, 2, 4), [RECEIVED, movement('taken')], standing('PAID')],
    ['a counter without its movement', row(3, 2, 0), [RECEIVED], standing('PAID')],
    ['goods held for a closed order', row(3, 2, 0), [RECEIVED, movement('taken')], standing('REJECTED')],
    ['a shipped order whose goods stayed', row(3, 2, 0), [RECEIVED, movement('taken')], order()],
    [
      'a shipped order of which too little left',
      row(4, 0, 1),
      [RECEIVED, movement('shipped', { quantities: [{ sku: 'A', quantity: 1 }] })],
      order(),
    ],
    [
      'goods of a SKU without a row',
      [],
      [
        movement('received', { orderId: 'receipt#x', quantities: [{ sku: 'A', quantity: 2 }] }),
        movement('shipped'),
      ],
      order(),
    ],
    [
      'goods held for an order that is not there',
      row(3, 2, 0),
      [RECEIVED, movement('taken', { orderId: '9' })],
      standing('PAID'),
    ],
  ])('is broken by %s', (_, stock, movements, subject) => {
    expect(stockAddsUp(stock, movements, [subject]).violations).not.toEqual([]);
  });

  it('does not call the goods of an order that cannot be read a stranger’s', () => {
    expect(stockAddsUp(row(3, 2, 0), [RECEIVED, movement('taken')], [UNREADABLE]).violations).toEqual([]);
  });
});
