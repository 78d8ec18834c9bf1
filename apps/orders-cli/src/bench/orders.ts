import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf, orderRows, type OrderRow } from '../figures.ts';
import { paced } from '../pace.ts';
import { placeOrder } from '../replay/write.ts';
import { percentile } from '../sample/summary.ts';
import type { CloudProcess } from './cloud-process.ts';
import { figure, noted, type Figure } from './figure.ts';
import { benchOrders, stockUp } from './load.ts';
import type { MeasureOptions } from './measure.ts';

/** Orders sent at 20 a second, after as many again have warmed the cloud up. */
const LATENCY_ORDERS = 200;
const LATENCY_RATE = 20;
/** Orders under way at once while throughput is measured: enough to keep every part busy. */
const UNDER_WAY = 64;

/** Time from an order's write to its workflow's start. */
export async function measureLatency(cloud: CloudProcess, options: MeasureOptions): Promise<Figure[]> {
  const { session } = cloud;
  await stockUp(session);
  const begunAt = new Map<string, number>();
  const send = async (prefix: string, count: number) => {
    const pace = { perSecond: LATENCY_RATE, concurrency: 32, signal: options.signal };
    await paced(benchOrders(prefix, count), pace, async (order) => {
      begunAt.set(order.orderId, Date.now());
      await placeOrder(session, order);
    });
  };
  await send('warm', LATENCY_ORDERS / 2);
  await send('latency', LATENCY_ORDERS);
  await session.cloud.settled(options.signal);
  const executions = await session.cloud.journal('executions', { name: 'latency-' });
  const waits = executions
    .map((row) => Number(row['startedAt']) - (begunAt.get(String(row['name'])) ?? Number.NaN))
    .sort((a, b) => a - b);
  if (waits.length !== LATENCY_ORDERS)
    throw new Error(`${waits.length} of ${LATENCY_ORDERS} workflows were started.`);
  return [
    figure('write → workflow start, p50', percentile(waits, 50), 'ms', '≤', 15),
    figure('write → workflow start, p99', percentile(waits, 99), 'ms', '≤', 100),
  ];
}

/** Orders a second until everything has reacted to them: mail, sales, cache, search and audit trail. */
export async function measureWithConsumers(cloud: CloudProcess, options: MeasureOptions): Promise<Figure> {
  const { session } = cloud;
  await stockUp(session);
  await session.cloud.settled(options.signal);
  const startedAt = performance.now();
  const pace = { perSecond: undefined, concurrency: UNDER_WAY, signal: options.signal };
  await paced(benchOrders('whole', options.orders), pace, async (order) => {
    await placeOrder(session, order);
  });
  await session.cloud.settled(options.signal);
  const seconds = (performance.now() - startedAt) / 1_000;
  return noted('orders with all consumers on', options.orders / seconds, 'a second');
}

/** Orders a second through the whole workflow, how flat that stays, billed transitions and memory. */
export async function measureThroughput(cloud: CloudProcess, options: MeasureOptions): Promise<Figure[]> {
  const { session } = cloud;
  const orders = benchOrders('load', options.orders);
  const startedAt = performance.now();
  const finishedAt: number[] = [];
  let placed = 0;
  // From the middle on: by then every function has started and every cache is full.
  let memoryHalfway = Promise.resolve(Number.NaN);
  const watcher = new AbortController();
  const work = async () => {
    const pace = { perSecond: undefined, concurrency: UNDER_WAY, signal: options.signal };
    await paced(orders, pace, async (order) => {
      await placeOrder(session, order);
      placed += 1;
      if (placed === Math.floor(orders.length / 2)) memoryHalfway = cloud.memoryMb();
      while (placed - finishedAt.length > UNDER_WAY * 2)
        await sleep(5, undefined, { signal: options.signal });
    });
    await session.cloud.settled(options.signal);
    return (performance.now() - startedAt) / 1_000;
  };
  const [seconds] = await Promise.all([
    work().finally(() => watcher.abort()),
    watch(session.cloud, () => finishedAt, startedAt, watcher.signal),
  ]);
  const memoryAfter = await cloud.memoryMb();
  const rows: OrderRow[] = [];
  for await (const row of orderRows(session)) if (row.orderId.startsWith('load-')) rows.push(row);
  const figures = figuresOf(rows);
  if (figures.shipped !== options.orders)
    throw new Error(`${figures.shipped} of ${options.orders} orders shipped.`);
  const [transitions] = await session.cloud.journal('transitions', { name: 'load-' });
  const perThousand = ((memoryAfter - (await memoryHalfway)) / (options.orders / 2)) * 1_000;
  return [
    figure('orders through the workflow', options.orders / seconds, 'a second', '≥', 100),
    figure('pace of the last third to the first', flatness(finishedAt), 'times', '≥', 0.9),
    figure('billed transitions per shipped order', Number(transitions?.['perExecution']), 'an order', '≤', 6),
    figure('memory after all orders', memoryAfter, 'MB', '≤', 1_500),
    figure('memory added per 1,000 orders, second half', perThousand, 'MB', '≤', 5),
  ];
}

/** Notes, for each order that has ended, when that was seen. */
async function watch(
  cloud: CloudProcess['session']['cloud'],
  finished: () => number[],
  startedAt: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const [row] = await cloud.journal('ended-executions', { name: 'load-' });
    const times = finished();
    while (times.length < Number(row?.['count'])) times.push(performance.now() - startedAt);
    await sleep(50);
  }
}

/** How fast the last third of the orders ended, compared with the first. */
function flatness(finishedAt: readonly number[]): number {
  const third = Math.floor(finishedAt.length / 3);
  const first = (finishedAt[third - 1] ?? Number.NaN) - (finishedAt[0] ?? 0);
  const last = (finishedAt.at(-1) ?? Number.NaN) - (finishedAt.at(-third) ?? 0);
  return first / last;
}
