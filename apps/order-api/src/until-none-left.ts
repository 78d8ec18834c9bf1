import { setTimeout } from 'node:timers/promises';
import { Throttled } from '@orderstream/domain';

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

export const pauseFor: Pause = setTimeout;

/** Tries before the caller is asked to come later, and the longest first wait between them, in milliseconds. */
const TRIES = 4;
const FIRST_PAUSE = 50;

/**
 * Sends a batch, and after a pause again what DynamoDB left out of it, until nothing is left.
 *
 * @param send gives back what was left out. @throws Throttled when DynamoDB goes on leaving some out.
 */
export async function untilNoneLeft<Batch extends object>(
  batch: Batch,
  send: (batch: Batch) => Promise<Batch | undefined>,
  pause: Pause,
): Promise<void> {
  let left = batch;
  for (let longest = FIRST_PAUSE, tries = TRIES; tries > 0; longest *= 2, tries -= 1) {
    const unprocessed = await send(left);
    if (unprocessed === undefined || Object.keys(unprocessed).length === 0) return;
    left = unprocessed;
    await pause(Math.random() * longest);
  }
  throw new Throttled('DynamoDB', 'it left a part of a batch undone');
}
