import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldByCloud } from '../cloud-client.ts';
import { paced } from '../pace.ts';
import { prepareStack } from '../prepare.ts';
import { placeOrder } from '../replay/write.ts';
import { startCloudProcess, type CloudProcess } from './cloud-process.ts';
import { benchOrders, consumersOff, stockUp } from './load.ts';

const DAY_MS = 86_400_000;
/** Days of the cloud's clock over which the orders are spread, and how often a day it is looked. */
const DAYS = 10;
const LOOKS_A_DAY = 2;
/** Orders placed before it is asked how many executions are open, and how many of those may be. */
const AT_ONCE = 64;
const OPEN_AT_MOST = 128;

/** What the cloud held when nothing was in flight. Memory and disk in MB of a million bytes. */
export interface Look {
  readonly orders: number;
  readonly days: number;
  readonly process: number;
  readonly heap: number;
  readonly functions: number;
  readonly instances: number;
  readonly tables: number | null;
  readonly journal: number;
  /** Everything in the state folder, the tables included. */
  readonly disk: number;
  /** null before the first order. */
  readonly ordersPerSecond: number | null;
}

export interface LongRunOptions {
  readonly orders: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * What memory and disk do in the long run: orders through the whole workflow, spread over ten days of the cloud's
 * clock, with the state on disk and the consumers off.
 */
export async function measureLongRun({ orders, signal, say }: LongRunOptions): Promise<Look[]> {
  await prepareStack(say, signal);
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-bench-'));
  const cloud = await startCloudProcess(signal, ['--state', folder]);
  try {
    await consumersOff(cloud.session);
    await stockUp(cloud.session);
    await cloud.session.cloud.settled(signal);
    const looks = [await look(cloud, folder, 0, 0, null)];
    const steps = DAYS * LOOKS_A_DAY;
    for (let step = 1; step <= steps; step += 1) {
      const first = Math.floor((orders * (step - 1)) / steps);
      const next = Math.floor((orders * step) / steps);
      const startedAt = performance.now();
      await run(cloud, first, next - first, signal);
      const seconds = (performance.now() - startedAt) / 1_000;
      await cloud.session.cloud.clock(DAY_MS / LOOKS_A_DAY, signal);
      await cloud.session.cloud.settled(signal);
      const seen = await look(cloud, folder, next, step / LOOKS_A_DAY, (next - first) / seconds);
      say(lineOf(seen));
      looks.push(seen);
    }
    return looks;
  } finally {
    await cloud.stop();
    await rm(folder, { recursive: true });
  }
}

async function run(cloud: CloudProcess, first: number, count: number, signal: AbortSignal): Promise<void> {
  const { session } = cloud;
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = benchOrders('long', Math.min(AT_ONCE, count - done), first + done);
    const pace = { perSecond: undefined, concurrency: AT_ONCE, signal };
    await paced(some, pace, async (order) => {
      await placeOrder(session, order);
    });
    while (((await session.cloud.status())?.inFlight['execution'] ?? 0) > OPEN_AT_MOST)
      await sleep(20, undefined, { signal });
  }
  await session.cloud.settled(signal);
}

async function look(
  { session }: CloudProcess,
  folder: string,
  orders: number,
  days: number,
  ordersPerSecond: number | null,
): Promise<Look> {
  const held: HeldByCloud = await session.cloud.held();
  return {
    orders,
    days,
    process: Math.round(held.processMb),
    heap: Math.round(held.heapMb),
    functions: Math.round(held.functions.mb),
    instances: held.functions.instances,
    tables: held.tablesMb === null ? null : Math.round(held.tablesMb),
    journal: Math.round(held.journal.usedBytes / 1e6),
    disk: Math.round((await bytesIn(folder)) / 1e6),
    ordersPerSecond: ordersPerSecond && Math.round(ordersPerSecond * 10) / 10,
  };
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      // A log that is folded into its file may be gone by now.
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function lineOf(seen: Look): string {
  return `${seen.orders} orders, day ${seen.days}: process ${seen.process} MB, tables ${seen.tables ?? '?'} MB, disk ${seen.disk} MB, ${seen.ordersPerSecond ?? 0} orders/s`;
}
