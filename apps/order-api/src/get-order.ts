import { isForgotten, isOrderId } from '@orderstream/domain';
import type { Answer, ApiRequest } from '@orderstream/lambda-kit';
import type { ReadOrders } from './cached-items.ts';
import { noSuchOrder } from './no-such-order.ts';
import { orderView } from './view.ts';

/** GET /orders/{orderId}: one of the customer's own orders. A forgotten one is nobody's, whatever is left of it. */
export async function getOrder(
  { customerId, path }: ApiRequest,
  orders: Pick<ReadOrders, 'read'>,
): Promise<Answer> {
  const { orderId = '' } = path;
  const order = isOrderId(orderId) ? await orders.read(orderId) : undefined;
  if (order?.customerId !== customerId || isForgotten(order)) throw noSuchOrder(orderId);
  return { status: 200, body: orderView(order) };
}
