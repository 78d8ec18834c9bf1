import * as z from 'zod';
import { type MovableClock } from './clock.ts';
import { localJson, type LocalHandler } from './endpoint/local-paths.ts';
import { AwsError } from './endpoint/service.ts';

/** Longest move at once: 400 days. Every timer on the way fires. */
const LONGEST_MOVE_MS = 400 * 24 * 60 * 60 * 1000;

const move = z.strictObject({ advanceMs: z.number().min(0).max(LONGEST_MOVE_MS) });

/** `/_local/clock`: GET answers the cloud's time, POST `{"advanceMs": n}` moves it forward first. */
export function clockPath(clock: Pick<MovableClock, 'now' | 'advance'>): LocalHandler {
  return async ({ method, body }) => {
    if (method === 'POST') await clock.advance(advanceOf(body));
    return localJson({ now: new Date(clock.now()).toISOString(), aheadMs: clock.now() - Date.now() });
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
