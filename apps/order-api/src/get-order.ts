import { isOrderId } from '@orderstream/domain';
import type { Answer, ApiRequest } from '@orderstream/lambda-kit';
import type { ReadOrders } from './cached-items.ts';
import { noSuchOrder } from './no-such-order.ts';
import { orderView } from './view.ts';

/** GET /orders/{orderId}: one of the customer's own orders. */
export async function getOrder(
  { customerId, path }: ApiRequest,
  orders: Pick<ReadOrders, 'read'>,
): Promise<Answer> {
  const { orderId = '' } = path;
  const order = isOrderId(orderId) ? await orders.read(orderId) : undefined;
  if (order?.customerId !== customerId) throw noSuchOrder(orderId);
  return { status: 200, body: orderView(order) };
}
