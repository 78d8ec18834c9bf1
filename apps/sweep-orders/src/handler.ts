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
import { lookAtDispatching, type Dispatching } from './dispatching.ts';
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
  const { paused, broken } = await dispatching();
  const outcome = await sweep(shop, { ...limits, mayStart: paused === 0 }, Date.now(), isTime);
  logger.info(`${outcome.looked} orders stood still.`, outcome);
  if (outcome.hold > 0)
    logger.warn(`${outcome.hold} orders are not started while dispatching is paused.`, {
      hold: outcome.hold,
    });
  const counts = {
    // A sweep that comes to its end says so: an alarm rings where none does.
    Sweeps: 1,
    OrdersRedriven: outcome.redrive,
    OrdersStarted: outcome.start + outcome.restart,
    OrdersReported: outcome.reported,
    DispatchPaused: paused + broken,
  };
  for (const [name, count] of Object.entries(counts))
    if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
  return outcome;
}

/** No order waits for this: where Lambda does not answer, the next sweep tells. */
async function dispatching(): Promise<Dispatching> {
  const found = await lookAtDispatching(mappings);
  const where = { paused: found.paused, broken: found.broken };
  if (found.broken > 0) logger.error('Mappings of the dispatcher bring it nothing, or are gone.', where);
  for (const error of found.unknown)
    logger.warn('Of a mapping it is not known whether it brings changes.', { error: bareError(error) });
  return found;
}
