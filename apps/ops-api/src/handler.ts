import {
  apiHandler,
  bareError,
  logger,
  OrdersTable,
  requiredEnvironment,
  SummariesTable,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { awsDeadLetters } from './dead-letters/aws.ts';
import { deployment, jsonVariable } from './dead-letters/deployment.ts';
import { awsMappings } from './dispatching/dispatching.ts';
import { OrderIndex } from './order-index.ts';
import { Products } from './products.ts';
import { Receipts } from './receipts.ts';
import { opsRoutes } from './routes.ts';
import { SalesReader } from './sales-reader.ts';

const orders = new OrdersTable();
const summaries = new SummariesTable();

const routes = opsRoutes({
  orders,
  index: new OrderIndex(),
  products: new Products(),
  receipts: new Receipts(),
  sales: new SalesReader(summaries),
  summaries,
  deadLetters: awsDeadLetters(deployment(), orders, Date.now),
  mappings: awsMappings(jsonVariable('DISPATCHER_MAPPINGS', z.record(z.string(), z.string()))),
  currency: requiredEnvironment('CURRENCY'),
  now: Date.now,
});

/** The staff's API. */
export const handler = apiHandler(routes, (routeKey, error) => {
  logger.error(`${routeKey} failed.`, { error: bareError(error) });
});
