import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  awsClientConfig,
  bareError,
  logger,
  metrics,
  OrdersTable,
  requiredEnvironment,
} from '@orderstream/lambda-kit';
import type { Context } from 'aws-lambda';
import { pausedMappings } from './dispatching.ts';
import { Executions } from './executions.ts';
import { OpenOrders } from './open-orders.ts';
import { Position } from './position.ts';
import { sweep, type Outcome, type Shop } from './sweep.ts';

/** Milliseconds that must be left for another order: it is read, its execution described and started. */
const ONE_ORDER = 20_000;

const shop: Shop = {
  openOrders: new OpenOrders(),
  orders: new OrdersTable(),
  executions: new Executions(new SFNClient(awsClientConfig()), requiredEnvironment('WORKFLOW_ARN')),
  position: new Position(),
};
const limits = {
  still: Number(requiredEnvironment('STILL_SECONDS')) * 1000,
  running: Number(requiredEnvironment('RUNNING_SECONDS')) * 1000,
};

const mappings = requiredEnvironment('DISPATCHER_MAPPINGS').split(',');

/** Looks after orders that stand still. What the schedule sends does not matter. */
export async function handler(
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<Outcome> {
  const isTime = () => context.getRemainingTimeInMillis() > ONE_ORDER;
  const outcome = await sweep(shop, limits, Date.now(), isTime);
  logger.info(`${outcome.looked} orders stood still.`, outcome);
  const counts = {
    OrdersRedriven: outcome.redrive,
    OrdersStarted: outcome.start + outcome.restart,
    OrdersReported: outcome.reported,
    DispatchPaused: await paused(),
  };
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  for (const [name, count] of counted) metrics.addMetric(name, MetricUnit.Count, count);
  if (counted.length > 0) metrics.publishStoredMetrics();
  return outcome;
}

/** No order waits for this: where Lambda does not answer, the next sweep tells. */
async function paused(): Promise<number> {
  try {
    return await pausedMappings(mappings);
  } catch (error) {
    logger.warn('It is not known whether the dispatcher is brought its changes.', {
      error: bareError(error),
    });
    return 0;
  }
}
