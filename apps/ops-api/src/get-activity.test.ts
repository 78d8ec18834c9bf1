import type { SummariesTable } from '@orderstream/lambda-kit';
import { getActivity } from './get-activity.ts';

const NOW = Date.parse('2026-01-10T00:20:30Z');

type Row = [metric: string, bucket: string, numbers: Record<string, string>];

/** A summaries table with these rows, and the ranges that it was asked for. */
function summariesOf(rows: readonly Row[] = []) {
  const asked: string[] = [];
  const range: SummariesTable['range'] = async function* (metric, from, to) {
    asked.push(`${metric} ${from} ${to}`);
    for (const [own, bucket, numbers] of rows) {
      if (own === metric && bucket >= from && bucket <= to) yield { metric, bucket, numbers };
    }
  };
  return { asked, summaries: { range } };
}

async function activity(query: Record<string, string>, rows: readonly Row[] = []) {
  const { body } = await getActivity({ query }, summariesOf(rows).summaries, NOW);
  return body as ReturnType<typeof JSON.parse>;
}

const DAY = 'activity#2026-01-09';
const ROWS: readonly Row[] = [
  [DAY, 'minute#09:30', { views: '8', searches: '2', addsToBasket: '2', removalsFromBasket: '1' }],
  [DAY, 'minute#09:31', { views: '1', emptySearches: '1', searches: '1', checkouts: '1', addsToBasket: '1' }],
  [DAY, 'minute#10:30', { views: '100' }],
  [DAY, 'product#09:30#MUG', { views: '5' }],
  [DAY, 'product#09:31#MUG', { views: '1' }],
  [DAY, 'product#09:31#A#B\n', { views: '7' }],
  [DAY, 'product#10:30#MUG', { views: '100' }],
  [DAY, 'nothing-found#09:31#hangng # heart', { searches: '1' }],
  ['activity#2026-01-08', 'minute#09:30', { views: '50' }],
];

it('tells what visitors did, minute by minute', async () => {
  expect(await activity({ from: '2026-01-09T09:30', to: '2026-01-09T09:31Z' }, ROWS)).toEqual({
    from: '2026-01-09T09:30',
    to: '2026-01-09T09:31',
    minutes: [
      {
        minute: '2026-01-09T09:30',
        views: 8,
        searches: 2,
        emptySearches: 0,
        addsToBasket: 2,
        removalsFromBasket: 1,
        checkouts: 0,
        purchases: 0,
      },
      {
        minute: '2026-01-09T09:31',
        views: 1,
        searches: 1,
        emptySearches: 1,
        addsToBasket: 1,
        removalsFromBasket: 0,
        checkouts: 1,
        purchases: 0,
      },
    ],
    totals: {
      views: 9,
      searches: 3,
      emptySearches: 1,
      addsToBasket: 3,
      removalsFromBasket: 1,
      checkouts: 1,
      purchases: 0,
    },
    topProducts: [
      { sku: 'A#B\n', views: 7 },
      { sku: 'MUG', views: 6 },
    ],
    searchesWithoutResults: [{ text: 'hangng # heart', searches: 1 }],
    conversion: { viewsToBaskets: '0.3333', basketsToCheckouts: '0.3333', checkoutsToPurchases: '0.0000' },
  });
});

it('of nothing there is no conversion', async () => {
  expect(await activity({})).toMatchObject({
    minutes: [],
    topProducts: [],
    conversion: { viewsToBaskets: null, basketsToCheckouts: null, checkoutsToPurchases: null },
  });
});

it('tells of the twenty most viewed products, equal ones by name', async () => {
  const rows = Array.from({ length: 30 }, (_, n): Row => [
    DAY,
    `product#09:30#S${n + 10}`,
    { views: n === 29 ? '2' : '1' },
  ]);

  const { topProducts } = await activity({ from: '2026-01-09', to: '2026-01-09' }, rows);

  expect(topProducts).toHaveLength(20);
  expect(topProducts.slice(0, 3)).toEqual([
    { sku: 'S39', views: 2 },
    { sku: 'S10', views: 1 },
    { sku: 'S11', views: 1 },
  ]);
});

it.each<[Record<string, string>, string, string]>([
  [{}, '2026-01-09T23:21', '2026-01-10T00:20'],
  [{ from: '2026-01-09' }, '2026-01-09T00:00', '2026-01-09T23:59'],
  [{ from: '2026-01-09T10:00' }, '2026-01-09T10:00', '2026-01-10T09:59'],
  [{ to: '2026-01-09' }, '2026-01-09T23:00', '2026-01-09T23:59'],
  [{ to: '2026-01-09T10:00Z' }, '2026-01-09T09:01', '2026-01-09T10:00'],
  [{ from: '2026-01-09', to: '2026-01-09' }, '2026-01-09T00:00', '2026-01-09T23:59'],
])('%j is from %s to %s', async (query, from, to) => {
  expect(await activity(query)).toMatchObject({ from, to });
});

it('reads both days of a range over midnight, and no minute more', async () => {
  const { asked, summaries } = summariesOf();

  await getActivity({ query: {} }, summaries, NOW);

  expect(asked.filter((range) => range.includes('minute#'))).toEqual([
    'activity#2026-01-09 minute#23:21 minute#23:59~',
    'activity#2026-01-10 minute#00:00 minute#00:20~',
  ]);
  expect(asked).toContain('activity#2026-01-10 nothing-found#00:00 nothing-found#00:20~');
  expect(asked).toHaveLength(6);
});
