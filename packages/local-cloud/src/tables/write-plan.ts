import { z } from 'zod';

import type { Table } from '../stack/model.ts';
import { attributes, isAsStored } from './attribute-values.ts';
import type { AttributeMap } from './change.ts';
import { keyOf } from './item-key.ts';
import { itemId } from './read-items.ts';
import type { ItemPlace } from './read-items.ts';

/** A write, taken apart. */
export interface WritePlan {
  /** The items that it may change in tables with a stream. */
  readonly items: readonly ItemPlace[];
  /** What they will be, by id, where the request alone tells it; undefined: there will be no such item. */
  readonly known: ReadonlyMap<string, AttributeMap | undefined>;
  /** Whether a successful answer's `Attributes` are the one item after the write. */
  readonly answerHoldsItem: boolean;
  /** What to send: the request's own body, except where its answer has to tell more than the caller asked for … */
  readonly body: string | Buffer;
  /** … and whether `Attributes` therefore have to be taken out of the answer. */
  readonly hidesAttributes: boolean;
}

export const WRITE_OPERATIONS = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
] as const;
export type WriteOperation = (typeof WRITE_OPERATIONS)[number];

export function isWrite(operation: string): operation is WriteOperation {
  return WRITE_OPERATIONS.some((write) => write === operation);
}

const put = z.object({ TableName: z.string(), Item: attributes });
const keyed = z.object({ TableName: z.string(), Key: attributes });
const update = keyed.extend({ ReturnValues: z.string().nullish() });
const batch = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: attributes }).nullish(),
        DeleteRequest: z.object({ Key: attributes }).nullish(),
      }),
    ),
  ),
});
const transaction = z.object({
  TransactItems: z.array(z.object({ Put: put.nullish(), Update: keyed.nullish(), Delete: keyed.nullish() })),
});

/** What one action of a write does to one item. */
interface Action {
  readonly table: Table | undefined;
  /** The item, or only its key. */
  readonly item: AttributeMap;
  /** The item after the action, where the request tells it. */
  readonly after?: { readonly attributes: AttributeMap | undefined };
}

/** Thrown inside this file where a request names no item that its table could hold. */
class NoSuchKey extends Error {}

/**
 * Takes a write apart.
 *
 * A transaction's items are always read back: a repetition under the same ClientRequestToken succeeds without doing
 * anything, so the request does not tell what the items are now. A transaction's conditions on other items take no
 * lock: the engine checks them in the same atomic step, and they change nothing.
 *
 * @param tables those with a stream, by each name that a request may use for them.
 * @returns undefined when the request is not well formed: the engine will say what is wrong with it.
 */
export function planWrite(
  operation: WriteOperation,
  body: Buffer,
  tables: ReadonlyMap<string, Table>,
): WritePlan | undefined {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (operation === 'UpdateItem') return planUpdate(input, body, tables);
    const actions = actionsOf(operation, input, tables);
    return { ...planActions(actions), answerHoldsItem: false, body, hidesAttributes: false };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || error instanceof NoSuchKey)
      return undefined;
    throw error;
  }
}

/**
 * An update that returns nothing is made to return the new item, which its caller then does not get to see. What other
 * ReturnValues give is left to the engine, and the item is read back.
 */
function planUpdate(input: unknown, body: Buffer, tables: ReadonlyMap<string, Table>): WritePlan {
  const { TableName, Key, ReturnValues } = update.parse(input);
  const table = tables.get(TableName);
  const silent = table !== undefined && (ReturnValues ?? 'NONE') === 'NONE';
  return {
    ...planActions([{ table, item: Key }]),
    answerHoldsItem: silent || ReturnValues === 'ALL_NEW',
    body: silent ? returningAllNew(input, body, ReturnValues) : body,
    hidesAttributes: silent,
  };
}

function returningAllNew(input: unknown, body: Buffer, returnValues: string | null | undefined): string {
  if (returnValues === undefined) return body.toString().replace('{', '{"ReturnValues":"ALL_NEW",');
  return JSON.stringify({ ...z.looseObject({}).parse(input), ReturnValues: 'ALL_NEW' });
}

function actionsOf(
  operation: Exclude<WriteOperation, 'UpdateItem'>,
  input: unknown,
  tables: ReadonlyMap<string, Table>,
): Action[] {
  switch (operation) {
    case 'PutItem': {
      const { TableName, Item } = put.parse(input);
      return [putting(tables.get(TableName), Item)];
    }
    case 'DeleteItem': {
      const { TableName, Key } = keyed.parse(input);
      return [deleting(tables.get(TableName), Key)];
    }
    case 'BatchWriteItem':
      return Object.entries(batch.parse(input).RequestItems).flatMap(([name, requests]) =>
        requests.flatMap(({ PutRequest, DeleteRequest }) => [
          ...(PutRequest ? [putting(tables.get(name), PutRequest.Item)] : []),
          ...(DeleteRequest ? [deleting(tables.get(name), DeleteRequest.Key)] : []),
        ]),
      );
    case 'TransactWriteItems':
      return transaction
        .parse(input)
        .TransactItems.flatMap(({ Put, Update, Delete }) => [
          ...(Put ? [{ table: tables.get(Put.TableName), item: Put.Item }] : []),
          ...(Update ? [{ table: tables.get(Update.TableName), item: Update.Key }] : []),
          ...(Delete ? [{ table: tables.get(Delete.TableName), item: Delete.Key }] : []),
        ]);
  }
}

function putting(table: Table | undefined, item: AttributeMap): Action {
  return isAsStored(item) ? { table, item, after: { attributes: item } } : { table, item };
}

function deleting(table: Table | undefined, item: AttributeMap): Action {
  return { table, item, after: { attributes: undefined } };
}

function planActions(actions: readonly Action[]): Pick<WritePlan, 'items' | 'known'> {
  const items: ItemPlace[] = [];
  const known = new Map<string, AttributeMap | undefined>();
  for (const { table, item, after } of actions) {
    if (!table) continue;
    const key = keyOf(table, item);
    if (!key) throw new NoSuchKey();
    const id = itemId(table, key);
    items.push({ table, key, id });
    if (after) known.set(id, after.attributes);
  }
  return { items, known };
}
