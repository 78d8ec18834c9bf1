import * as z from 'zod';
import { bar, table } from '../output.ts';

const counts = {
  views: z.number(),
  searches: z.number(),
  emptySearches: z.number(),
  addsToBasket: z.number(),
  removalsFromBasket: z.number(),
  checkouts: z.number(),
  purchases: z.number(),
};

export const activitySchema = z.object({
  from: z.string(),
  to: z.string(),
  minutes: z.array(z.object({ minute: z.string(), ...counts })),
  totals: z.object(counts),
  topProducts: z.array(z.object({ sku: z.string(), views: z.number() })),
  searchesWithoutResults: z.array(z.object({ text: z.string(), searches: z.number() })),
  /** Shares as decimals, such as `"0.2500"`; null where there is nothing to compare with. */
  conversion: z.record(z.string(), z.string().nullable()),
});
export type ActivityReport = z.infer<typeof activitySchema>;

type Counts = ActivityReport['totals'];

/** Minutes that a person looks through: the latest. */
const MOST_MINUTES = 30;
/** Products and searches shown. */
const MOST_TOP = 10;

/** What visitors did, minute by minute and in sum. */
export function activityText(report: ActivityReport): string {
  const { from, to, minutes, totals, conversion } = report;
  if (minutes.length === 0)
    return `Nothing is counted from ${from} to ${to}. A minute is counted when it is over.`;
  const latest = minutes.slice(-MOST_MINUTES);
  const most = Math.max(...latest.map(acts));
  const rows = latest.map((minute) => [minute.minute, ...columns(minute), bar(acts(minute), most, 20)]);
  const left = minutes.length - latest.length;
  const rates = Object.entries(conversion).map(([step, share]) => [inWords(step), shareText(share)]);
  return [
    `From ${from} to ${to} (UTC)${left > 0 ? `, the last ${latest.length} of ${minutes.length} minutes` : ''}`,
    table([
      ['', 'views', 'searches', 'not found', 'into basket', 'checkouts', 'purchases'],
      ...rows,
      ['total', ...columns(totals)],
    ]),
    table(rates),
    ...section(
      'most viewed',
      report.topProducts.map(({ sku, views }) => [sku, views]),
    ),
    ...section(
      'searched and not found',
      report.searchesWithoutResults.map(({ text, searches }) => [JSON.stringify(text), searches]),
    ),
  ].join('\n\n');
}

function columns(some: Counts): number[] {
  const { views, searches, emptySearches, addsToBasket, checkouts, purchases } = some;
  return [views, searches, emptySearches, addsToBasket, checkouts, purchases];
}

/** How much was done; a search that finds nothing is one of the searches. */
function acts(some: Counts): number {
  const { views, searches, addsToBasket, removalsFromBasket, checkouts, purchases } = some;
  return views + searches + addsToBasket + removalsFromBasket + checkouts + purchases;
}

function section(title: string, rows: readonly [string, number][]): string[] {
  return rows.length === 0 ? [] : [`  ${title}\n${table(rows.slice(0, MOST_TOP), '    ')}`];
}

/** `viewsToBaskets` as `views to baskets`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shareText(share: string | null): string {
  return share === null ? 'none yet' : `${(Number(share) * 100).toFixed(1)} %`;
}
