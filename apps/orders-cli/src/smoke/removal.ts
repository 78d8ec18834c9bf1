import { NumberValue, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { multiplyMoney, SALES_POINTER, type SalesChunk } from '@orderstream/domain';
import { SMOKE } from './orders.ts';
import type { SmokeTables } from './target.ts';

/** A row of the allocations table about an order. */
export interface Allocation {
  readonly chunk: number;
  readonly state: string;
  readonly quantities: readonly { readonly sku: string; readonly quantity: number }[];
}

/** An order that has ended, with all that was written because of it. */
export interface WholeOrder {
  readonly orderId: string;
  readonly itemVersion: number;
  readonly allocations: readonly Allocation[];
  /** Keys of its entries in the sandboxes' ledger. */
  readonly ledgerKeys: readonly string[];
  /** What was counted of it, in the generation of sales figures that serves; undefined: nobody has rebuilt them yet. */
  readonly sales: readonly SalesChunk[];
  readonly serving: number | undefined;
  /** Where the summaries table says what its customer was told. */
  readonly claims: readonly { readonly metric: string; readonly bucket: string }[];
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * The one transaction that takes an order out of all tables: the order, its movements of goods (which come back into the
 * stock), the providers' ledger, its sale and the marker of it. So every law holds before and after it, and a run that is
 * broken off leaves whole orders only. What is counted is taken off again by the same function that says what to add. It
 * comes about only while no rebuild of the sales figures has begun or ended since they were read: the rebuild counts the
 * order, or has counted it, somewhere else.
 *
 * @param at ISO 8601.
 */
export function removalOf(order: WholeOrder, tables: SmokeTables, at: string): TransactItem[] {
  const { orderId, itemVersion } = order;
  return [
    {
      Delete: {
        TableName: tables.orders,
        Key: { orderId },
        ConditionExpression: 'itemVersion = :version AND customerId = :customer',
        ExpressionAttributeValues: { ':version': itemVersion, ':customer': SMOKE },
      },
    },
    ...order.allocations.flatMap((allocation) => withoutAllocation(orderId, allocation, tables, at)),
    ...order.ledgerKeys.map((key) => ({ Delete: { TableName: tables.ledger, Key: { key } } })),
    stillServing(order.serving, tables.summaries),
    ...order.sales.flatMap((chunk) => uncounted(chunk, tables.summaries)),
    ...order.claims.map(({ metric, bucket }) => ({
      Delete: { TableName: tables.summaries, Key: { metric, bucket } },
    })),
  ];
}

function stillServing(serving: number | undefined, table: string): TransactItem {
  const unchanged = serving === undefined ? 'attribute_not_exists(serving)' : 'serving = :serving';
  return {
    ConditionCheck: {
      TableName: table,
      Key: { ...SALES_POINTER },
      ConditionExpression: `attribute_not_exists(building) AND ${unchanged}`,
      ...(serving === undefined ? {} : { ExpressionAttributeValues: { ':serving': serving } }),
    },
  };
}

function withoutAllocation(
  orderId: string,
  { chunk, state, quantities }: Allocation,
  tables: SmokeTables,
  at: string,
): TransactItem[] {
  const marker: TransactItem = {
    Delete: {
      TableName: tables.allocations,
      Key: { orderId, chunk },
      ConditionExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state },
    },
  };
  const goods = state === 'shipped' ? quantities : [];
  return [marker, ...goods.map(({ sku, quantity }) => givenBack(tables.stock, sku, quantity, at))];
}

function givenBack(table: string, sku: string, quantity: number, at: string): TransactItem {
  return {
    Update: {
      TableName: table,
      Key: { sku },
      UpdateExpression:
        'SET updatedAt = :at, updatedBy = :by ADD available :back, shipped :away, itemVersion :one',
      ConditionExpression: 'attribute_exists(sku)',
      ExpressionAttributeValues: {
        ':at': at,
        ':by': SMOKE,
        ':back': quantity,
        ':away': -quantity,
        ':one': 1,
      },
    },
  };
}

function uncounted({ marker, additions }: SalesChunk, table: string): TransactItem[] {
  return [
    {
      Delete: { TableName: table, Key: marker, ConditionExpression: 'attribute_exists(metric)' },
    },
    ...additions.map(({ metric, bucket, add }) => {
      const fields = Object.entries(add);
      return {
        Update: {
          TableName: table,
          Key: { metric, bucket },
          UpdateExpression: `ADD ${fields.map(([name]) => `#${name} :${name}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            fields.map(([name, value]) => [`:${name}`, NumberValue.from(multiplyMoney(String(value), -1))]),
          ),
        },
      };
    }),
  ];
}
