import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type MovableClock } from './clock.ts';
import { localJson, type LocalHandler } from './endpoint/local-paths.ts';
import { AwsError } from './endpoint/service.ts';

/** Longest move at once: 400 days. Every timer on the way fires. */
const LONGEST_MOVE_MS = 400 * 24 * 60 * 60 * 1000;

const move = z.strictObject({ advanceMs: z.number().min(0).max(LONGEST_MOVE_MS) });

/** Longest, in milliseconds of the system's time, that a function is waited for before time passes over it. */
const PATIENCE_MS = 2_000;
/** And after one was not waited for any longer: it hangs, and its own timeout is what ends it. */
const IMPATIENCE_MS = 20;

/** What runs, and is to end before time goes on. */
interface Running {
  /** Resolves when no function runs, or after `withinMs` of the system's time; answers whether none does. */
  atRest(withinMs: number): Promise<boolean>;
}

/**
 * `/_local/clock`: GET answers the cloud's time, POST `{"advanceMs": n}` moves it forward first. A function that something
 * due has begun comes to its end before time goes on: it did not run for the hours that pass in a moment here.
 */
export function clockPath(clock: Pick<MovableClock, 'now' | 'advance'>, functions: Running): LocalHandler {
  return async ({ method, body }) => {
    if (method === 'POST') {
      const pause = restOf(functions);
      const ms = advanceOf(body);
      await pause();
      await clock.advance(ms, pause);
    }
    return localJson({ now: new Date(clock.now()).toISOString(), aheadMs: clock.now() - Date.now() });
  };
}

function restOf(functions: Running): () => Promise<void> {
  let patience = PATIENCE_MS;
  return async () => {
    // What became due reaches its function over a stream or a queue.
    await sleep(1);
    patience = (await functions.atRest(patience)) ? PATIENCE_MS : IMPATIENCE_MS;
  };
}

function advanceOf(body: Buffer): number {
  const { success, data } = move.safeParse(parsed(body));
  if (success) return data.advanceMs;
  const wanted = `{"advanceMs": n}, milliseconds from 0 to ${LONGEST_MOVE_MS}`;
  throw new AwsError(
    'ValidationException',
    `The clock is moved by ${wanted}, not by ${body.toString().slice(0, 100)}.`,
  );
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
