import {
  SALES_BY,
  SalesFold,
  salesTotal,
  shownSales,
  type Days,
  type SalesBy,
  type SalesFigure,
} from '@orderstream/domain';
import { Problem, readQuery, refuseWrong, type Answer, type ApiRequest } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { daySchema, wrongDays } from './days.ts';
import type { SalesReader } from './sales-reader.ts';

/** Rows of one answer; a Lambda function's answer stops at 6 MB. */
const MOST_ROWS = 20_000;

const querySchema = z.strictObject({
  by: z.enum(SALES_BY, `must be one of ${SALES_BY.join(', ')}`),
  from: z.optional(daySchema),
  to: z.optional(daySchema),
});

/**
 * GET /sales?by=day|hour|country|product&from=&to=: sales of the UTC days on which orders were placed, both included; of
 * all days without them. A product's revenue is that of its lines: shipping and tax belong to none.
 */
export async function getSales(
  request: Pick<ApiRequest, 'query'>,
  sales: Pick<SalesReader, 'fold'>,
  currency: string,
): Promise<Answer> {
  const { by, from, to } = readQuery(request, querySchema);
  refuseWrong('query', wrongDays({ from, to }));
  const { figures, orders } = await readFigures(by, { from, to }, sales);
  if (figures.length > MOST_ROWS) {
    throw new Problem('invalid-request', 'Ask for fewer days at once.', [
      { field: 'from', problem: `there are ${figures.length} rows; at most ${MOST_ROWS} are told at once` },
    ]);
  }
  const total = { ...salesTotal(figures), orders };
  const rows = figures.map(({ key, ...figure }) => ({ [by]: key, ...shownSales(figure, currency) }));
  return { status: 200, body: { by, from, to, currency, rows, total: shownSales(total, currency) } };
}

/** The figures, and how many orders they are of: one order may be of several products. */
async function readFigures(
  by: SalesBy,
  days: Days,
  sales: Pick<SalesReader, 'fold'>,
): Promise<{ figures: SalesFigure[]; orders: number }> {
  const kinds: SalesBy[] = by === 'product' ? ['product', 'day'] : [by];
  return sales.fold(kinds, days, () => {
    const fold = new SalesFold(by);
    const perDay = new SalesFold('day');
    return {
      add: (row) => (by === 'product' && row.bucket.startsWith('day#') ? perDay : fold).add(row),
      result: () => {
        const figures = fold.figures();
        return { figures, orders: salesTotal(by === 'product' ? perDay.figures() : figures).orders };
      },
    };
  });
}
