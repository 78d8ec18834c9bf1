import { SALES_BY, type SalesBy } from '@orderstream/domain';
import * as z from 'zod';
import { UsageError } from '../errors.ts';
import { bar, table, toTheRight } from '../output.ts';

const figures = { orders: z.number(), units: z.number(), revenue: z.string() };

export const salesSchema = z.object({
  currency: z.string(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  total: z.object(figures),
});
export type Sales = z.infer<typeof salesSchema>;

/** Sales of one day, hour, country or product, which is under the name of what the sales are told by. */
export type SalesRow = Readonly<Record<string, string | number>>;

/** Rows that a person looks through; the rest is counted. */
const MOST_ROWS = 60;

/** What `--by` names. @throws UsageError for anything else. */
export function salesBy(given: unknown): SalesBy {
  const by = SALES_BY.find((each) => each === given);
  if (by !== undefined) return by;
  const what = given === undefined ? 'is missing' : `is ${String(given)}`;
  throw new UsageError(`--by ${what}, but must be one of ${SALES_BY.join(', ')}.`);
}

/** The rows as `--json` prints them: exactly these fields, in this order. */
export function salesRows({ rows }: Pick<Sales, 'rows'>, by: SalesBy): SalesRow[] {
  return rows.map((row) => ({
    [by]: row[by] ?? '',
    orders: row['orders'] ?? 0,
    units: row['units'] ?? 0,
    revenue: row['revenue'] ?? '0',
  }));
}

/** The rows for people, with a bar for the revenue of each, and their sum. */
export function salesText(sales: Sales, by: SalesBy): string {
  const rows = salesRows(sales, by);
  if (rows.length === 0)
    return 'No sales in that time. A sale counts on the day its order was placed, once it has shipped.';
  const shown = rows.slice(0, MOST_ROWS);
  const largest = Math.max(...shown.map(({ revenue }) => Number(revenue)));
  const revenues = toTheRight([...shown.map(({ revenue }) => String(revenue)), sales.total.revenue]);
  const lines = shown.map((row, index) => [
    String(row[by]),
    Number(row['orders']),
    Number(row['units']),
    revenues[index] ?? '',
    bar(Number(row['revenue']), largest),
  ]);
  const more = rows.length - shown.length;
  const rest = more > 0 ? [[`… and ${more} more (--json has all)`, '', '', '']] : [];
  const { orders, units } = sales.total;
  const total = ['total', orders, units, `${revenues.at(-1) ?? ''} ${sales.currency}`];
  return table([[by, 'orders', 'units', 'revenue'], ...lines, ...rest, total]);
}
