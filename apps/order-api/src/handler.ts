import {
  apiHandler,
  bareError,
  logger,
  OrdersTable,
  ProductSearch,
  requiredEnvironment,
  SearchService,
} from '@orderstream/lambda-kit';
import { ActivityTable } from './activity-table.ts';
import { cachedItems } from './cached-items.ts';
import { Catalogue } from './catalogue.ts';
import { CustomerOrders } from './customer-orders.ts';
import { orderRoutes } from './routes.ts';

/** After this many milliseconds a search is given up: nobody waits longer for one. */
const SEARCH_TIMEOUT_MS = 3_000;

const orders = new OrdersTable();
const catalogue = new Catalogue();
const { CACHE_URL: cacheUrl, SEARCH_URL: searchUrl } = process.env;

const routes = orderRoutes({
  orders,
  ...cachedItems(cacheUrl, orders, catalogue),
  customerOrders: new CustomerOrders(),
  catalogue,
  search: searchUrl ? new ProductSearch(new SearchService(searchUrl, SEARCH_TIMEOUT_MS)) : undefined,
  activities: new ActivityTable(),
  currency: requiredEnvironment('CURRENCY'),
  writer: requiredEnvironment('POWERTOOLS_SERVICE_NAME'),
});

/** The customers' API. */
export const handler = apiHandler(routes, (routeKey, error) => {
  logger.error(`${routeKey} failed.`, { error: bareError(error) });
});
