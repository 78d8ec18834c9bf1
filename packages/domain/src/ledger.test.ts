import { netCharged, shipmentCount, type LedgerEntry } from './ledger.ts';

const entry = (change: Partial<LedgerEntry>): LedgerEntry => ({
  key: 'charge#1',
  kind: 'charge',
  orderId: '1',
  state: 'charged',
  ...change,
});

it.each<[string, LedgerEntry[], string]>([
  ['nothing', [], '0'],
  ['a charge', [entry({ amount: '9.66' })], '9.66'],
  ['a charge that was refunded', [entry({ state: 'sealed', amount: '9.66', refunded: '9.66' })], '0'],
  ['a key sealed before a charge', [entry({ state: 'sealed', refunded: '0' })], '0'],
  ['calls without an answer', [entry({ state: 'asked', attempts: 3 })], '0'],
  ['two charges', [entry({ amount: '0.1' }), entry({ amount: '0.2' })], '0.3'],
])('of %s, %s is kept', (_, entries, kept) => {
  expect(netCharged(entries)).toBe(kept);
});

it('counts the shipments that were not called back', () => {
  const shipment = (state: LedgerEntry['state']) => entry({ kind: 'shipment', state });

  expect(shipmentCount([entry({}), shipment('asked'), shipment('sealed')])).toBe(0);
  expect(shipmentCount([entry({}), shipment('shipped')])).toBe(1);
});
