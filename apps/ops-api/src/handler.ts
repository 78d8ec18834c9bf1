import {
  apiHandler,
  bareError,
  logger,
  OrdersTable,
  requiredEnvironment,
  SummariesTable,
} from '@orderstream/lambda-kit';
import { OrderIndex } from './order-index.ts';
import { Products } from './products.ts';
import { Receipts } from './receipts.ts';
import { opsRoutes } from './routes.ts';
import { SalesReader } from './sales-reader.ts';

const summaries = new SummariesTable();

const routes = opsRoutes({
  orders: new OrdersTable(),
  index: new OrderIndex(),
  products: new Products(),
  receipts: new Receipts(),
  sales: new SalesReader(summaries),
  summaries,
  currency: requiredEnvironment('CURRENCY'),
  now: Date.now,
});

/** The part of the staff's API that has the shop's figures, products and orders. */
export const handler = apiHandler(routes, (routeKey, error) => {
  logger.error(`${routeKey} failed.`, { error: bareError(error) });
});
