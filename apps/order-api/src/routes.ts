import type { OrdersTable, ProductSearch, Routes } from '@orderstream/lambda-kit';
import type { ActivityTable } from './activity-table.ts';
import type { ReadOrders, ReadProducts } from './cached-items.ts';
import { cancelOrder } from './cancel-order.ts';
import type { CustomerOrders } from './customer-orders.ts';
import { getOrder } from './get-order.ts';
import { getProduct } from './get-product.ts';
import { listOrders } from './list-orders.ts';
import { placeOrder, type Shop } from './place-order.ts';
import { recordCustomerActivity, recordGuestActivity } from './record-activity.ts';
import { searchProducts } from './search-products.ts';

/** What the routes work with. */
export interface OrderApi extends Shop {
  readonly orders: Pick<OrdersTable, 'read' | 'requestCancellation'>;
  readonly readOrders: Pick<ReadOrders, 'read' | 'wrote'>;
  readonly readProducts: Pick<ReadProducts, 'read'>;
  readonly customerOrders: Pick<CustomerOrders, 'create' | 'list'>;
  /** `undefined` where the deployment has none. */
  readonly search: Pick<ProductSearch, 'search'> | undefined;
  readonly activities: Pick<ActivityTable, 'write'>;
}

/** What customers can ask for, by the route's key as the HTTP API has it. */
export function orderRoutes(api: OrderApi): Routes {
  return new Map([
    ['POST /orders', (request) => placeOrder(request, api)],
    ['GET /orders', (request) => listOrders(request, api.customerOrders)],
    ['GET /orders/{orderId}', (request) => getOrder(request, api.readOrders)],
    ['POST /orders/{orderId}/cancel', (request) => cancelOrder(request, api.orders, api.readOrders)],
    ['GET /products', (request) => searchProducts(request, api.search)],
    ['GET /products/{sku}', (request) => getProduct(request, api.readProducts)],
    ['POST /activity', (request) => recordGuestActivity(request, api.activities)],
    ['POST /activity/me', (request) => recordCustomerActivity(request, api.activities)],
  ]);
}
