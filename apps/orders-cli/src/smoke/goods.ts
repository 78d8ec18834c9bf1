import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { firstItemVersion, RECEIPT_PREFIX, receiptMarker } from '@orderstream/domain';
import { UsageError } from '../errors.ts';
import { smokeOrdersIn } from './clean-up.ts';
import { SMOKE, SMOKE_SKU } from './orders.ts';
import type { SmokeTarget } from './target.ts';

/** More than any run orders, so that no mark of low stock is crossed. */
const GOODS = 1_000_000;
const RECEIPT = { orderId: `${RECEIPT_PREFIX}${SMOKE}`, chunk: 0 };

/**
 * Receives what smoke orders take. Once: a run that was broken off, or one beside this, has done it already. Nothing is
 * added to goods that somebody else has received.
 *
 * @throws UsageError where a shop has goods of this name.
 */
export async function receiveSmokeGoods({ documents, tables, now }: SmokeTarget): Promise<void> {
  const at = new Date(now()).toISOString();
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.allocations,
              Item: receiptMarker(SMOKE, RECEIPT.chunk, [{ sku: SMOKE_SKU, quantity: GOODS }], at),
              ConditionExpression: 'attribute_not_exists(orderId)',
            },
          },
          {
            Update: {
              TableName: tables.stock,
              Key: { sku: SMOKE_SKU },
              UpdateExpression:
                'SET available = :goods, received = :goods, allocated = :none, shipped = :none, ' +
                'itemVersion = :version, updatedAt = :at, updatedBy = :by',
              ConditionExpression: 'attribute_not_exists(sku)',
              ExpressionAttributeValues: {
                ':goods': GOODS,
                ':none': 0,
                ':version': firstItemVersion(now()),
                ':at': at,
                ':by': SMOKE,
              },
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [receipt, goods] = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
    if (receipt === 'ConditionalCheckFailed') return;
    if (goods !== 'ConditionalCheckFailed') throw error;
    throw new UsageError(
      `The stock has a SKU ${SMOKE_SKU} that no smoke run received, so a run would mix its goods with yours. Give yours another SKU, then run it again.`,
      1,
    );
  }
}

/**
 * Removes the goods and their receipt. Answers false where a smoke order is still there: it may need them, or hold some.
 *
 * @param without ids of orders that are gone, though the index may still have them.
 */
export async function removeSmokeGoods(target: SmokeTarget, without: ReadonlySet<string>): Promise<boolean> {
  const { documents, tables } = target;
  const there = await smokeOrdersIn(target);
  if (there.some((orderId) => !without.has(orderId))) return false;
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          { Delete: { TableName: tables.allocations, Key: RECEIPT } },
          {
            Delete: {
              TableName: tables.stock,
              Key: { sku: SMOKE_SKU },
              ConditionExpression: 'attribute_not_exists(sku) OR (available = :all AND received = :all)',
              ExpressionAttributeValues: { ':all': GOODS },
            },
          },
        ],
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}
