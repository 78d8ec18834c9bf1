import * as z from 'zod';
import type { JournalRows } from '../journal/rows.ts';
import type { RecordedTime } from './engine.ts';
import type { Recording } from './recording.ts';
import { TaskFailure } from './task.ts';

type HistoryRow = JournalRows['history'];

/** Events after which a run waits by the clock: a Wait state, and the delay before a retry. */
const WAITS_AFTER =
  /^WaitStateEntered$|^(?:Task|LambdaFunction)(?:Failed|TimedOut)$|^(?:Parallel|Map)StateFailed$/;

const ended = z.record(
  z.string(),
  z.object({ output: z.string().optional(), error: z.string().optional(), cause: z.string().optional() }),
);

/** What a recorded task attempt answered; one that timed out never does, as its timer ends it again. */
export async function repeatedAnswer({ type, details }: HistoryRow): Promise<string | TaskFailure> {
  const [{ output = 'null', error = '', cause = '' } = {}] = Object.values(ended.parse(JSON.parse(details)));
  if (type.endsWith('TimedOut')) return new Promise(() => undefined);
  return type.endsWith('Failed') ? new TaskFailure(error, cause) : output;
}

/**
 * The time of a repeated run: that of its newest event while that is a recorded one. It does not wait where it went on
 * before (a task's timeout passes only if it did then), waits for the rest of the time where it was interrupted while it waited, and elsewhere as long as anew.
 *
 * @param newestEvent id of the run's newest event; 0 when there is none.
 */
export function recordedTime(
  execution: { readonly startedAt: number; now(): number },
  recording: Recording,
  newestEvent: () => number,
): RecordedTime {
  return {
    now: () => {
      const id = newestEvent();
      return id === 0 ? execution.startedAt : (recording.event(id)?.at ?? execution.now());
    },
    waitOf: (delayMs) => {
      const attempt = recording.endOfAttempt(newestEvent());
      if (attempt) return attempt.type.endsWith('TimedOut') ? 0 : delayMs;
      if (recording.goesOnAfter(newestEvent())) return 0;
      const event = recording.event(newestEvent());
      if (!event || !WAITS_AFTER.test(event.type)) return delayMs;
      return Math.max(0, event.at + delayMs - execution.now());
    },
  };
}
