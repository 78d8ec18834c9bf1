import { isOpen, isOrderId } from '@orderstream/domain';
import {
  Problem,
  type Answer,
  type ApiRequest,
  type OrdersTable,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import type { ReadOrders } from './cached-items.ts';
import { noSuchOrder } from './no-such-order.ts';
import { orderView } from './view.ts';

/**
 * POST /orders/{orderId}/cancel: notes the customer's wish, which the workflow follows, hence 202. Once shipping has
 * begun it is refused: ship and cancel meet on the order, and one of them wins.
 */
export async function cancelOrder(
  { customerId, path }: ApiRequest,
  orders: Pick<OrdersTable, 'requestCancellation'>,
  readOrders: Pick<ReadOrders, 'wrote'>,
): Promise<Answer> {
  const { orderId = '' } = path;
  if (!isOrderId(orderId)) throw noSuchOrder(orderId);
  const { outcome, order } = await orders.requestCancellation(orderId, customerId);
  if (outcome === 'not-found' || order === undefined) throw noSuchOrder(orderId);
  if (outcome === 'too-late') throw new Problem('too-late-to-cancel', whyTooLate(order));
  await readOrders.wrote(orderId, order);
  return { status: 202, body: orderView(order) };
}

function whyTooLate({ orderId, status, closing }: StoredOrder): string {
  if (!isOpen(status)) return `Order ${orderId} is ${status} already. There is nothing left to cancel.`;
  if (closing !== undefined)
    return `Order ${orderId} is being closed already, as ${closing.as}. Nothing is shipped.`;
  return `Shipping of order ${orderId} has begun. Wait for the goods and send them back.`;
}
