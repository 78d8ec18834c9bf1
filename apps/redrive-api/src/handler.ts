import { apiHandler, bareError, logger, OrdersTable } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { awsDeadLetters } from './dead-letters/aws.ts';
import { deployment, jsonVariable } from './dead-letters/deployment.ts';
import { awsMappings } from './dispatching/dispatching.ts';
import { redriveRoutes } from './routes.ts';

const routes = redriveRoutes({
  deadLetters: awsDeadLetters(deployment(), new OrdersTable(), Date.now),
  mappings: awsMappings(jsonVariable('DISPATCHER_MAPPINGS', z.record(z.string(), z.string()))),
});

/** The part of the staff's API that looks after what could not be handled. */
export const handler = apiHandler(routes, (routeKey, error) => {
  logger.error(`${routeKey} failed.`, { error: bareError(error) });
});
