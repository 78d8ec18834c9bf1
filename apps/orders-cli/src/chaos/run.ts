import type { LawResult } from '../check/laws.ts';
import { judgeLetters } from '../check/read-letters.ts';
import { judge } from '../commands/check.ts';
import { figuresOf, orderRows, type Figures, type OrderRow } from '../figures.ts';
import { inFlightText } from '../output.ts';
import { addProducts, receiveGoods } from '../replay/write.ts';
import { stockShop } from '../sample/send.ts';
import type { InFlight } from '../cloud-client.ts';
import { MortalCloud } from './cloud.ts';
import { BULK_PRODUCTS, chaosLoad, UNREADABLE_PREFIX } from './load.ts';
import type { Mutation } from './mutations.ts';
import { readModels } from './read-models.ts';
import { redriveAll, together, type Redriven } from './redrive.ts';
import { insist, type Promised } from './send.ts';
import { stackCopy } from './stack.ts';
import { storm } from './storm.ts';
import { driveTime } from './time.ts';
import { promisesKept } from './verdict.ts';

/** Time that goes by after the faults, in steps: scheduled sweeps come due. */
const QUIET = { steps: 4, stepMs: 10 * 60_000 };

/** How often it is told what is still in flight. */
const TOLD_EVERY_MS = 5_000;

export interface ChaosOptions {
  readonly orders: number;
  readonly seed: number;
  readonly mutation: Mutation | undefined;
  /** Folder of a stack to run, instead of the one that is built where it is missing or old. */
  readonly stack: string | undefined;
  /** New and empty; holds the stack, the state, the fault plans and what the cloud said. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Hears how many acts are done, and of how many. */
  readonly onProgress: (done: number, all: number) => void;
}

export interface ChaosResult {
  readonly figures: Figures;
  /** How many of the promised orders came to which end, by cause; `SHIPPED` without one. */
  readonly ends: ReadonlyMap<string, number>;
  readonly laws: readonly LawResult[];
  readonly struck: ReadonlyMap<string, number>;
  readonly lives: number;
  readonly redriven: Redriven;
  /** The protection that was switched off. */
  readonly mutation?: string | undefined;
}

/**
 * Runs orders through a cloud that breaks and dies, lets all settle, redrives what is dead, and judges the laws. `ended`
 * is given the cloud as it stands then, so that what happened to an order can still be asked; after that it ends.
 */
export async function runChaos(
  options: ChaosOptions,
  ended: (result: ChaosResult, cloud: MortalCloud) => Promise<void>,
): Promise<void> {
  const { orders, seed, mutation, folder, signal, say } = options;
  const stackFile = await stackCopy(folder, mutation, options.stack, say, signal);
  const cloud = await MortalCloud.prepare({ stackFile, folder, signal });
  try {
    const promised: Promised = { orders: new Set(), unreadable: new Map() };
    const acts = chaosLoad(orders, seed, Date.now(), mutation?.load);
    await cloud.start(undefined);
    await stockUp(cloud);
    await cloud.end();
    await storm(cloud, acts, promised, options);
    say('no more faults; waiting until all has settled …');
    await cloud.kill();
    cloud.bury(true);
    await cloud.start(undefined);
    const blocked = [...(await settle(cloud, 0, options))];
    const letters = await insist(() => judgeLetters(cloud.session, signal), signal);
    const first = await redriveAll(cloud, options);
    blocked.push(...(await settle(cloud, QUIET.steps, options)));
    const redriven = together(first, await redriveAll(cloud, options));
    const laws = await judgeAll(cloud, promised, letters, blocked, options);
    const rows = await promisedRows(cloud, promised);
    await ended(
      {
        figures: figuresOf(rows),
        ends: endsOf(rows),
        laws,
        struck: cloud.struck,
        lives: cloud.lives,
        redriven,
        mutation: mutation?.name,
      },
      cloud,
    );
  } finally {
    await cloud.end();
  }
}

async function stockUp({ session }: MortalCloud): Promise<void> {
  await stockShop(session);
  await addProducts(session, BULK_PRODUCTS);
  await receiveGoods(session, 'bulk', new Map(BULK_PRODUCTS.map(({ sku }) => [sku, 100_000])));
}

/** Lets everything end that can, after each step of time in which scheduled sweeps come due. @returns what does not end. */
async function settle(cloud: MortalCloud, steps: number, { signal, say }: ChaosOptions): Promise<string[]> {
  let toldAt = performance.now();
  const told = (inFlight: InFlight) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS || Object.keys(inFlight).length === 0) return;
    toldAt = performance.now();
    say(`  in flight: ${inFlightText(inFlight)}`);
  };
  try {
    for (let step = 0; step <= steps; step += 1) {
      if (step > 0) await cloud.client.clock(QUIET.stepMs, signal);
      await driveTime(cloud.client, signal, told);
    }
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function judgeAll(
  cloud: MortalCloud,
  promised: Promised,
  letters: LawResult,
  blocked: readonly string[],
  { signal }: ChaosOptions,
): Promise<LawResult[]> {
  const { session } = cloud;
  const leftOut = (orderId: string) => orderId.startsWith(UNREADABLE_PREFIX);
  const laws = (await insist(() => judge(session, signal, leftOut), signal)).filter(({ law }) => law < 7);
  const rows = await promisedRows(cloud, promised);
  return [
    promisesKept(
      promised.orders,
      rows.map(({ orderId }) => orderId),
    ),
    ...laws,
    { ...letters, violations: [...blocked, ...letters.violations] },
    await readModels(session, signal),
  ];
}

async function promisedRows({ session }: MortalCloud, { orders }: Promised): Promise<OrderRow[]> {
  const rows: OrderRow[] = [];
  for await (const row of orderRows(session)) if (orders.has(row.orderId)) rows.push(row);
  return rows;
}

function endsOf(rows: readonly OrderRow[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { status = 'unreadable', cause } of rows) {
    const end = cause === undefined ? status : `${status} ${cause}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  return ends;
}
