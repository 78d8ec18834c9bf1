import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { WindowEvent } from '../window-event.ts';

const AT = '2026-11-23T09:15:42.123Z';

/** A record of the activity stream: of its n-th change, an activity of this type and these attributes was added. */
export function activity(
  n: number,
  type: string,
  what: Record<string, AttributeValue> = {},
  occurredAt = AT,
): DynamoDBRecord {
  return {
    eventID: `event-${n}`,
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: sequence(n),
      NewImage: { who: { S: 'session#s' }, type: { S: type }, occurredAt: { S: occurredAt }, ...what },
    },
  };
}

export const view = (n: number, sku: string, occurredAt = AT): DynamoDBRecord =>
  activity(n, 'view', { sku: { S: sku } }, occurredAt);

export const search = (n: number, text: string, results: number, occurredAt = AT): DynamoDBRecord =>
  activity(n, 'search', { text: { S: text }, results: { N: `${results}` } }, occurredAt);

/** Numbers as DynamoDB gives them: far beyond what JavaScript's hold, and not all of one length. */
export const sequence = (n: number): string => `${99_999_999_999_999_999_998n + BigInt(n)}`;

/** A batch in the middle of a window, unless told otherwise. */
export function batch(Records: DynamoDBRecord[], change: Partial<WindowEvent> = {}): WindowEvent {
  return {
    Records,
    window: { start: '2026-11-23T09:15:00Z', end: '2026-11-23T09:16:00Z' },
    state: {},
    shardId: 'shard-1',
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
    ...change,
  };
}
