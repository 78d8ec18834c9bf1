import { isOpen, isOrderId } from '@orderstream/domain';
import {
  logger,
  Problem,
  readAs,
  unknownParameters,
  type Answer,
  type ApiRequest,
  type OrdersTable,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import type { ReadOrders } from './cached-items.ts';
import { noSuchOrder } from './no-such-order.ts';
import { orderView } from './view.ts';

/** There is nothing to say; some clients send an empty object. */
const bodySchema = z.strictObject({});

/**
 * POST /orders/{orderId}/cancel: notes the customer's wish, which the workflow follows, hence 202. Once shipping has
 * begun it is refused: ship and cancel meet on the order, and one of them wins. It may be asked for again, and needs no
 * Idempotency-Key.
 */
export async function cancelOrder(
  request: ApiRequest,
  orders: Pick<OrdersTable, 'requestCancellation'>,
  readOrders: Pick<ReadOrders, 'wrote'>,
): Promise<Answer> {
  const { customerId, path } = request;
  refuseWords(request);
  const { orderId = '' } = path;
  if (!isOrderId(orderId)) throw noSuchOrder(orderId);
  const { outcome, order } = await orders.requestCancellation(orderId, customerId);
  if (outcome === 'not-found' || order === undefined) throw noSuchOrder(orderId);
  if (outcome === 'too-late') throw new Problem('too-late-to-cancel', whyTooLate(order));
  logger.info('Cancellation requested.', { orderId });
  await readOrders.wrote(orderId, order);
  return { status: 202, body: orderView(order) };
}

function refuseWords(request: ApiRequest): void {
  const { errors = [] } = request.hasBody ? readAs(bodySchema, request.json()) : {};
  const all = [...unknownParameters(request.query), ...errors];
  if (all.length > 0) throw new Problem('invalid-request', 'Ask without a query and without a body.', all);
}

function whyTooLate({ orderId, status, closing }: StoredOrder): string {
  if (!isOpen(status)) return `Order ${orderId} is ${status} already. There is nothing left to cancel.`;
  if (closing !== undefined)
    return `Order ${orderId} is being closed already, as ${closing.as}. Nothing is shipped.`;
  return `Shipping of order ${orderId} has begun. Wait for the goods and send them back.`;
}
