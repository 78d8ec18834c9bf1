/** Where an order stands in a list that is sorted by a time: orders of the same time stand by their ids. */
export interface Moment {
  readonly at: string;
  readonly orderId: string;
}

/** Partitions of an index, and the first and last time that is looked at. */
export interface Slice {
  readonly index: 'byDay' | 'byCustomer' | 'openOrders';
  readonly partitions: readonly string[];
  readonly from: string;
  readonly to: string;
}

type Item = Readonly<Record<string, unknown>>;

/** What was read of a slice's partitions, in no order, and the attribute that is the time. */
export interface SliceRead {
  readonly orders: readonly Item[];
  readonly sort: string;
}

/**
 * Reads one partition, newest first, until it has the `wanted` newest orders before a moment and can tell that there
 * are more, or that there are none. A partition gives orders of the same time in any order: all of them are read, so
 * that the list can be cut between two of them.
 */
export async function newestFirst(
  pages: AsyncIterable<readonly Item[]>,
  sort: string,
  wanted: number,
  before: Moment | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) {
    found.push(...page.filter((item) => before === undefined || isOlder(momentOf(item, sort), before)));
    const last = page.at(-1);
    const enough = found[wanted - 1];
    if (last && enough && momentOf(last, sort).at < momentOf(enough, sort).at) break;
  }
  return found;
}

/** The newest orders of what was read, in their order. */
export function cut(
  { orders, sort }: SliceRead,
  wanted: number,
): { orders: Item[]; last: Moment | undefined; more: boolean } {
  const moments = orders.map((order) => ({ order, moment: momentOf(order, sort) }));
  moments.sort((a, b) => (isOlder(a.moment, b.moment) ? 1 : -1));
  const kept = moments.slice(0, wanted);
  return {
    orders: kept.map(({ order }) => order),
    last: kept.at(-1)?.moment,
    more: moments.length > wanted,
  };
}

function momentOf(item: Item, sort: string): Moment {
  return { at: String(item[sort]), orderId: String(item['orderId']) };
}

function isOlder(a: Moment, b: Moment): boolean {
  return a.at < b.at || (a.at === b.at && a.orderId < b.orderId);
}
