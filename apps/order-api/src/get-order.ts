import { isOrderId } from '@orderstream/domain';
import type { OrdersTable } from '@orderstream/lambda-kit';
import type { Answer } from './answer.ts';
import { noSuchOrder } from './problem.ts';
import type { ApiRequest } from './request.ts';
import { orderView } from './view.ts';

/** GET /orders/{orderId}: one of the customer's own orders. */
export async function getOrder(
  { customerId, path }: ApiRequest,
  orders: Pick<OrdersTable, 'read'>,
): Promise<Answer> {
  const { orderId = '' } = path;
  const order = isOrderId(orderId) ? await orders.read(orderId) : undefined;
  if (order?.customerId !== customerId) throw noSuchOrder(orderId);
  return { status: 200, body: orderView(order) };
}
