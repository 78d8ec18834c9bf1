import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudClient, CloudStatus } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { inFlightText } from '../output.ts';

type InFlight = CloudStatus['inFlight'];

/** Pause between two looks. */
const LOOK_MS = 100;
/** While something runs, time is moved only after it has stood still for so long: then it waits for the clock. */
const STUCK_MS = 1_200;
/** What runs in real time; everything else in flight waits for its time to come. */
const WORK = ['invocation', 'request', 'write'] as const;
/** Longest that all may take to settle, in real time. */
const SETTLES_WITHIN_MS = 240_000;

/** First step in which time moves while something runs, and while nothing does; it doubles as long as nothing comes of it. */
const FIRST_STEP_MS = { working: 1_000, waiting: 10_000 };
const LONGEST_STEP_MS = 120_000;

/** Whether, from what is in flight and for how long that has been so, all just waits for its time. */
export function waitsForTime(inFlight: InFlight, sameForMs: number): boolean {
  if (Object.keys(inFlight).length === 0) return false;
  return sameForMs >= (isWorking(inFlight) ? STUCK_MS : 2 * LOOK_MS);
}

function isWorking(inFlight: InFlight): boolean {
  return WORK.some((what) => (inFlight[what] ?? 0) > 0);
}

/**
 * Moves the cloud's time forward whenever all that is in flight waits for it, until nothing is. A cloud that dies ends it.
 *
 * @param onWait hears what is in flight, about once a second.
 * @param firstStep how far time moves at first.
 * @returns whether all has settled; false when the signal ended it. @throws UsageError naming what does not end.
 */
export async function driveTime(
  cloud: CloudClient,
  signal: AbortSignal,
  onWait: (inFlight: InFlight) => void = () => undefined,
  firstStep = FIRST_STEP_MS,
): Promise<boolean> {
  const startedAt = performance.now();
  let [seen, since, moves, toldAt] = ['', startedAt, 0, startedAt];
  let settledLooks = 0;
  while (!signal.aborted) {
    const inFlight = (await cloud.status())?.inFlight;
    if (inFlight === undefined) return false;
    const now = performance.now();
    if (Object.keys(inFlight).length === 0) {
      // Batches in a window are in flight, too: what is seen empty twice is empty.
      if (++settledLooks >= 2) return true;
    } else settledLooks = 0;
    const text = inFlightText(inFlight);
    if (text !== seen) [seen, since, moves] = [text, now, 0];
    if (now - toldAt > 1_000) {
      toldAt = now;
      onWait(inFlight);
    }
    if (now - startedAt > SETTLES_WITHIN_MS)
      throw new UsageError(`Nothing ends what is still in flight: ${text}.`, 1);
    if (waitsForTime(inFlight, now - since)) {
      const first = firstStep[isWorking(inFlight) ? 'working' : 'waiting'];
      await cloud.clock(Math.min(first * 2 ** moves, LONGEST_STEP_MS), signal).catch(() => undefined);
      moves += 1;
      since = performance.now();
    }
    await sleep(LOOK_MS);
  }
  return false;
}
