import fc from 'fast-check';
import { endedOrder, salesChunks, type Sale } from './sales.ts';
import {
  foldFunnel,
  monthWithin,
  SALES_BY,
  salesBuckets,
  SalesFold,
  shownSales,
  type SalesBy,
  type SalesRow,
} from './sales-figures.ts';
import { isSku } from './ids.ts';
import { orderTotal } from './money.ts';

/** Amounts as whole numbers of 10⁻⁹: what the exact sums are judged by. */
const nanos = (amount: string): bigint => {
  const [whole = '0', decimals = ''] = amount.split('.');
  return BigInt(whole + decimals.padEnd(9, '0'));
};

const price = fc
  .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 1, max: 999_999_999 }))
  .map(([whole, nano]) => `${whole}.${String(nano).padStart(9, '0')}`);
const printable = fc.constantFrom('A', 'b', '#', 'C#1', 'day#2011-11-14', '~', '$ 5', 'é', '\u{1F9E6}');
const sku = fc.oneof(printable, fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }).filter(isSku));
const country = fc.constantFrom('United Kingdom', 'France', 'Trinidad # Tobago', '#', '~');
const hour = fc
  .date({ min: new Date('2011-11-01'), max: new Date('2011-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const lines = fc.array(fc.record({ sku, quantity: fc.integer({ min: 1, max: 1_000 }), unitPrice: price }), {
  minLength: 1,
  maxLength: 120,
});
const sales = fc
  .uniqueArray(
    fc.record({
      orderId: fc.string({ minLength: 1, maxLength: 10, unit: fc.constantFrom('a', 'B', '7', '_') }),
      placedAt: hour,
      country,
      lines,
      shipping: price,
    }),
    { maxLength: 6, selector: ({ orderId }) => orderId },
  )
  .map((orders) =>
    orders.map(({ shipping, ...order }): Sale => {
      const total = orderTotal({ lines: order.lines, shipping, tax: '0' });
      return { ...order, status: 'SHIPPED', total };
    }),
  );

/** Rows as the table has them after chunks were counted, read in the order that `shuffle` says. */
function rowsOf(orders: readonly Sale[], shuffle: (count: number) => number[]): SalesRow[] {
  const additions = orders.flatMap((order) =>
    salesChunks(endedOrder({ ...order }), 1).flatMap((chunk) => chunk.additions),
  );
  return shuffle(additions.length).flatMap((index) => {
    const { bucket, add } = additions[index]!;
    const numbers = Object.fromEntries(Object.entries(add).map(([name, value]) => [name, String(value)]));
    return [{ bucket, numbers }];
  });
}

/** The figures straight from the orders. */
function directly(orders: readonly Sale[], by: SalesBy) {
  const sums = new Map<string, { orders: number; units: number; revenue: bigint }>();
  const add = (key: string, counted: boolean, units: number, revenue: bigint) => {
    const sum = sums.get(key) ?? { orders: 0, units: 0, revenue: 0n };
    sums.set(key, {
      orders: sum.orders + (counted ? 1 : 0),
      units: sum.units + units,
      revenue: sum.revenue + revenue,
    });
  };
  for (const order of orders) {
    const units = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const { placedAt, country: where, total } = order;
    if (by === 'day') add(placedAt.slice(0, 10), true, units, nanos(total));
    if (by === 'hour') add(placedAt.slice(0, 13), true, units, nanos(total));
    if (by === 'country') add(where, true, units, nanos(total));
    if (by !== 'product') continue;
    for (const [index, each] of order.lines.entries()) {
      const first = order.lines.findIndex((line) => line.sku === each.sku) === index;
      add(each.sku, first, each.quantity, nanos(each.unitPrice) * BigInt(each.quantity));
    }
  }
  return sums;
}

it.each(SALES_BY)('figures by %s equal the direct fold, in whatever order rows are read', (by) => {
  fc.assert(
    fc.property(sales, fc.infiniteStream(fc.nat()), (orders, random) => {
      const shuffle = (count: number) =>
        Array.from({ length: count }, (_, index) => [random.next().value ?? 0, index] as const)
          .sort(([a], [b]) => a - b)
          .map(([, index]) => index);
      const [from, to] = salesBuckets(by, {});
      const fold = new SalesFold(by);

      for (const row of rowsOf(orders, shuffle)) if (row.bucket >= from && row.bucket <= to) fold.add(row);

      const figures = fold
        .figures()
        .map(({ key, revenue, ...rest }) => [key, { ...rest, revenue: nanos(revenue) }]);
      expect(new Map(figures as [string, object][])).toEqual(directly(orders, by));
    }),
    { numRuns: 60 },
  );
});

const row = (bucket: string, orders: number, revenue = '0'): SalesRow => ({
  bucket,
  numbers: { orders: String(orders), units: '1', revenue },
});

function keys(by: SalesBy, rows: SalesRow[]): string[] {
  const fold = new SalesFold(by);
  for (const each of rows) fold.add(each);
  return fold.figures().map(({ key }) => key);
}

it('days come in their order, countries and products by revenue, equal ones by name', () => {
  expect(keys('day', [row('day#2011-11-15', 1, '9'), row('day#2011-11-14', 1, '1')])).toEqual([
    '2011-11-14',
    '2011-11-15',
  ]);
  expect(
    keys('country', [
      row('country#2011-11-14#France', 1, '9'),
      row('country#2011-11-14#EIRE', 1, '9.0'),
      row('country#2011-11-14#Spain', 1, '10'),
    ]),
  ).toEqual(['Spain', 'EIRE', 'France']);
});

it.each<[SalesBy | 'end', string, boolean]>([
  ['day', 'day#2011-11-13', false],
  ['day', 'day#2011-11-14', true],
  ['day', 'day#2011-11-15', true],
  ['day', 'day#2011-11-16', false],
  ['hour', 'hour#2011-11-15T23', true],
  ['hour', 'hour#2011-11-16T00', false],
  ['country', 'country#2011-11-15#\u{10FFFD}', true],
  ['country', 'country#2011-11-16#A', false],
  ['product', 'product#2011-11-14# ', true],
  ['product', 'product#2011-11-15#~~~', true],
  ['end', 'end#2011-11-15#SHIPPED#ALLOCATED#', true],
  ['end', 'end#2011-11-16#SHIPPED#ALLOCATED#', false],
])('rows by %s from 14 to 15 November: %s is one: %s', (kind, bucket, within) => {
  const [from, to] = salesBuckets(kind, { from: '2011-11-14', to: '2011-11-15' }).map(Buffer.from);
  const key = Buffer.from(bucket);

  expect(key.compare(from!) >= 0 && key.compare(to!) <= 0).toBe(within);
});

it.each([
  ['2011-11', {}, true],
  ['2011-11', { from: '2011-11-30', to: '2011-12-01' }, true],
  ['2011-11', { from: '2011-12-01' }, false],
  ['2011-11', { to: '2011-10-31' }, false],
])('whether %s has some of %j: %s', (month, days, within) => {
  expect(monthWithin(month, days)).toBe(within);
});

it('revenue is shown with the currency’s decimals at least', () => {
  const figure = { key: 'a', orders: 1, units: 1, revenue: '12.5' };

  expect(shownSales(figure, 'GBP').revenue).toBe('12.50');
  expect(shownSales({ ...figure, revenue: '0.001' }, 'GBP').revenue).toBe('0.001');
  expect(shownSales(figure, 'GBP').key).toBe('a');
});

const ends = [
  row('end#2011-11-14#SHIPPED#ALLOCATED#', 10),
  row('end#2011-11-15#SHIPPED#ALLOCATED#', 2),
  row('end#2011-11-14#REJECTED#PAID#OutOfStock', 3),
  row('end#2011-11-15#REJECTED#PAID#OutOfStock', 1),
  row('end#2011-11-14#REJECTED#PLACED#OrderInvalid', 1),
  row('end#2011-11-14#FAILED#ALLOCATED#Some#Error', 1),
  row('end#2011-11-14#CANCELLED##', 1),
];

it('an order reached what it stood at when it ended, and all before', () => {
  expect(foldFunnel(ends, null)).toEqual({
    reached: { PLACED: 19, VALIDATED: 17, PAID: 17, ALLOCATED: 13, SHIPPED: 12 },
    ends: { SHIPPED: 12, REJECTED: 5, CANCELLED: 1, FAILED: 1 },
    open: null,
    reasons: [
      { cause: 'OutOfStock', as: 'REJECTED', orders: 4 },
      { cause: '', as: 'CANCELLED', orders: 1 },
      { cause: 'OrderInvalid', as: 'REJECTED', orders: 1 },
      { cause: 'Some#Error', as: 'FAILED', orders: 1 },
    ],
  });
});

it('orders under way have reached where they stand', () => {
  const { reached, open, ends: ended } = foldFunnel([], { PLACED: 2, PAID: 1 });

  expect(reached).toEqual({ PLACED: 3, VALIDATED: 1, PAID: 1, ALLOCATED: 0, SHIPPED: 0 });
  expect(open).toEqual({ PLACED: 2, VALIDATED: 0, PAID: 1, ALLOCATED: 0 });
  expect(ended).toEqual({ SHIPPED: 0, REJECTED: 0, CANCELLED: 0, FAILED: 0 });
});
