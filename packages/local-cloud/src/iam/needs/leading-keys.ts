import * as z from 'zod';
import { LEADING_KEYS } from '../conditions.ts';
import type { Need } from '../decision.ts';
import { type NeedsPlace, unreadable } from './needs.ts';

const attributes = z.record(z.string(), z.unknown());
/** One item of a call, in each of the forms that name its key. */
const keyedItem = z.object({
  Key: attributes.nullish(),
  Item: attributes.nullish(),
  KeyConditionExpression: z.string().nullish(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).nullish(),
  ExpressionAttributeValues: attributes.nullish(),
});
/** What a key may be. What is a number or binary counts by its text. */
const keyValue = z
  .object({ S: z.string().nullish(), N: z.string().nullish(), B: z.string().nullish() })
  .transform(({ S, N, B }) => S ?? N ?? B)
  .pipe(z.string());
const batch = z.union([
  z.object({ Keys: z.array(attributes) }),
  z.array(z.object({ PutRequest: attributes.nullish(), DeleteRequest: attributes.nullish() })),
]);

/** What of a batch's requests to a table stands for one item each; undefined where they have another form. */
export function batchedItems(requests: unknown): unknown[] | undefined {
  const { data } = batch.safeParse(requests);
  if (!data) return undefined;
  if ('Keys' in data) return data.Keys.map((Key) => ({ Key }));
  return data.flatMap(({ PutRequest, DeleteRequest }) => [PutRequest, DeleteRequest].filter(Boolean));
}

/**
 * A need with the partition keys of the items that it is for, where a policy asks for them.
 *
 * @param items as the call names them; undefined where they could not be read. @throws AwsError {@link unreadable} for an
 * item without a key, which would pass a condition on the keys.
 */
export function withKeys(need: Need, items: readonly unknown[] | undefined, place: NeedsPlace): Need {
  const keyName = place.keyedTables.get(need.resource.slice(need.resource.indexOf('/') + 1));
  if (keyName === undefined) return need;
  const keys = items?.map((item) => leadingKeys(item, keyName)) ?? [];
  if (keys.length === 0 || keys.some((ofItem) => ofItem.length === 0)) {
    throw unreadable({ service: 'dynamodb' }, `The partition key "${keyName}" of an item can't be read`);
  }
  return { ...need, context: { ...need.context, [LEADING_KEYS]: [...new Set(keys.flat())] } };
}

/** `a = :b` and `#a = :b`, as they stand in the condition of a query. */
const EQUALITY = /(#?[\w.-]+)\s*=\s*(:\w+)/g;

/** Every key that one item is named by, in whichever form; none where one of them can't be read. */
function leadingKeys(item: unknown, keyName: string): string[] {
  const { data } = keyedItem.safeParse(item);
  if (!data) return [];
  const named = [data.Key, data.Item].filter((one) => !!one).map((one) => one[keyName]);
  for (const [, name = '', placeholder = ''] of (data.KeyConditionExpression ?? '').matchAll(EQUALITY)) {
    if ((data.ExpressionAttributeNames?.[name] ?? name) !== keyName) continue;
    named.push(data.ExpressionAttributeValues?.[placeholder]);
  }
  const { success, data: keys } = z.array(keyValue).safeParse(named);
  return success ? keys : [];
}
