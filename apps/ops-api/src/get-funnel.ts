import { foldFunnel, type SalesRow } from '@orderstream/domain';
import { readQuery, refuseWrong, type Answer, type ApiRequest } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { daySchema, wrongDays } from './days.ts';
import type { OrderIndex } from './order-index.ts';
import type { SalesReader } from './sales-reader.ts';

const querySchema = z.strictObject({ from: z.optional(daySchema), to: z.optional(daySchema) });

/**
 * GET /funnel?from=&to=: how many orders came how far, and why those that did not ship ended. Orders under way are known
 * without the day on which they were placed: for a range of days they are left out, and `open` is null.
 */
export async function getFunnel(
  request: Pick<ApiRequest, 'query'>,
  sales: Pick<SalesReader, 'fold'>,
  index: Pick<OrderIndex, 'countOpen'>,
): Promise<Answer> {
  const { from, to } = readQuery(request, querySchema);
  refuseWrong('query', wrongDays({ from, to }));
  const always = from === undefined && to === undefined;
  const open = always ? await index.countOpen() : null;
  const rows = await sales.fold(['end'], { from, to }, () => {
    const found: SalesRow[] = [];
    return { add: (row) => found.push(row), result: () => found };
  });
  return { status: 200, body: { from, to, ...foldFunnel(rows, open) } };
}
