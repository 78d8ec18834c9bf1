import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Decimal } from '@orderstream/domain';
import { paced } from '../pace.ts';
import { placeOrder } from '../replay/write.ts';
import { percentile } from '../sample/summary.ts';
import { removeOrders, smokeOrdersIn, type Kept, type Unsent } from './clean-up.ts';
import { executionOf } from './execution.ts';
import { receiveSmokeGoods, removeSmokeGoods } from './goods.ts';
import { smokeOrder, smokeRun } from './orders.ts';
import type { SmokeTarget } from './target.ts';

/** Orders begun a second: a gentle load, so that what is measured is waiting and no queue of the test's own. */
const PER_SECOND = 10;
const CONCURRENCY = 4;
const LOOK_EVERY_MS = 200;
/** How often a run's time fits into the longest run: orders ship, then the consumers of their events come to an end. */
const RUNS_IN_WITHIN = 2;

export interface SmokeOptions {
  /** 1 to 100. */
  readonly orders: number;
  /** Longest that the last order may take to ship, and once more the consumers of its events; milliseconds. */
  readonly withinMs: number;
  /** Of an order, in the deployment's currency. */
  readonly price: Decimal;
  readonly token: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** An order that did not ship in time. */
export interface Late {
  readonly orderId: string;
  readonly status: string;
  /** Name of the error that it was closed for. */
  readonly cause: string | undefined;
  readonly execution: { readonly arn: string; readonly status: string };
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

export interface SmokeReport {
  readonly orders: number;
  readonly shipped: number;
  /** Milliseconds from an order's write to its execution's start, and to its shipment; null where none shipped. */
  readonly writeToStart: Spread | null;
  readonly writeToShipped: Spread | null;
  readonly late: readonly Late[];
  /** Orders of this run that shipped without a mail about it. */
  readonly unsent: readonly Unsent[];
  /** Orders of this run that shipped and could not be removed, and what is left of earlier ones. */
  readonly kept: readonly Kept[];
  readonly keptOfEarlier: readonly Kept[];
}

/**
 * Places orders straight into the table, waits until they have shipped, and removes them. Orders that did not ship stay,
 * for whoever looks into it; a later run removes those that have ended by then, once they are older than a run lasts: until
 * then they may belong to one beside this.
 */
export async function runSmoke(target: SmokeTarget, options: SmokeOptions): Promise<SmokeReport> {
  const { orders, withinMs, price, token, say, signal } = options;
  const earlier = await smokeOrdersIn(target, target.now() - RUNS_IN_WITHIN * withinMs);
  if (earlier.length > 0) say(`Removing what earlier runs have left: ${earlier.length} orders.`);
  const { kept: keptOfEarlier } = await removeOrders(target, earlier, 0, signal);
  await receiveSmokeGoods(target);

  const run = smokeRun(target.now());
  const orderIds = Array.from({ length: orders }, (_, index) => `${run}-${index + 1}`);
  const writtenAt = new Map<string, number>();
  await paced(orderIds, { perSecond: PER_SECOND, concurrency: CONCURRENCY, signal }, async (orderId) => {
    const nowMs = target.now();
    writtenAt.set(orderId, nowMs);
    await placeOrder(target, smokeOrder(orderId, { nowMs, currency: target.currency, price, token }));
  });
  const ends = await awaitEnds(target, orderIds, performance.now() + withinMs, signal);

  const shipped = orderIds.filter((orderId) => ends.get(orderId)?.['status'] === 'SHIPPED');
  const toStart: number[] = [];
  const toShipped: number[] = [];
  for (const orderId of shipped) {
    const written = writtenAt.get(orderId) ?? Number.NaN;
    const { startedAt } = await executionOf(target, orderId);
    if (startedAt !== undefined) toStart.push(startedAt - written);
    toShipped.push(Date.parse(String(ends.get(orderId)?.['closedAt'])) - written);
  }
  const late: Late[] = [];
  for (const orderId of orderIds.filter((each) => !shipped.includes(each)))
    late.push(await lateOrder(target, orderId, ends.get(orderId)));

  const { kept, unsent } = await removeOrders(target, shipped, performance.now() + withinMs, signal);
  const ours = keptOfEarlier.filter(({ kind }) => kind !== 'foreign');
  const stay = new Set([...late, ...kept, ...ours].map(({ orderId }) => orderId));
  const without = new Set([...orderIds, ...earlier].filter((orderId) => !stay.has(orderId)));
  if (!(await removeSmokeGoods(target, without)))
    say('The goods stay for smoke orders that are still there. A run that finds none removes them.');
  return {
    orders,
    shipped: shipped.length,
    writeToStart: spreadOf(toStart),
    writeToShipped: spreadOf(toShipped),
    late,
    unsent,
    kept,
    keptOfEarlier,
  };
}

type Item = Readonly<Record<string, unknown>>;

/** The orders as they stood when the last of them had an end, or the time was over. */
async function awaitEnds(
  { documents, tables }: SmokeTarget,
  orderIds: readonly string[],
  until: number,
  signal: AbortSignal,
): Promise<Map<string, Item>> {
  const seen = new Map<string, Item>();
  for (;;) {
    const open = orderIds.filter((orderId) => seen.get(orderId)?.['closedAt'] === undefined);
    const { Responses = {} } = await documents.send(
      new BatchGetCommand({
        RequestItems: {
          [tables.orders]: { Keys: open.map((orderId) => ({ orderId })), ConsistentRead: true },
        },
      }),
    );
    for (const item of Responses[tables.orders] ?? []) seen.set(String(item['orderId']), item);
    const waiting = open.some((orderId) => seen.get(orderId)?.['closedAt'] === undefined);
    if (!waiting || performance.now() >= until) return seen;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function lateOrder(target: SmokeTarget, orderId: string, order: Item = {}): Promise<Late> {
  const restarts = Number(order['restarts'] ?? 0);
  const { arn, status } = await executionOf(target, orderId, restarts);
  const cause: unknown = Reflect.get(Object(order['closing']), 'cause');
  return {
    orderId,
    status: String(order['status'] ?? 'none'),
    cause: typeof cause === 'string' ? cause : undefined,
    execution: { arn, status },
  };
}

function spreadOf(milliseconds: readonly number[]): Spread | null {
  if (milliseconds.length === 0) return null;
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { p50: Math.round(percentile(sorted, 50)), p99: Math.round(percentile(sorted, 99)) };
}
