import { anOrder } from './an-order.fixture.ts';
import { MOST_LINES, orderProblems } from './order.ts';

const line = (change: object) => ({ lines: [{ sku: 'MUG', quantity: 2, unitPrice: '9.50', ...change }] });
const lines = (count: number) => ({
  lines: Array.from({ length: count }, (_, index) => ({ sku: `${index}`, quantity: 1, unitPrice: '1' })),
  shipping: '0',
  tax: '0',
  total: `${count}`,
});

it.each<[string, object]>([
  ['as the API places it', {}],
  ['of a guest', { customerId: undefined, email: undefined }],
  ['of as many lines as there may be', lines(MOST_LINES)],
  ['with more decimals than the currency has', { shipping: '4.951', total: '28.742' }],
  ['whose total has fewer zeros than its parts', { shipping: '4.950', total: '28.7410' }],
  ['placed at a full second', { placedAt: '2026-01-01T09:30:00Z' }],
])('an order %s is valid', (_, change) => {
  expect(orderProblems({ ...anOrder(), ...change }, 'GBP')).toEqual([]);
});

it.each<[string, object, string]>([
  ['no lines', { lines: [] }, 'lines: must have at least one line'],
  ['too many lines', lines(MOST_LINES + 1), 'lines: '],
  ['a quantity of 0', line({ quantity: 0 }), 'lines.0.quantity: must be at least 1'],
  ['a negative quantity', line({ quantity: -3 }), 'lines.0.quantity: must be at least 1'],
  ['half a piece', line({ quantity: 1.5 }), 'lines.0.quantity: '],
  ['a quantity as text', line({ quantity: '2' }), 'lines.0.quantity: Invalid input: expected number'],
  ['a price of 0', line({ unitPrice: '0' }), 'lines.0.unitPrice: must be more than 0'],
  ['a negative price', line({ unitPrice: '-1' }), 'lines.0.unitPrice: must not be negative'],
  ['a price that is a float', line({ unitPrice: 9.5 }), 'lines.0.unitPrice: '],
  ['an empty SKU', line({ sku: '' }), 'lines.0.sku: must be 1 to 64 printable characters'],
  [
    'an address without a street',
    { shippingAddress: { name: 'Ada', city: 'London' } },
    'shippingAddress.line1: ',
  ],
  ['no payment', { paymentToken: ' ' }, 'paymentToken: '],
  ['a currency that is none', { currency: 'pounds' }, 'currency: must be a currency code such as GBP'],
  ['another currency', { currency: 'JPY' }, 'currency: is JPY, but orders are in GBP here'],
  ['a time that is none', { placedAt: 'yesterday' }, 'placedAt: must be a time in UTC'],
  ['a day that is none', { placedAt: '2026-02-30T00:00:00.000Z' }, 'placedAt: must be a time in UTC'],
  ['a local time', { placedAt: '2026-01-01T09:30:00.000+01:00' }, 'placedAt: must be a time in UTC'],
  ['no place among the open orders', { openShard: undefined }, 'openShard: '],
  ['the place of another', { openShard: 'open#8' }, 'openShard: must be open#'],
  ['a last change at no time', { updatedAt: 'yesterday' }, 'updatedAt: must be a time in UTC'],
  [
    'an intent to charge',
    { chargeIntent: { key: 'charge#1', at: '2026' } },
    'chargeIntent: is the workflow’s',
  ],
  ['a charge', { charge: { chargeId: 'ch_1', amount: '0', at: '2026' } }, 'charge: is the workflow’s'],
  ['its shipping begun', { shippingStartedAt: '2026' }, 'shippingStartedAt: is the workflow’s'],
  ['a shipment', { shipment: { shipmentId: 'sh_1', at: '2026' } }, 'shipment: is the workflow’s'],
  ['a negative tax', { tax: '-1' }, 'tax: must not be negative'],
  [
    'a total that is off by a tenth of a penny',
    { total: '28.742' },
    'total: is 28.742, but lines + shipping + tax make 28.741',
  ],
])('an order with %s is not', (_, change, problem) => {
  expect(orderProblems({ ...anOrder(), ...change }, 'GBP')).toEqual(
    expect.arrayContaining([expect.stringContaining(problem)]),
  );
});

it.each([undefined, null, 'order', 7, []])('%j is no order', (stored) => {
  expect(orderProblems(stored, 'GBP')).not.toEqual([]);
});
