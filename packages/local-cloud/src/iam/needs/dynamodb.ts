import * as z from 'zod';
import { arn } from '../../stack/arns.ts';
import { readIterator } from '../../tables/streams-api.ts';
import type { Need } from '../decision.ts';
import { batchedItems, keysOf } from './leading-keys.ts';
import { jsonOf, type NeedsOf, type NeedsPlace } from './needs.ts';

/** Operations on one table that need the action of their own name. */
const OF_TABLE: ReadonlySet<string> = new Set([
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'DescribeTable', 'DescribeTimeToLive'],
]);

/** Operations on a table or, where they name one, its index. */
const OF_TABLE_OR_INDEX: ReadonlySet<string> = new Set(['Query', 'Scan']);

/** Operations on several tables that need the action of their own name on each. */
const OF_TABLES: ReadonlySet<string> = new Set(['BatchGetItem', 'BatchWriteItem']);

/** What an item of a transaction needs: the action of the call that does the same alone. */
const TRANSACTED = {
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
} as const;

const ofTable = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const ofTables = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const transacted = z.looseObject({ TableName: z.string() }).optional();
const transaction = z.object({
  TransactItems: z.array(
    z.object({
      Get: transacted,
      Put: transacted,
      Update: transacted,
      Delete: transacted,
      ConditionCheck: transacted,
    }),
  ),
});

/**
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html and, for
 * transactions, https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const dynamodbNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  const action = `dynamodb:${operation}`;
  if (OF_TABLE.has(operation) || OF_TABLE_OR_INDEX.has(operation)) {
    const body = jsonOf(request);
    const { data } = ofTable.safeParse(body);
    if (!data) return [];
    const index = OF_TABLE_OR_INDEX.has(operation) ? data.IndexName : undefined;
    const resource = tableArn(data.TableName, place) + (index ? `/index/${index}` : '');
    return [{ action, resource, ...keysOf(data.TableName, [body], place) }];
  }
  if (OF_TABLES.has(operation)) {
    const { data } = ofTables.safeParse(jsonOf(request));
    return Object.entries(data?.RequestItems ?? {}).map(([table, requests]) => ({
      ...{ action, resource: tableArn(table, place) },
      ...keysOf(table, batchedItems(requests), place),
    }));
  }
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return transactionNeeds(jsonOf(request), place);
  }
  return operation === 'ListTables' ? [{ action, resource: '*' }] : undefined;
};

function transactionNeeds(body: unknown, place: NeedsPlace): Need[] {
  const asked = new Map<string, { need: Need; table: string; items: unknown[] }>();
  for (const item of transaction.safeParse(body).data?.TransactItems ?? []) {
    for (const kind of ['Get', 'Put', 'Update', 'Delete', 'ConditionCheck'] as const) {
      const table = item[kind]?.TableName;
      if (table === undefined) continue;
      const key = `${kind} ${table}`;
      let one = asked.get(key);
      if (!one) {
        const need = { action: TRANSACTED[kind], resource: tableArn(table, place) };
        asked.set(key, (one = { need, table, items: [] }));
      }
      one.items.push(item[kind]);
    }
  }
  return [...asked.values()].map(({ need, table, items }) => ({ ...need, ...keysOf(table, items, place) }));
}

const ofStream = z.object({ StreamArn: z.string() });
const listStreams = z.object({ TableName: z.string().optional() });
const getRecords = z.object({ ShardIterator: z.string() });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const streamNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case 'DescribeStream':
    case 'GetShardIterator': {
      const { data } = ofStream.safeParse(jsonOf(request));
      return data ? [{ action, resource: data.StreamArn }] : [];
    }
    case 'GetRecords': {
      const { data } = getRecords.safeParse(jsonOf(request));
      return data ? [{ action, resource: readIterator(data.ShardIterator).arn }] : [];
    }
    case 'ListStreams': {
      const table = listStreams.safeParse(jsonOf(request)).data?.TableName;
      return [{ action, resource: table === undefined ? '*' : `${tableArn(table, place)}/stream/*` }];
    }
    default:
      return undefined;
  }
};

/** Calls may name a table by its ARN. */
function tableArn(table: string, place: NeedsPlace): string {
  return table.startsWith('arn:') ? table : arn('dynamodb', `table/${table}`, place);
}
