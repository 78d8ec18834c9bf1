import type { DynamoDBRecord } from 'aws-lambda';

/** The orders that changes are of, each once: what a line of log about a batch names, so that it is found by the order. */
export function orderIdsOf(records: readonly DynamoDBRecord[]): string[] {
  const ids = records.flatMap(({ dynamodb }) => dynamodb?.Keys?.['orderId']?.S ?? []);
  return [...new Set(ids)];
}

/** The order that an event is about; `undefined` for an event about anything else. */
export function orderIdOfEvent(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('subject' in event)) return undefined;
  const { subject } = event;
  if (typeof subject !== 'object' || subject === null || !('id' in subject)) return undefined;
  if ('kind' in subject && subject.kind !== 'order') return undefined;
  return typeof subject.id === 'string' ? subject.id : undefined;
}
