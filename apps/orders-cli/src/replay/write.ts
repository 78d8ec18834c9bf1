import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { firstItemVersion, receiptMarker, type Order } from '@orderstream/domain';
import type { Session, Tables } from '../session.ts';
import { IMPORTER, type ImportedProduct } from './import.ts';

/** SKUs in one transaction of a receipt: 100 items less the marker. */
const RECEIPT_SKUS = 99;

type WriteTarget<Names extends keyof Tables> = Pick<Session, 'documents'> & {
  readonly tables: Pick<Tables, Names>;
};

/** Puts the products into the catalogue where they are missing; those that are there stay as they are. */
export async function addProducts(
  target: WriteTarget<'products'>,
  products: readonly ImportedProduct[],
): Promise<void> {
  const now = Date.now();
  for (const some of slices(products, 100)) {
    await target.documents.send(
      new TransactWriteCommand({
        TransactItems: some.map((product) => ({
          Update: {
            TableName: target.tables.products,
            Key: { sku: product.sku },
            UpdateExpression:
              'SET #name = if_not_exists(#name, :name), unitPrice = if_not_exists(unitPrice, :price), ' +
              'currency = if_not_exists(currency, :currency), itemVersion = if_not_exists(itemVersion, :version), ' +
              'updatedAt = if_not_exists(updatedAt, :at), updatedBy = if_not_exists(updatedBy, :by)',
            ExpressionAttributeNames: { '#name': 'name' },
            ExpressionAttributeValues: {
              ':name': product.name,
              ':price': product.unitPrice,
              ':currency': product.currency,
              ':version': firstItemVersion(now),
              ':at': new Date(now).toISOString(),
              ':by': IMPORTER,
            },
          },
        })),
      }),
    );
  }
}

/**
 * Receives goods into stock under a name, once: each part's marker (in the allocations table, under a key that no order
 * can have) is written in the same transaction, so a repeat, or a run after a crash, adds nothing twice.
 */
export async function receiveGoods(
  target: WriteTarget<'allocations' | 'stock'>,
  receipt: string,
  quantities: ReadonlyMap<string, number>,
): Promise<void> {
  const now = Date.now();
  const sorted = [...quantities].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [chunk, some] of slices(sorted, RECEIPT_SKUS).entries()) {
    await receivePart(target, receipt, chunk, some, now);
  }
}

async function receivePart(
  target: WriteTarget<'allocations' | 'stock'>,
  receipt: string,
  chunk: number,
  quantities: readonly (readonly [string, number])[],
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString();
  const goods = quantities.map(([sku, quantity]) => ({ sku, quantity }));
  const marker = {
    Put: {
      TableName: target.tables.allocations,
      Item: receiptMarker(receipt, chunk, goods, at),
      ConditionExpression: 'attribute_not_exists(orderId)',
    },
  };
  const additions = goods.map(({ sku, quantity }) => ({
    Update: {
      TableName: target.tables.stock,
      Key: { sku },
      UpdateExpression:
        'SET itemVersion = if_not_exists(itemVersion, :before) + :one, updatedAt = :at, updatedBy = :by ' +
        'ADD available :quantity, received :quantity, allocated :zero, shipped :zero',
      ExpressionAttributeValues: {
        ':quantity': quantity,
        ':zero': 0,
        ':one': 1,
        ':before': firstItemVersion(now) - 1,
        ':at': at,
        ':by': IMPORTER,
      },
    },
  }));
  try {
    await target.documents.send(new TransactWriteCommand({ TransactItems: [marker, ...additions] }));
  } catch (error) {
    const received =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
    if (!received) throw error;
  }
}

/** Writes an order that is not there yet. Answers whether it was written. */
export async function placeOrder(target: WriteTarget<'orders'>, order: Order): Promise<boolean> {
  try {
    await target.documents.send(
      new PutCommand({
        TableName: target.tables.orders,
        Item: order,
        ConditionExpression: 'attribute_not_exists(orderId)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
