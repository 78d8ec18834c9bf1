import { setTimeout as sleep } from 'node:timers/promises';
import type { Flight } from '@orderstream/local-cloud';
import type { CloudClient, InFlight } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { inFlightText } from '../output.ts';

/** Pause between two looks. */
const LOOK_MS = 100;
/** What runs in real time; everything else in flight waits for its time to come. */
const WORK: readonly Flight[] = ['invocation', 'request', 'write'];
/** Longest that all may take to settle, in real time. */
const SETTLES_WITHIN_MS = 600_000;

/** In which steps time moves, in milliseconds; a step doubles as long as nothing comes of it. */
export interface Pace {
  /** While something runs, time is moved only after it has stood still for so long: then it waits for the clock. */
  readonly stuck: number;
  /** The first step while something runs. */
  readonly working: number;
  /** The first step while all waits. */
  readonly waiting: number;
  /** The longest step. */
  readonly longest: number;
  /** How far time is moved in all. */
  readonly most: number;
}

export const USUAL_PACE: Pace = {
  stuck: 1_200,
  working: 1_000,
  waiting: 10_000,
  longest: 120_000,
  most: Infinity,
};

/** Whether, from what is in flight and for how long that has been so, all just waits for its time. */
export function waitsForTime(inFlight: InFlight, sameForMs: number, { stuck } = USUAL_PACE): boolean {
  if (Object.keys(inFlight).length === 0) return false;
  return sameForMs >= (isWorking(inFlight) ? stuck : 2 * LOOK_MS);
}

function isWorking(inFlight: InFlight): boolean {
  return WORK.some((what) => (inFlight[what] ?? 0) > 0);
}

/**
 * Moves the cloud's time forward whenever all that is in flight waits for it, until nothing is. A cloud that dies, or is not
 * ready yet, ends it.
 *
 * @param onLook hears what is in flight, several times a second.
 * @returns whether all has settled; false when the signal or the pace ended it. @throws UsageError naming what does not end.
 */
export async function driveTime(
  cloud: CloudClient,
  signal: AbortSignal,
  onLook: (inFlight: InFlight) => void = () => undefined,
  pace = USUAL_PACE,
): Promise<boolean> {
  const startedAt = performance.now();
  let [seen, since, moves] = ['', startedAt, 0];
  let [settledLooks, moved] = [0, 0];
  while (!signal.aborted && moved < pace.most) {
    const status = await cloud.status();
    // One that is just being started has not put back what was in flight.
    if (status?.ready !== true) return false;
    const { inFlight } = status;
    onLook(inFlight);
    const now = performance.now();
    if (Object.keys(inFlight).length === 0) {
      // Batches in a window are in flight, too: what is seen empty twice is empty.
      if (++settledLooks >= 2) return true;
    } else settledLooks = 0;
    const text = inFlightText(inFlight);
    if (text !== seen) [seen, since, moves] = [text, now, 0];
    if (now - startedAt > SETTLES_WITHIN_MS)
      throw new UsageError(`Nothing ends what is still in flight: ${text}.`, 1);
    if (waitsForTime(inFlight, now - since, pace)) {
      const first = isWorking(inFlight) ? pace.working : pace.waiting;
      const step = Math.min(first * 2 ** moves, pace.longest);
      await cloud.clock(step, signal).catch(() => undefined);
      moves += 1;
      moved += step;
      since = performance.now();
    }
    await sleep(LOOK_MS);
  }
  return false;
}
