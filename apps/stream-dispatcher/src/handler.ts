import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { awsClientConfig, logger, metrics, orderIdsOf, requiredEnvironment } from '@orderstream/lambda-kit';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dispatch, type Outcome } from './dispatch.ts';
import { dispatchLag } from './dispatch-lag.ts';
import { awsEffects } from './effects.ts';
import { Quarantine } from './quarantine.ts';

const tables = new Map([
  [requiredEnvironment('ORDERS_TABLE'), 'orders' as const],
  [requiredEnvironment('PRODUCTS_TABLE'), 'products' as const],
  [requiredEnvironment('STOCK_TABLE'), 'stock' as const],
]);
const bus = requiredEnvironment('EVENT_BUS');
const aws = awsClientConfig();
const effects = awsEffects({
  workflows: new SFNClient(aws),
  stateMachineArn: requiredEnvironment('WORKFLOW_ARN'),
  // What the bus does not take is sent again by the dispatcher: whole calls as well as single entries.
  events: new EventBridgeClient({ ...aws, maxAttempts: 1 }),
  quarantine: new Quarantine(requiredEnvironment('QUARANTINE_BUCKET')),
});

/** A batch as its mapping brings it, or, marked as such, one that somebody redrives. */
export interface DispatchEvent extends DynamoDBStreamEvent {
  readonly redriven?: boolean;
}

/** Starts workflows and publishes events for a batch of changes; what failed, Lambda brings again. */
export async function handler({ Records, redriven = false }: DispatchEvent): Promise<DynamoDBBatchResponse> {
  const outcome = await dispatch(Records, tables, bus, effects, { redriven });
  report(Records, outcome);
  if (!redriven) measureLag(Records, outcome);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return {
    // A record without a number cannot be named; an empty name brings the whole batch again.
    batchItemFailures: outcome.failed.map(({ record, reason }) => ({
      itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
      // A mapping has no use for it; whoever redrives wants to know.
      ...(redriven && { reason }),
    })),
  };
}

function report(
  records: DispatchEvent['Records'],
  { started, published, quarantined, failed }: Outcome,
): void {
  const counts = { started, published, quarantined, failed: failed.length, orderIds: orderIdsOf(records) };
  if (failed.length === 0 && quarantined === 0) logger.info(`${records.length} records handled.`, counts);
  else {
    const reasons = [...new Set(failed.map(({ reason }) => reason))].slice(0, 5);
    logger.error(`Of ${records.length} records some failed and come again, or are quarantined.`, {
      ...counts,
      reasons,
    });
  }
  const metric = {
    WorkflowsStarted: started,
    EventsPublished: published,
    RecordsQuarantined: quarantined,
    RecordsFailed: failed.length,
  };
  const counted = Object.entries(metric).filter(([, count]) => count > 0);
  for (const [name, count] of counted) metrics.addMetric(name, MetricUnit.Count, count);
}

/** A batch that comes again is measured again, and has waited longer by then: no lag is hidden by a retry. */
function measureLag(records: DispatchEvent['Records'], { failed }: Outcome): void {
  const lag = dispatchLag(
    records,
    failed.map(({ record }) => record),
    Date.now(),
  );
  if (lag !== undefined) metrics.addMetric('DispatchLag', MetricUnit.Milliseconds, lag);
}
