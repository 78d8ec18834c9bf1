import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { removable, type Waiting } from './ended-order.ts';
import { SMOKE } from './orders.ts';
import { removalOf, type WholeOrder } from './removal.ts';
import type { SmokeTarget } from './target.ts';

/** Tries of a transaction that meets others on the same rows, and the longest first wait between them. */
const TRIES = 8;
const FIRST_PAUSE_MS = 25;
const LOOK_EVERY_MS = 250;
/** Of ISO 8601 with four digits of a year. */
const LAST_MOMENT = Date.UTC(9999, 11, 31);

/** An order that stays, and why. */
export interface Kept extends Waiting {
  readonly orderId: string;
}

/** An order whose customer was not told of its end, and how its mail stands instead. */
export interface Unsent {
  readonly orderId: string;
  readonly mail: string;
}

export interface Removal {
  readonly kept: readonly Kept[];
  /** Of those that were removed. */
  readonly unsent: readonly Unsent[];
}

/**
 * Ids of smoke orders that are there; those of the last second may be missing from the index.
 *
 * @param before epoch milliseconds: those that were placed earlier.
 */
export async function smokeOrdersIn(
  { documents, tables }: SmokeTarget,
  before = LAST_MOMENT,
): Promise<string[]> {
  const orderIds: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: tables.orders,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer AND placedAt < :before',
        ExpressionAttributeValues: { ':customer': SMOKE, ':before': new Date(before).toISOString() },
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
 */
export async function removeOrders(
  target: SmokeTarget,
  orderIds: readonly string[],
  until: number,
  signal: AbortSignal,
): Promise<Removal> {
  let left = orderIds;
  const unsent: Unsent[] = [];
  for (;;) {
    const kept: Kept[] = [];
    for (const orderId of left) {
      signal.throwIfAborted();
      const found = await removable(target, orderId);
      if ('why' in found) kept.push({ orderId, ...found });
      if ('whole' in found) {
        const { whole, mail = 'sent' } = found;
        const why = await remove(target, whole, signal);
        if (why !== undefined) kept.push({ orderId, why, kind: 'wait' });
        else if (mail !== 'sent') unsent.push({ orderId, mail });
      }
    }
    left = kept.map(({ orderId }) => orderId);
    if (left.length === 0 || performance.now() >= until) return { kept, unsent };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
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
