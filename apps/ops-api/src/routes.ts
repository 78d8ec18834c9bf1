import { staffOnly, type Routes, type SummariesTable } from '@orderstream/lambda-kit';
import { deleteProduct, putProduct } from './change-product.ts';
import { getActivity } from './get-activity.ts';
import { getFunnel } from './get-funnel.ts';
import { getSales } from './get-sales.ts';
import { listOrders, type OrderLists } from './list-orders.ts';
import type { OrderIndex } from './order-index.ts';
import type { Products } from './products.ts';
import { receiveGoods } from './receive-goods.ts';
import type { Receipts } from './receipts.ts';
import type { SalesReader } from './sales-reader.ts';

/** What the routes work with. */
export interface OpsApi extends OrderLists {
  readonly index: Pick<OrderIndex, 'newest' | 'countOpen'>;
  readonly products: Pick<Products, 'put' | 'remove'>;
  readonly receipts: Pick<Receipts, 'receive'>;
  readonly sales: Pick<SalesReader, 'fold'>;
  readonly summaries: Pick<SummariesTable, 'range'>;
  readonly currency: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What staff can ask for, by the route's key as the HTTP API has it. */
export function opsRoutes(api: OpsApi): Routes {
  return staffOnly(
    new Map([
      ['PUT /products/{sku}', (request) => putProduct(request, api.products, api.currency)],
      ['DELETE /products/{sku}', (request) => deleteProduct(request, api.products)],
      ['POST /products/{sku}/receipts', (request) => receiveGoods(request, api.receipts)],
      ['GET /orders', (request) => listOrders(request, api, api.now())],
      ['GET /sales', (request) => getSales(request, api.sales, api.currency)],
      ['GET /funnel', (request) => getFunnel(request, api.sales, api.index)],
      ['GET /activity', (request) => getActivity(request, api.summaries, api.now())],
    ]),
  );
}
