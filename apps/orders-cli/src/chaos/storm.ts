import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../pace.ts';
import { randomFrom } from '../sample/random.ts';
import type { MortalCloud } from './cloud.ts';
import { faultPlan } from './fault-plan.ts';
import type { Act } from './load.ts';
import type { ChaosOptions } from './run.ts';
import { perform, type Promised } from './send.ts';
import { driveTime } from './time.ts';

/** Acts under way at once. */
const AT_ONCE = 24;
/** Orders for each time that the process is killed, and how often it is at least. */
const ORDERS_A_KILL = 250;
const LEAST_KILLS = 2;
/** Longest that faults go on after the last act, in real time: what they keep from ending, the quiet after them lets end. */
const FAULTS_LAST_MS = 30_000;
/** Steps of that time: who is away stays away for so long that what waits for it becomes a dead letter. */
const LONG_STEP = { working: 1_000, waiting: 100_000 };

/** Sends the load while faults strike and the process dies; ends when all is sent and nothing settles any further. */
export async function storm(
  cloud: MortalCloud,
  acts: readonly Act[],
  promised: Promised,
  { orders, seed, mutation, signal, say, onProgress }: ChaosOptions,
): Promise<void> {
  const kills = killMoments(acts.length, Math.max(LEAST_KILLS, Math.round(orders / ORDERS_A_KILL)), seed);
  let done = 0;
  const sent = new AbortController();
  const over = AbortSignal.any([signal, sent.signal]);
  const start = async (life: number) => {
    for (
      let deaths = 0;
      !(await cloud.start(faultPlan(seed, life + deaths * 100, mutation?.faults)));
      deaths += 1
    )
      cloud.bury(true);
  };
  const keeper = async () => {
    for (let life = 0; ; life += 1) {
      await start(life);
      const moment = kills[life];
      const [mark, marked] = [new AbortController(), () => moment !== undefined && done >= moment];
      const watch = (async () => {
        while (cloud.isAlive && !marked() && !over.aborted) await sleep(20);
        mark.abort();
      })();
      await driveTime(cloud.client, mark.signal).catch(() => false);
      while (cloud.isAlive && !marked() && !over.aborted) {
        await driveTime(cloud.client, mark.signal).catch(() => false);
        await sleep(50);
      }
      await watch;
      if (over.aborted && cloud.isAlive) return;
      say(
        cloud.isAlive
          ? `kill -9 after ${done} of ${acts.length} acts`
          : `killed by a fault after ${done} acts`,
      );
      await cloud.kill();
      cloud.bury(true);
    }
  };
  const send = async () => {
    await paced(acts, { perSecond: undefined, concurrency: AT_ONCE, signal }, async (act) => {
      await perform(cloud.session, act, promised, signal);
      onProgress(++done, acts.length);
    });
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), FAULTS_LAST_MS);
    const last = AbortSignal.any([signal, patience.signal]);
    while (!last.aborted && !(await driveTime(cloud.client, last, undefined, LONG_STEP).catch(() => false)))
      await sleep(50);
    clearTimeout(timer);
  };
  const keeping = keeper();
  try {
    await Promise.race([send(), keeping]);
  } finally {
    sent.abort();
    await keeping.catch(() => undefined);
  }
}

/** After how many acts the process is killed: in each part of the load once, at a seeded place. */
export function killMoments(acts: number, kills: number, seed: number): number[] {
  const random = randomFrom(seed + 4_711);
  const part = acts / kills;
  return Array.from({ length: kills }, (_, index) => Math.floor(part * (index + 0.2 + 0.7 * random())));
}
