import type { SalesTotal } from '@orderstream/domain';
import type { CheckedOrder } from './laws.ts';
import { sumsAddUp, type ToldSales } from './sums.ts';

const shipped = (orderId: string, total: string): CheckedOrder => ({
  orderId,
  status: 'SHIPPED',
  placedAt: '2026-01-01T09:30:00.000Z',
  country: 'Norway',
  currency: 'GBP',
  total,
  lines: [
    { sku: 'MUG', quantity: 2, unitPrice: '0.333' },
    { sku: 'MUG', quantity: 1, unitPrice: '1' },
  ],
});

const ORDERS: readonly CheckedOrder[] = [
  shipped('1', '2.666'),
  shipped('2', '1.67'),
  { orderId: '3', status: 'REJECTED' },
];

/** What is right for these orders, with one of the figures changed. */
function told(change: Partial<SalesTotal> = {}, by: keyof ToldSales = 'day'): ToldSales {
  const all = { orders: 2, units: 6, revenue: '4.336' };
  const figures = (kind: keyof ToldSales, sale: SalesTotal) => ({ ...sale, ...(kind === by ? change : {}) });
  return {
    day: new Map([['2026-01-01', figures('day', all)]]),
    hour: new Map([['2026-01-01T09', figures('hour', all)]]),
    country: new Map([['Norway', figures('country', all)]]),
    product: new Map([['MUG', figures('product', { orders: 2, units: 6, revenue: '3.332' })]]),
  };
}

it('sums hold when they are the fold of the shipped orders, however their zeros are written', () => {
  expect(sumsAddUp(ORDERS, told({ revenue: '4.33600' }))).toMatchObject({ checked: 2, violations: [] });
});

it.each([
  ['an order too many', 'day', { orders: 3 }],
  ['a unit too few', 'hour', { units: 5 }],
  ['a tenth of a penny', 'country', { revenue: '4.337' }],
  ['shipping in a product', 'product', { revenue: '4.336' }],
] as const)('%s is a violation of the sums by %s', (_, by, change) => {
  const { violations } = sumsAddUp(ORDERS, told(change, by));

  expect(violations).toEqual([expect.stringMatching(new RegExp(`^sales of ${by} .+ but should be .+`))]);
});

it('a sale that is not told, and one that nobody made, are violations', () => {
  const day = new Map([['2026-01-02', { orders: 1, units: 1, revenue: '1' }]]);

  const { violations } = sumsAddUp(ORDERS, { ...told(), day });

  expect(violations).toEqual([
    'sales of day 2026-01-01 are 0 orders, 0 units, 0, but should be 2 orders, 6 units, 4.336',
    'sales of day 2026-01-02 are 1 orders, 1 units, 1, but should be 0 orders, 0 units, 0',
  ]);
});
