import type { DynamoDBRecord } from 'aws-lambda';

/**
 * How long the oldest change of an order that was handled in a batch had waited by now, in milliseconds: its workflow is
 * started and its events are out. DynamoDB tells the time of a change in whole seconds, so it is up to one second too
 * much.
 *
 * @returns undefined where no order's change was handled.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function dispatchLag(
  records: readonly DynamoDBRecord[],
  failed: readonly DynamoDBRecord[],
  now: number,
): number | undefined {
  let oldest: number | undefined;
  for (const record of records) {
    const { ApproximateCreationDateTime: at, Keys } = record.dynamodb ?? {};
    if (at === undefined || Keys?.['orderId'] === undefined || failed.includes(record)) continue;
    oldest = Math.min(oldest ?? at, at);
  }
  return oldest === undefined ? undefined : Math.max(0, now - oldest * 1000);
}
