import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from '@orderstream/local-cloud';
import { UsageError } from '../errors.ts';
import { paced } from '../pace.ts';
import { randomFrom } from '../sample/random.ts';
import type { MortalCloud } from './cloud.ts';
import { faultPlan, outagePlan } from './fault-plan.ts';
import { lastPrices, type Act } from './load.ts';
import type { ChaosOptions } from './run.ts';
import { perform, type Promised } from './send.ts';
import { driveTime, USUAL_PACE, type Pace } from './time.ts';

/** Acts under way at once, and executions up to which another one begins: more would only wait for the machine. */
const AT_ONCE = 24;
const EXECUTIONS_AT_ONCE = 80;
/** Orders for each time that the process is killed, and how often it is at least. */
const ORDERS_A_KILL = 250;
const LEAST_KILLS = 2;
/** The last part of the load that is sent in the outage, and how many acts that are at most. */
const OUTAGE = { share: 0.2, most: 80 };
/** The outage lasts until all that waits for it is dead: readers give up after twelve hours. */
const OUTAGE_PACE: Pace = { ...USUAL_PACE, waiting: 3_600_000, longest: 3_600_000, most: 15 * 3_600_000 };
/** What faults hold in the run of a mutation is held in real time, so that others get ahead of it. */
const HOLDING_PACE: Pace = { ...USUAL_PACE, stuck: 20_000 };
/** Longest that the usual faults go on after their last act, in real time: until all has settled, where it does. */
const FAULTS_LAST_MS = 120_000;

/** Time that goes by then, still under faults: late writes arrive, and scheduled sweeps come due. */
const LATE_MS = 130 * 60_000;

/** A part of the load, and what it meets. */
interface Era {
  readonly acts: readonly Act[];
  /** The plan of each life in it. */
  readonly plan: (life: number) => FaultPlan;
  /** After how many of its acts the process is killed. */
  readonly moments: readonly number[];
  readonly pace: Pace;
  /** What goes on under faults when all is sent. */
  readonly after: (signal: AbortSignal) => Promise<void>;
}

/** Sends the load while faults strike and the process dies, its last part in an outage of three functions. */
export async function storm(
  cloud: MortalCloud,
  acts: readonly Act[],
  promised: Promised,
  options: ChaosOptions,
): Promise<void> {
  const { orders, seed, mutation, say, onProgress } = options;
  const outage = mutation === undefined ? Math.min(Math.ceil(acts.length * OUTAGE.share), OUTAGE.most) : 0;
  const first = acts.slice(0, acts.length - outage);
  const kills = mutation === undefined ? Math.max(LEAST_KILLS, Math.round(orders / ORDERS_A_KILL)) : 0;
  let done = 0;
  const doOne = async (act: Act, signal: AbortSignal) => {
    await perform(cloud.session, act, promised, signal);
    onProgress(++done, acts.length);
  };
  const pace = mutation === undefined ? USUAL_PACE : HOLDING_PACE;
  await sendUnder(cloud, doOne, options, {
    acts: first,
    plan: (life) => faultPlan(seed, life, { faults: mutation?.faults, dies: diesByFault(life, kills) }),
    pace,
    moments: killMoments(first.length, kills, seed).map((moment, life) =>
      diesByFault(life, kills) ? Infinity : moment,
    ),
    after: async (signal) => {
      const last = AbortSignal.any([signal, AbortSignal.timeout(FAULTS_LAST_MS)]);
      const settled = async () => {
        while (!last.aborted && !(await settles(cloud, last, pace))) await sleep(50);
      };
      await settled();
      if (mutation?.load.pricesAtEnd)
        for (const price of lastPrices(acts)) await perform(cloud.session, price, promised, last);
      await settled();
      // A write whose caller has given it up is not waited for: it arrives all the same.
      await cloud.client.clock(LATE_MS, last).catch(() => undefined);
      await settled();
    },
  });
  if (outage === 0) return;
  say('kill -9, and an outage until nobody waits for it any more');
  await cloud.kill();
  cloud.bury(true);
  await sendUnder(cloud, doOne, options, {
    acts: acts.slice(first.length).map(withRival),
    plan: (life) => outagePlan(seed, kills + 1 + life),
    pace: USUAL_PACE,
    moments: [],
    after: async (signal) => {
      await settles(cloud, signal, OUTAGE_PACE);
    },
  });
}

/** So that executions are under way also where nobody is there who starts them. */
function withRival(act: Act): Act {
  return act.do === 'order' || act.do === 'import' ? { ...act, rival: true } : act;
}

/** Sends an era's acts, and starts the cloud again each time that it dies. */
async function sendUnder(
  cloud: MortalCloud,
  act: (act: Act, signal: AbortSignal) => Promise<void>,
  { signal, say }: ChaosOptions,
  { acts, plan, moments, pace, after }: Era,
): Promise<void> {
  let [done, executions] = [0, 0];
  const sent = new AbortController();
  const over = AbortSignal.any([signal, sent.signal]);
  const keeper = async () => {
    for (let life = 0; ; life += 1) {
      await start(cloud, (deaths) => plan(life + deaths * 100));
      const moment = moments[life] ?? Infinity;
      const mark = new AbortController();
      const watch = (async () => {
        while (cloud.isAlive && done < moment && !over.aborted) await sleep(20);
        mark.abort();
      })();
      await drive(cloud, mark.signal, pace, (inFlight) => (executions = inFlight['execution'] ?? 0));
      await watch;
      if (over.aborted && cloud.isAlive) return;
      say(cloud.isAlive ? `kill -9 after ${done} acts` : `killed by a fault after ${done} acts`);
      if (cloud.endedByItself)
        throw new UsageError('The cloud ended by itself. What it said: cloud.log in its folder.', 1);
      await cloud.kill();
      cloud.bury(true);
    }
  };
  const send = async () => {
    await paced(acts, { perSecond: undefined, concurrency: AT_ONCE, signal }, async (each) => {
      while (executions > EXECUTIONS_AT_ONCE) await sleep(50, undefined, { signal });
      await act(each, signal);
      done += 1;
    });
    await after(signal);
  };
  const keeping = keeper();
  try {
    await Promise.race([send(), keeping]);
  } finally {
    sent.abort();
    await keeping.catch(() => undefined);
  }
}

/** Starts the cloud, again when it dies at that. */
async function start(cloud: MortalCloud, plan: (deaths: number) => FaultPlan): Promise<void> {
  for (let deaths = 0; !(await cloud.start(plan(deaths))); deaths += 1) cloud.bury(true);
}

/** Moves time whenever all waits for it, until the signal ends it or the cloud dies. */
async function drive(
  cloud: MortalCloud,
  signal: AbortSignal,
  pace: Pace,
  onLook: Parameters<typeof driveTime>[2],
): Promise<void> {
  while (cloud.isAlive && !signal.aborted) {
    await driveTime(cloud.client, signal, onLook, pace).catch(() => false);
    await sleep(50);
  }
}

function settles(cloud: MortalCloud, signal: AbortSignal, pace?: Pace): Promise<boolean> {
  return driveTime(cloud.client, signal, undefined, pace).catch(() => false);
}

/** Every other death is a fault's, in the midst of a call; the others come between two acts. */
function diesByFault(life: number, kills: number): boolean {
  return life < kills && life % 2 === 0;
}

/** After how many acts the process is killed: in each part of the load once, at a seeded place. */
export function killMoments(acts: number, kills: number, seed: number): number[] {
  const random = randomFrom(seed + 4_711);
  const part = acts / kills;
  return Array.from({ length: kills }, (_, index) => Math.floor(part * (index + 0.2 + 0.7 * random())));
}
