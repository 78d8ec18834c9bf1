import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { Tables } from '../read-record.ts';

export const TABLES: Tables = new Map([
  ['shop-orders', 'orders'],
  ['shop-products', 'products'],
  ['shop-stock', 'stock'],
]);

/** Epoch seconds of 2011-11-14T08:00:00Z. */
export const EIGHT = 1_321_257_600;

type Attributes = Record<string, AttributeValue>;

let count = 0;

/** A record as Lambda brings it; its number is higher than that of the one made before. */
export function record(
  table: string,
  before: Attributes | undefined,
  after: Attributes | undefined,
  at = EIGHT,
) {
  count += 1;
  const keyName = table === 'orders' ? 'orderId' : 'sku';
  return {
    eventID: count.toString(16).padStart(32, '0'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: at,
      Keys: { [keyName]: (after ?? before)?.[keyName] ?? { S: 'none' } },
      ...(after === undefined ? {} : { NewImage: after }),
      ...(before === undefined ? {} : { OldImage: before }),
      SequenceNumber: String(count).padStart(21, '0'),
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: `arn:aws:dynamodb:eu-west-1:123456789012:table/shop-${table}/stream/2026-01-01T00:00:00.000`,
  } satisfies DynamoDBRecord;
}

/** An order's image with all that it knows of its customer. */
export function orderImage(status: string, version: number, more: Attributes = {}): Attributes {
  return {
    orderId: { S: 'o-1' },
    status: { S: status },
    itemVersion: { N: String(version) },
    updatedBy: { S: `writer-of-${status}` },
    customerId: { S: 'ada' },
    email: { S: 'ada@example.com' },
    paymentToken: { S: 'tok_secret' },
    shippingAddress: { M: { line1: { S: 'St James Square' }, country: { S: 'France' } } },
    ...more,
  };
}

export function forgottenImage(version: number): Attributes {
  return {
    orderId: { S: 'o-1' },
    status: { S: 'SHIPPED' },
    itemVersion: { N: String(version) },
    updatedBy: { S: 'forget' },
    forgottenAt: { S: '2026-01-01T00:00:00.000Z' },
  };
}
