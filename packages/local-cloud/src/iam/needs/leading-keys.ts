import * as z from 'zod';
import { LEADING_KEYS, type CallContext } from '../conditions.ts';
import type { NeedsPlace } from './needs.ts';

const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));
/** One item of a call, in each of the forms that name its key. */
const keyedItem = z.object({
  Key: attributes.optional(),
  Item: attributes.optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributes.default({}),
});
const batch = z.union([
  z.object({ Keys: z.array(attributes) }),
  z.array(z.object({ PutRequest: z.unknown().optional(), DeleteRequest: z.unknown().optional() })),
]);

/** What of a batch's requests to a table stands for one item each. */
export function batchedItems(requests: unknown): unknown[] {
  const { data } = batch.safeParse(requests);
  if (!data) return [];
  if ('Keys' in data) return data.Keys.map((Key) => ({ Key }));
  return data.map(({ PutRequest, DeleteRequest }) => PutRequest ?? DeleteRequest);
}

/** The partition keys of these items, where a policy asks for them. What is a number or binary counts by its text. */
export function keysOf(
  table: string,
  items: readonly unknown[],
  place: NeedsPlace,
): { context?: CallContext } {
  const keyName = place.keyedTables.get(table.slice(table.lastIndexOf('/') + 1));
  if (keyName === undefined) return {};
  const keys = new Set(items.flatMap((item) => leadingKey(item, keyName) ?? []));
  return keys.size === 0 ? {} : { context: { [LEADING_KEYS]: [...keys] } };
}

/** `a = :b` and `#a = :b`, as they stand in the condition of a query. */
const EQUALITY = /(#?[\w.-]+)\s*=\s*(:\w+)/g;

function leadingKey(item: unknown, keyName: string): string | undefined {
  const { data } = keyedItem.safeParse(item);
  const value = (data?.Key ?? data?.Item)?.[keyName];
  if (!data || value) return value && String(Object.values(value)[0]);
  for (const [, name = '', placeholder = ''] of (data.KeyConditionExpression ?? '').matchAll(EQUALITY)) {
    const asked = data.ExpressionAttributeValues[placeholder];
    if (asked && (data.ExpressionAttributeNames[name] ?? name) === keyName)
      return String(Object.values(asked)[0]);
  }
  return undefined;
}
