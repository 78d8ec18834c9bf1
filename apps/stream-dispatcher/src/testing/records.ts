import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { Image } from '../attributes.ts';
import type { Tables } from '../plan.ts';

export const TABLES: Tables = new Map([
  ['shop-orders', 'orders'],
  ['shop-products', 'products'],
  ['shop-stock', 'stock'],
]);

type Attributes = Record<string, AttributeValue>;
type Value = string | number | readonly Value[] | Plain;
interface Plain {
  readonly [name: string]: Value;
}

let count = 0;

/** A record as Lambda brings it; its number is higher than that of the one made before. */
export function record(table: string, keys: Image, before: Image | undefined, after: Image | undefined) {
  count += 1;
  return {
    eventID: count.toString(16).padStart(32, '0'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_321_228_800,
      Keys: { ...keys },
      ...(after === undefined ? {} : { NewImage: { ...after } }),
      ...(before === undefined ? {} : { OldImage: { ...before } }),
      SequenceNumber: String(count).padStart(21, '0'),
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}/stream/2026-01-01T00:00:00.000`,
  } satisfies DynamoDBRecord;
}

/** Plain values as attributes. */
export function image(fields: Plain): Attributes {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  return isList(value) ? { L: value.map(attribute) } : { M: image(value) };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function orderImage(orderId: string, status: string, more: Attributes): Attributes {
  return {
    ...image({ orderId, status, itemVersion: 1_321_228_800_000, placedAt: '2011-11-14T00:00:00.000Z' }),
    ...image({ updatedAt: '2011-11-14T00:00:00.000Z', total: '12.50', currency: 'GBP', country: 'France' }),
    lines: { L: [{ M: image({ sku: 'A', quantity: 2, unitPrice: '6.25' }) }] },
    ...more,
  };
}

export function placed(orderId: string, more: Attributes = {}) {
  return record('shop-orders', image({ orderId }), undefined, orderImage(orderId, 'PLACED', more));
}

export function moved(orderId: string, from: string, to: string, more: Attributes = {}) {
  const before = orderImage(orderId, from, {});
  return record('shop-orders', image({ orderId }), before, orderImage(orderId, to, more));
}

export function removed(orderId: string) {
  return record('shop-orders', image({ orderId }), orderImage(orderId, 'SHIPPED', {}), undefined);
}

export function stockMoved(sku: string, before: number, after: number) {
  const stock = (available: number) => image({ sku, available, itemVersion: 7 });
  return record('shop-stock', image({ sku }), stock(before), stock(after));
}

/** A record of an order whose status is none: nobody can ever read it. */
export function unreadable(orderId: string) {
  return moved(orderId, 'PLACED', 'LOST');
}
