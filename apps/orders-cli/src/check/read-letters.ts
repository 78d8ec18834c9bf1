import { askStaffApi } from '../ask-api.ts';
import { DeadLetters, type WholeLetter } from '../dead-letters/letters.ts';
import { UsageError } from '../errors.ts';
import type { Session } from '../session.ts';
import { lettersAreWhole } from './blockade.ts';
import { notChecked, type LawResult } from './laws.ts';

/** The dead letters of a local cloud. */
export function deadLettersOf(session: Session): DeadLetters {
  return new DeadLetters({
    ask: (question) => askStaffApi(session, question),
    now: async () => Date.parse((await session.cloud.clock()).now),
  });
}

/** Law 7: whether each dead letter that waits holds all that it takes to replay it. */
export async function judgeLetters(session: Session, signal: AbortSignal): Promise<LawResult> {
  const letters = deadLettersOf(session);
  const whole: WholeLetter[] = [];
  try {
    for await (const { id } of letters.list({}, signal)) whole.push(await letters.show(id, signal));
  } catch (error) {
    if (!hasNoRoute(error)) throw error;
    return notChecked(7, 'No blockade', 'the staff’s API has no dead letters');
  }
  return lettersAreWhole(whole);
}

/** Whether the deployment is of a version without such a route. */
function hasNoRoute(error: unknown): boolean {
  return error instanceof UsageError && error.message.includes('answered 404');
}
