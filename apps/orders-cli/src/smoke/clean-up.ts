import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { RECEIPT_PREFIX } from '@orderstream/domain';
import { receiveGoods } from '../replay/write.ts';
import { removable } from './ended-order.ts';
import { SMOKE, SMOKE_SKU } from './orders.ts';
import { removalOf, type WholeOrder } from './removal.ts';
import type { SmokeTarget } from './target.ts';

/** More than any run orders, so that no mark of low stock is crossed. */
const GOODS = 1_000_000;
/** Tries of a transaction that meets others on the same rows, and the longest first wait between them. */
const TRIES = 8;
const FIRST_PAUSE_MS = 25;
const LOOK_EVERY_MS = 250;

/** An order that stays, and why. */
export interface Kept {
  readonly orderId: string;
  readonly why: string;
}

/** Receives what smoke orders take. Once: an earlier run that was broken off has done it already. */
export function receiveSmokeGoods({ documents, tables }: SmokeTarget): Promise<void> {
  return receiveGoods({ documents, tables }, SMOKE, new Map([[SMOKE_SKU, GOODS]]));
}

/** Ids of smoke orders that are there; those of the last second may be missing from the index. */
export async function smokeOrdersIn({ documents, tables }: SmokeTarget): Promise<string[]> {
  const orderIds: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: tables.orders,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: { ':customer': SMOKE },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const { orderId } of page.Items ?? [])
      if (String(orderId).startsWith(`${SMOKE}-`)) orderIds.push(String(orderId));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return orderIds;
}

/**
 * Removes smoke orders, waiting for those that somebody still works with.
 *
 * @param until by `performance.now()`; it looks once at least.
 * @returns those that stay.
 */
export async function removeOrders(
  target: SmokeTarget,
  orderIds: readonly string[],
  until: number,
  signal: AbortSignal,
): Promise<Kept[]> {
  let left = orderIds;
  for (;;) {
    const kept: Kept[] = [];
    for (const orderId of left) {
      signal.throwIfAborted();
      const found = await removable(target, orderId);
      if ('why' in found) kept.push({ orderId, why: found.why });
      if ('whole' in found) {
        const why = await remove(target, found.whole, signal);
        if (why !== undefined) kept.push({ orderId, why });
      }
    }
    left = kept.map(({ orderId }) => orderId);
    if (left.length === 0 || performance.now() >= until) return kept;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Removes the goods and their receipt. Answers false when some are still with an order. */
export async function removeSmokeGoods(target: SmokeTarget): Promise<boolean> {
  const { documents, tables } = target;
  const receipt = { orderId: `${RECEIPT_PREFIX}${SMOKE}`, chunk: 0 };
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          { Delete: { TableName: tables.allocations, Key: receipt } },
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

/** Answers why it could not be done, or undefined. */
async function remove(
  target: SmokeTarget,
  order: WholeOrder,
  signal: AbortSignal,
): Promise<string | undefined> {
  const items = removalOf(order, target.tables, new Date(target.now()).toISOString());
  for (let pause = FIRST_PAUSE_MS, tries = 1; ; pause *= 2, tries += 1) {
    try {
      await target.documents.send(new TransactWriteCommand({ TransactItems: items }));
      break;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
      if (tries >= TRIES || codes.includes('ConditionalCheckFailed'))
        return `its removal was refused (${codes.filter((code) => code !== 'None').join(', ')})`;
      await sleep(Math.random() * pause, undefined, { signal });
    }
  }
  await removeEmptyRows(target, order);
  return undefined;
}

/** Of a row that counts no order any more, all other sums are 0 as well: they are exact. */
async function removeEmptyRows({ documents, tables }: SmokeTarget, order: WholeOrder): Promise<void> {
  for (const { metric, bucket } of order.sales.flatMap(({ additions }) => additions)) {
    try {
      await documents.send(
        new DeleteCommand({
          TableName: tables.summaries,
          Key: { metric, bucket },
          ConditionExpression: 'orders = :none',
          ExpressionAttributeValues: { ':none': 0 },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
