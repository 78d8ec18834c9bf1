import type { OrdersTable, Routes } from '@orderstream/lambda-kit';
import { cancelOrder } from './cancel-order.ts';
import type { CustomerOrders } from './customer-orders.ts';
import { getOrder } from './get-order.ts';
import { listOrders } from './list-orders.ts';
import { placeOrder, type Shop } from './place-order.ts';

/** What the routes work with. */
export interface OrderApi extends Shop {
  readonly orders: Pick<OrdersTable, 'read' | 'requestCancellation'>;
  readonly customerOrders: Pick<CustomerOrders, 'create' | 'list'>;
}

/** What customers can ask for, by the route's key as the HTTP API has it. */
export function orderRoutes(api: OrderApi): Routes {
  return new Map([
    ['POST /orders', (request) => placeOrder(request, api)],
    ['GET /orders', (request) => listOrders(request, api.customerOrders)],
    ['GET /orders/{orderId}', (request) => getOrder(request, api.orders)],
    ['POST /orders/{orderId}/cancel', (request) => cancelOrder(request, api.orders)],
  ]);
}
