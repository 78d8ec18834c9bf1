import { logger, metrics, ObjectStore, orderIdsOf, requiredEnvironment } from '@orderstream/lambda-kit';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { archive, type Archived } from './archive.ts';
import { ForgottenOrders } from './forgotten-orders.ts';

const tables = new Map([
  [requiredEnvironment('ORDERS_TABLE'), 'orders' as const],
  [requiredEnvironment('PRODUCTS_TABLE'), 'products' as const],
  [requiredEnvironment('STOCK_TABLE'), 'stock' as const],
]);
const forgotten = new ForgottenOrders();
const store = new ObjectStore(requiredEnvironment('ARCHIVE_BUCKET'));

/** Archives a batch of changes; what was not archived, Lambda brings again. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const outcome = await archive(
    Records,
    tables,
    (key, body, type) => store.put(key, body, type),
    (orderIds) => forgotten.among(orderIds),
  );
  report(outcome, orderIdsOf(Records));
  return {
    // A record without a number cannot be named; an empty name brings the whole batch again.
    batchItemFailures: outcome.failed.map(({ dynamodb }) => ({
      itemIdentifier: dynamodb?.SequenceNumber ?? '',
    })),
  };
}

function report(
  { archived, unreadable, objects, failed, reasons }: Archived,
  orderIds: readonly string[],
): void {
  const counts = { archived, unreadable, objects, failed: failed.length, orderIds };
  if (failed.length > 0)
    logger.error('Some changes were not archived and come again.', { ...counts, reasons });
  else if (unreadable > 0)
    logger.error('Some records are archived as they came: nobody can read them.', counts);
  else logger.info(`${archived} changes archived.`, counts);
  const metric = { ChangesArchived: archived, ChangesUnreadable: unreadable, ChangesFailed: failed.length };
  const counted = Object.entries(metric).filter(([, count]) => count > 0);
  for (const [name, count] of counted) metrics.addMetric(name, 'Count', count);
  if (counted.length > 0) metrics.publishStoredMetrics();
}
