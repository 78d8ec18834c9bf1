import { z } from 'zod';

import type { Table } from '../stack/model.ts';
import { attributes } from './attribute-values.ts';
import type { AttributeMap } from './change.ts';
import type { EngineClient } from './engine-client.ts';
import { itemKey } from './item-key.ts';

/** An item to be read. */
export interface ItemPlace {
  readonly table: Table;
  readonly key: AttributeMap;
  /** Names the item among those of all tables. */
  readonly id: string;
}

/** Most keys that one BatchGetItem takes. */
const BATCH = 100;

const oneAnswer = z.object({ Item: attributes.optional() });
const batchAnswer = z.object({
  Responses: z.record(z.string(), z.array(attributes)),
  UnprocessedKeys: z.record(z.string(), z.unknown()).optional(),
});

/** Names an item among those of all tables. A table's name has no slash in it. */
export function itemId(table: Table, item: AttributeMap): string {
  return `${table.name}/${itemKey(table, item)}`;
}

/** Reads items as they are now, consistently, in as few calls as it takes; an item that does not exist is absent from the answer. */
export async function readItems(
  engine: EngineClient,
  places: readonly ItemPlace[],
): Promise<Map<string, AttributeMap>> {
  const [first, second] = places;
  if (first === undefined) return new Map();
  if (second !== undefined) return readMany(engine, places);
  const input = { TableName: first.table.name, Key: first.key, ConsistentRead: true };
  const { Item } = oneAnswer.parse(await engine.call('GetItem', input));
  return new Map(Item && [[first.id, Item]]);
}

async function readMany(
  engine: EngineClient,
  places: readonly ItemPlace[],
): Promise<Map<string, AttributeMap>> {
  const tables = new Map(places.map(({ table }) => [table.name, table]));
  const distinct = [...new Map(places.map((place) => [place.id, place])).values()];
  const items = new Map<string, AttributeMap>();
  for (let from = 0; from < distinct.length; from += BATCH) {
    let wanted: Record<string, unknown> = batchRequest(distinct.slice(from, from + BATCH));
    while (Object.keys(wanted).length > 0) {
      const answer = batchAnswer.parse(await engine.call('BatchGetItem', { RequestItems: wanted }));
      for (const [name, found] of Object.entries(answer.Responses)) {
        const table = tables.get(name);
        if (table) for (const item of found) items.set(itemId(table, item), item);
      }
      wanted = answer.UnprocessedKeys ?? {};
    }
  }
  return items;
}

function batchRequest(
  places: readonly ItemPlace[],
): Record<string, { ConsistentRead: true; Keys: AttributeMap[] }> {
  const request: Record<string, { ConsistentRead: true; Keys: AttributeMap[] }> = {};
  for (const { table, key } of places) {
    const wanted = (request[table.name] ??= { ConsistentRead: true, Keys: [] });
    wanted.Keys.push(key);
  }
  return request;
}
