/** What is counted of each minute, as track-activity names it. */
export const COUNTS = [
  'views',
  'searches',
  'emptySearches',
  'addsToBasket',
  'removalsFromBasket',
  'checkouts',
  'purchases',
] as const;
export type Counts = Record<(typeof COUNTS)[number], number>;

/** How many of the most viewed products and most frequent searches are told. */
const MOST_TOLD = 20;

/** A row of the summaries table, its numbers as texts. */
export interface ActivityRow {
  readonly bucket: string;
  readonly numbers: Readonly<Record<string, string>>;
}

/** Sums rows of activity, in whatever order they are read. */
export class ActivityFold {
  readonly #minutes = new Map<string, Counts>();
  readonly #views = new Map<string, number>();
  readonly #searches = new Map<string, number>();

  /** @param day `2026-01-01`, that of the row's partition. */
  add(day: string, { bucket, numbers }: ActivityRow): void {
    const [, kind = '', time = '', rest = ''] = /^([a-z-]+)#(\d\d:\d\d)(?:#(.*))?$/s.exec(bucket) ?? [];
    if (kind === 'minute') this.#minutes.set(`${day}T${time}`, countsOf(numbers));
    if (kind === 'product') addTo(this.#views, rest, numbers['views']);
    if (kind === 'nothing-found') addTo(this.#searches, rest, numbers['searches']);
  }

  result() {
    const minutes = [...this.#minutes].sort(([a], [b]) => (a < b ? -1 : 1));
    const totals = countsOf({});
    for (const [, counts] of minutes) for (const name of COUNTS) totals[name] += counts[name];
    return {
      minutes: minutes.map(([minute, counts]) => ({ minute, ...counts })),
      totals,
      topProducts: most(this.#views).map(([sku, views]) => ({ sku, views })),
      searchesWithoutResults: most(this.#searches).map(([text, searches]) => ({ text, searches })),
      conversion: {
        viewsToBaskets: ratio(totals.addsToBasket, totals.views),
        basketsToCheckouts: ratio(totals.checkouts, totals.addsToBasket),
        checkoutsToPurchases: ratio(totals.purchases, totals.checkouts),
      },
    };
  }
}

function countsOf(numbers: Readonly<Record<string, string>>): Counts {
  const count = (name: keyof Counts): number => Number(numbers[name] ?? 0);
  return {
    views: count('views'),
    searches: count('searches'),
    emptySearches: count('emptySearches'),
    addsToBasket: count('addsToBasket'),
    removalsFromBasket: count('removalsFromBasket'),
    checkouts: count('checkouts'),
    purchases: count('purchases'),
  };
}

function addTo(sums: Map<string, number>, key: string, more = '0'): void {
  sums.set(key, (sums.get(key) ?? 0) + Number(more));
}

function most(sums: ReadonlyMap<string, number>): [string, number][] {
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_TOLD);
}

/** `"0.2500"`; null where there is nothing to compare with. */
function ratio(part: number, whole: number): string | null {
  return whole === 0 ? null : (part / whole).toFixed(4);
}
