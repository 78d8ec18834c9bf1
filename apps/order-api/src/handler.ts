import { apiHandler, bareError, logger, OrdersTable, requiredEnvironment } from '@orderstream/lambda-kit';
import { Catalogue } from './catalogue.ts';
import { CustomerOrders } from './customer-orders.ts';
import { orderRoutes } from './routes.ts';

const routes = orderRoutes({
  orders: new OrdersTable(),
  customerOrders: new CustomerOrders(),
  catalogue: new Catalogue(),
  currency: requiredEnvironment('CURRENCY'),
  writer: requiredEnvironment('POWERTOOLS_SERVICE_NAME'),
});

/** The customers' API. */
export const handler = apiHandler(routes, (routeKey, error) => {
  logger.error(`${routeKey} failed.`, { error: bareError(error) });
});
