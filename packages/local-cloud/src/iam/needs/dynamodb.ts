import * as z from 'zod';
import { arn } from '../../stack/arns.ts';
import { readIterator } from '../../tables/streams-api.ts';
import type { Need } from '../decision.ts';
import { batchedItems, withKeys } from './leading-keys.ts';
import { membersOf, type NeedsOf, type NeedsPlace } from './needs.ts';

/** Operations on one table that need the action of their own name, and those of them on one item. */
const OF_TABLE: ReadonlySet<string> = new Set(['DescribeTable', 'DescribeTimeToLive']);
const OF_ITEM: ReadonlySet<string> = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);

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

const ofTable = z.looseObject({ TableName: z.string() });
/** A query's key is that of its condition, and of nothing else that stands beside it. */
const ofTableOrIndex = z.object({
  TableName: z.string(),
  IndexName: z.string().nullish(),
  KeyConditionExpression: z.unknown().optional(),
  ExpressionAttributeNames: z.unknown().optional(),
  ExpressionAttributeValues: z.unknown().optional(),
});
const ofTables = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const transacted = ofTable.nullish();
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
  if (OF_TABLE.has(operation)) {
    return [{ action, resource: tableArn(membersOf(ofTable, request).TableName, place) }];
  }
  if (OF_ITEM.has(operation)) {
    const call = membersOf(ofTable, request);
    return [withKeys({ action, resource: tableArn(call.TableName, place) }, [call], place)];
  }
  if (OF_TABLE_OR_INDEX.has(operation)) {
    const call = membersOf(ofTableOrIndex, request);
    const { TableName, IndexName } = call;
    const resource = tableArn(TableName, place) + (IndexName ? `/index/${IndexName}` : '');
    return [operation === 'Scan' ? { action, resource } : withKeys({ action, resource }, [call], place)];
  }
  if (OF_TABLES.has(operation)) {
    return Object.entries(membersOf(ofTables, request).RequestItems).map(([table, requests]) =>
      withKeys({ action, resource: tableArn(table, place) }, batchedItems(requests), place),
    );
  }
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return transactionNeeds(membersOf(transaction, request).TransactItems, place);
  }
  return operation === 'ListTables' ? [{ action, resource: '*' }] : undefined;
};

function transactionNeeds(actions: z.output<typeof transaction>['TransactItems'], place: NeedsPlace): Need[] {
  const asked = new Map<string, { need: Need; items: unknown[] }>();
  for (const item of actions) {
    for (const kind of ['Get', 'Put', 'Update', 'Delete', 'ConditionCheck'] as const) {
      const table = item[kind]?.TableName;
      if (table === undefined) continue;
      const key = `${kind} ${table}`;
      let one = asked.get(key);
      if (!one) {
        const need = { action: TRANSACTED[kind], resource: tableArn(table, place) };
        asked.set(key, (one = { need, items: [] }));
      }
      one.items.push(item[kind]);
    }
  }
  return [...asked.values()].map(({ need, items }) => withKeys(need, items, place));
}

const ofStream = z.object({ StreamArn: z.string() });
const listStreams = z.object({ TableName: z.string().nullish() });
const getRecords = z.object({ ShardIterator: z.string() });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const streamNeeds: NeedsOf = (request, place) => {
  const { operation } = request;
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case 'DescribeStream':
    case 'GetShardIterator':
      return [{ action, resource: membersOf(ofStream, request).StreamArn }];
    case 'GetRecords':
      return [{ action, resource: readIterator(membersOf(getRecords, request).ShardIterator).arn }];
    case 'ListStreams': {
      const table = membersOf(listStreams, request).TableName;
      return [{ action, resource: table ? `${tableArn(table, place)}/stream/*` : '*' }];
    }
    default:
      return undefined;
  }
};

/** Calls may name a table by its ARN. */
function tableArn(table: string, place: NeedsPlace): string {
  return table.startsWith('arn:') ? table : arn('dynamodb', `table/${table}`, place);
}
