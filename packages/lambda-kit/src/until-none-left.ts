import { setTimeout } from 'node:timers/promises';

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

export const pauseFor: Pause = setTimeout;

/** The longest first wait between tries, in milliseconds; each next one may be twice as long. */
const FIRST_PAUSE = 50;

/**
 * Sends a batch, and after a pause again what DynamoDB left out of it, until nothing is left or it was sent `tries`
 * times. See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html.
 *
 * @param send gives back what was left out.
 * @returns what is left after the last try; `undefined` when nothing is.
 */
export async function untilNoneLeft<Batch extends object>(
  batch: Batch,
  send: (batch: Batch) => Promise<Batch | undefined>,
  tries: number,
  pause: Pause,
): Promise<Batch | undefined> {
  let left = batch;
  for (let longest = FIRST_PAUSE, tried = 0; tried < tries; longest *= 2, tried += 1) {
    const unprocessed = await send(left);
    if (unprocessed === undefined || Object.keys(unprocessed).length === 0) return undefined;
    left = unprocessed;
    await pause(Math.random() * longest);
  }
  return left;
}
