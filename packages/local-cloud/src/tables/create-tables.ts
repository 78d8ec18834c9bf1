import { z } from 'zod';

import { AwsError } from '../endpoint/service.ts';
import type { KeyAttribute, Table, TableIndex } from '../stack/model.ts';
import type { EngineClient } from './engine-client.ts';
import type { TableKey } from './item-key.ts';

/**
 * Makes the stack's tables in the engine, with their indexes and their time to live; safe to do twice. Streams stay off
 * there: changes are captured on the way to the engine.
 *
 * @throws when a table of that name exists with other keys or indexes.
 */
export async function createTables(engine: EngineClient, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    const wanted = tableInput(table);
    try {
      await engine.call('CreateTable', wanted);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceInUseException')) throw error;
      await expectSameShape(engine, table, wanted);
    }
    if (table.ttlAttribute !== undefined) await enableTimeToLive(engine, table.name, table.ttlAttribute);
  }
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const description = z.object({
  Table: z.object({
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })).default([]),
  }),
});

type TableInput = ReturnType<typeof tableInput>;

function tableInput(table: Table) {
  return {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributeDefinitions([table, ...table.globalIndexes]),
    KeySchema: keySchemaOf(table),
    ...(table.globalIndexes.length > 0 && { GlobalSecondaryIndexes: table.globalIndexes.map(indexInput) }),
  };
}

function indexInput(index: TableIndex) {
  const { name, projection, nonKeyAttributes } = index;
  return {
    IndexName: name,
    KeySchema: keySchemaOf(index),
    Projection: {
      ProjectionType: projection,
      ...(nonKeyAttributes && { NonKeyAttributes: nonKeyAttributes }),
    },
  };
}

function keySchemaOf({ partitionKey, sortKey }: TableKey) {
  return [
    { AttributeName: partitionKey.name, KeyType: 'HASH' },
    ...(sortKey ? [{ AttributeName: sortKey.name, KeyType: 'RANGE' }] : []),
  ];
}

function attributeDefinitions(keys: readonly TableKey[]) {
  const attributes = keys.flatMap(({ partitionKey, sortKey }): KeyAttribute[] =>
    sortKey ? [partitionKey, sortKey] : [partitionKey],
  );
  const types = new Map(attributes.map(({ name, type }) => [name, type]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

async function expectSameShape(engine: EngineClient, table: Table, wanted: TableInput): Promise<void> {
  const answer = await engine.call('DescribeTable', { TableName: table.name });
  const { Table: found } = description.parse(answer);
  if (shape(found) === shape({ GlobalSecondaryIndexes: [], ...wanted })) return;
  throw new Error(
    `The table ${table.name} exists at ${engine.endpoint} with other keys or indexes than the stack's: ` +
      'start with --fresh, or delete it there.',
  );
}

function shape({ KeySchema, GlobalSecondaryIndexes }: z.infer<typeof description>['Table']): string {
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: key }) =>
    JSON.stringify([IndexName, keyText(key)]),
  );
  return JSON.stringify([keyText(KeySchema), indexes.sort()]);
}

function keyText(schema: z.infer<typeof keySchema>): string {
  return schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join(', ');
}

async function enableTimeToLive(engine: EngineClient, table: string, attribute: string): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: attribute, Enabled: true };
  try {
    await engine.call('UpdateTimeToLive', { TableName: table, TimeToLiveSpecification });
  } catch (error) {
    // Engines answer so when it is on already.
    if (!(error instanceof AwsError && error.code === 'ValidationException')) throw error;
  }
}
