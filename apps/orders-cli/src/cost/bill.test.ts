import { billOf } from './bill.ts';
import { PRICES } from './prices.ts';
import type { Usage, UsageName } from './usage.ts';

const usage = (name: UsageName, perOrder: number, perMonth = 0): ReadonlyMap<UsageName, Usage> =>
  new Map([[name, { perOrder, perMonth }]]);

it.each([
  ['below the free amount nothing', 1_000, 0],
  ['beyond it only what is more', 500_000, (1_500_000 - 1_000_000) * PRICES['sqs.requests'].usd],
])('bills %s', (_, orders, expected) => {
  expect(billOf(usage('sqs.requests', 3), orders).usd).toBeCloseTo(expected, 9);
});

it('lets what stands idle use up the free amount first', () => {
  const [line] = billOf(usage('sqs.requests', 2, 999_000), 0).lines;

  expect(line).toMatchObject({ usd: 0, freeOrders: 500 });
});

it('tells apart what a month without orders costs', () => {
  const bill = billOf(usage('cache.hours', 0, 730), 100);

  expect(bill.idleUsd).toBeCloseTo(730 * PRICES['cache.hours'].usd, 9);
  expect(bill.usd).toBe(bill.idleUsd);
  expect(bill.lines[0]?.freeOrders).toBeNull();
});

it('prices a million orders without free amounts and what stands idle', () => {
  expect(billOf(usage('states.transitions', 6, 5_000), 1).usdPerMillion).toBeCloseTo(150, 6);
});

it.each([
  ['cache.hours', true],
  ['sqs.requests', false],
] as const)('says of %s whether its price has no source: %s', (name, unverified) => {
  expect(billOf(usage(name, 1), 1).lines[0]).toMatchObject({ unverified });
});

it('shows the dearest line of the month first', () => {
  const both = new Map([...usage('ses.messages', 1), ...usage('cache.hours', 0, 730)]);

  expect(billOf(both, 1_000).lines.map(({ name }) => name)).toEqual(['cache.hours', 'ses.messages']);
});
