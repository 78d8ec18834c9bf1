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

/** Dead letters of a kind and a source that are looked at: each look goes through all that wait in its queue. */
const MOST_OF_A_SOURCE = 50;

/** Law 7: whether the dead letters that wait hold all that it takes to replay them, the first ones of each source. */
export async function judgeLetters(session: Session, signal: AbortSignal): Promise<LawResult> {
  const letters = deadLettersOf(session);
  const whole: WholeLetter[] = [];
  const looked = new Map<string, number>();
  try {
    for await (const { id, kind, source } of letters.list({}, signal)) {
      const count = (looked.get(`${kind} ${source}`) ?? 0) + 1;
      looked.set(`${kind} ${source}`, count);
      if (count <= MOST_OF_A_SOURCE) whole.push(await letters.show(id, signal));
    }
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
