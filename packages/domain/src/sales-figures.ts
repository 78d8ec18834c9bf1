import { formatMoney, compareMoney, sumMoney, type Decimal } from './money.ts';
import { OPEN_STATUSES, type OrderStatus } from './status.ts';

/** What sales are told by. */
export const SALES_BY = ['day', 'hour', 'country', 'product'] as const;
export type SalesBy = (typeof SALES_BY)[number];

/** UTC days such as `2011-11-14`, both included; without one, all there is on that side. */
export interface Days {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What is read of a row of the summaries table. */
export interface SalesRow {
  readonly bucket: string;
  readonly numbers: Readonly<Record<string, Decimal>>;
}

/** Sales of one day, hour, country or product. */
export interface SalesFigure {
  readonly key: string;
  readonly orders: number;
  readonly units: number;
  /** Exact, without more zeros than it needs. */
  readonly revenue: Decimal;
}

export type SalesTotal = Omit<SalesFigure, 'key'>;

const NOTHING: SalesTotal = { orders: 0, units: 0, revenue: '0' };

/** The first and last bucket of the rows of these days; `~` stands behind every character that follows a day. */
export function salesBuckets(kind: SalesBy | 'end', { from = '0', to = '9' }: Days): [string, string] {
  return [`${kind}#${from}`, `${kind}#${to}~`];
}

/** Whether a month (`2011-11`) has some of these days. */
export function monthWithin(month: string, { from, to }: Days): boolean {
  return (from === undefined || month >= from.slice(0, 7)) && (to === undefined || month <= to.slice(0, 7));
}

/** Sums rows, in whatever order they are read, into the figures of each day, hour, country or product. */
export class SalesFold {
  readonly #by: SalesBy;
  readonly #sums = new Map<string, SalesTotal>();

  constructor(by: SalesBy) {
    this.#by = by;
  }

  add({ bucket, numbers }: SalesRow): void {
    const key = keyOf(bucket, this.#by);
    const { orders = '0', units = '0', revenue = '0' } = numbers;
    const more = { orders: Number(orders), units: Number(units), revenue };
    this.#sums.set(key, salesTotal([this.#sums.get(key) ?? NOTHING, more]));
  }

  /** Days and hours in their order, countries and products with the highest revenue first. */
  figures(): SalesFigure[] {
    const figures = [...this.#sums].map(([key, sum]) => ({ key, ...sum }));
    const byKey = (a: SalesFigure, b: SalesFigure) => (a.key < b.key ? -1 : 1);
    if (this.#by === 'day' || this.#by === 'hour') return figures.sort(byKey);
    return figures.sort((a, b) => compareMoney(b.revenue, a.revenue) || byKey(a, b));
  }
}

export function salesTotal(parts: readonly SalesTotal[]): SalesTotal {
  return {
    orders: parts.reduce((sum, { orders }) => sum + orders, 0),
    units: parts.reduce((sum, { units }) => sum + units, 0),
    revenue: sumMoney(parts.map(({ revenue }) => revenue)),
  };
}

/** Sales as people and programs read them: the revenue with the currency's decimals at least, and all that it has. */
export function shownSales<Figure extends SalesTotal>(figure: Figure, currency: string): Figure {
  return { ...figure, revenue: formatMoney(figure.revenue, currency) };
}

/** `2011-11-14`, `2011-11-14T13`, the country or the SKU, either of which may have any character in it. */
function keyOf(bucket: string, by: SalesBy): string {
  const start = `${by}#`.length;
  return bucket.slice(by === 'day' || by === 'hour' ? start : start + '2011-11-14#'.length);
}

/** How many orders came how far, and why those that did not ship ended. */
export interface Funnel {
  /** Orders that stand at a status, or came past it. */
  readonly reached: Readonly<Record<string, number>>;
  /** Orders by their end. */
  readonly ends: Readonly<Record<string, number>>;
  /** Orders under way by status; null where they were not looked at. */
  readonly open: Readonly<Record<string, number>> | null;
  /** The most frequent first. */
  readonly reasons: readonly { readonly cause: string; readonly as: string; readonly orders: number }[];
}

const WAY: readonly OrderStatus[] = [...OPEN_STATUSES, 'SHIPPED'];
const ENDS: readonly OrderStatus[] = ['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED'];

/**
 * The funnel from the rows of ends. An order reached what it stood at when it ended, and all before.
 *
 * @param open orders under way by status, who count as well; null to leave them out.
 */
export function foldFunnel(
  rows: readonly SalesRow[],
  open: Readonly<Partial<Record<OrderStatus, number>>> | null,
): Funnel {
  const reached = Object.fromEntries(WAY.map((status) => [status, 0]));
  const ends = Object.fromEntries(ENDS.map((status) => [status, 0]));
  const reasons = new Map<string, { cause: string; as: string; orders: number }>();
  const reach = (status: string, orders: number): void => {
    const last = Math.max(
      0,
      WAY.findIndex((each) => each === status),
    );
    for (const passed of WAY.slice(0, last + 1)) reached[passed] = (reached[passed] ?? 0) + orders;
  };
  for (const { bucket, numbers } of rows) {
    const [, , as = '', closedFrom = '', ...cause] = bucket.split('#');
    const orders = Number(numbers['orders'] ?? 0);
    ends[as] = (ends[as] ?? 0) + orders;
    reach(as === 'SHIPPED' ? as : closedFrom, orders);
    if (as === 'SHIPPED') continue;
    const reason = { cause: cause.join('#'), as, orders };
    const key = JSON.stringify([reason.cause, as]);
    reasons.set(key, { ...reason, orders: orders + (reasons.get(key)?.orders ?? 0) });
  }
  for (const status of OPEN_STATUSES) reach(status, open?.[status] ?? 0);
  return {
    reached,
    ends,
    open: open && Object.fromEntries(OPEN_STATUSES.map((status) => [status, open[status] ?? 0])),
    reasons: [...reasons.values()].sort((a, b) => b.orders - a.orders || (a.cause < b.cause ? -1 : 1)),
  };
}
