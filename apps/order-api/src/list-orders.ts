import { isForgotten, isInstant, isOrderId } from '@orderstream/domain';
import { Problem, unknownParameters, type Answer, type ApiRequest } from '@orderstream/lambda-kit';
import type { CustomerOrders, PageEnd } from './customer-orders.ts';
import { orderSummary } from './view.ts';

const USUAL_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** GET /orders?limit=&cursor=: the customer's own orders, newest first, page by page. */
export async function listOrders(
  { customerId, query }: ApiRequest,
  orders: Pick<CustomerOrders, 'list'>,
): Promise<Answer> {
  const { limit = String(USUAL_LIMIT), cursor } = query;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const errors = unknownParameters(query, ['limit', 'cursor']);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > HIGHEST_LIMIT) {
    errors.push({ field: 'limit', problem: `must be a whole number from 1 to ${HIGHEST_LIMIT}` });
  }
  if (cursor !== undefined && after === undefined) {
    errors.push({ field: 'cursor', problem: 'must be the cursor of an earlier answer' });
  }
  if (errors.length > 0) {
    throw new Problem('invalid-request', 'Correct the query, or leave it out for the first page.', errors);
  }
  const page = await orders.list(customerId, Number(limit), after);
  // The index names the customer of a forgotten order until all other traces are gone.
  const shown = page.orders.filter((order) => !isForgotten(order));
  return {
    status: 200,
    body: { orders: shown.map(orderSummary), cursor: page.end && writeCursor(page.end) },
  };
}

/** The customer is not in it, so that it leads nobody into another customer's orders. */
function writeCursor({ placedAt, orderId }: PageEnd): string {
  return Buffer.from(JSON.stringify([placedAt, orderId])).toString('base64url');
}

function readCursor(cursor: string): PageEnd | undefined {
  try {
    const [placedAt, orderId, ...more]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return isInstant(placedAt) && isOrderId(orderId) && more.length === 0 ? { placedAt, orderId } : undefined;
  } catch {
    return undefined;
  }
}
