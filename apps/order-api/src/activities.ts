import { activitySchema, isRecord, type Activity } from '@orderstream/domain';
import { Problem, readAs, type WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

/** Activities of one request: fewer for a guest, whom nobody knows. */
const MOST = { guest: 25, customer: 100 } as const;

/** Milliseconds by which an activity may have happened before or after it arrives: old batches, and clocks that go wrong. */
const OLDEST = 24 * 60 * 60 * 1000;
const NEWEST = 5 * 60 * 1000;

const sessionId = z.string().check(z.regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16 to 64 of A–Z a–z 0–9 _ -'));
const activitiesOf = (who: keyof typeof MOST) =>
  z
    .array(z.unknown())
    .check(
      z.minLength(1, 'must have at least one activity'),
      z.maxLength(MOST[who], `must have at most ${MOST[who]} activities`),
    );

/** What is sent for a guest's session, and for a customer who is known by the token. */
const guestSchema = z.strictObject({ sessionId, activities: activitiesOf('guest') });
const customerSchema = z.strictObject({ activities: activitiesOf('customer') });

/** An activity that is not taken, by its place in the batch. */
export interface RefusedActivity {
  readonly index: number;
  readonly errors: readonly WrongField[];
}

export interface ReadActivities {
  /** There for a guest. */
  readonly sessionId: string | undefined;
  readonly taken: readonly Activity[];
  readonly refused: readonly RefusedActivity[];
}

/**
 * Reads one activity or a batch. A wrong one keeps none of the others.
 *
 * @param who whose they are: a guest names the session, a customer nothing. @param now epoch milliseconds.
 * @param others what is wrong with the rest of the request.
 * @throws Problem when the whole is wrong, or everything in it.
 */
export function readActivities(
  body: unknown,
  who: 'guest' | 'customer',
  now: number,
  others: readonly WrongField[] = [],
): ReadActivities {
  const single = isRecord(body) && !Object.hasOwn(body, 'activities');
  const batch = readBatch(single ? asBatch(body, who) : body, who, others);

  const taken: Activity[] = [];
  const refused: RefusedActivity[] = [];
  for (const [index, given] of batch.activities.entries()) {
    const errors = read(given, now, taken);
    if (errors.length > 0) refused.push({ index, errors });
  }
  if (taken.length === 0) throw wrong(refused.flatMap((each) => told(each, single)));
  return { sessionId: batch.sessionId, taken, refused };
}

function readBatch(body: unknown, who: 'guest' | 'customer', others: readonly WrongField[]) {
  const { data, errors = [] } = who === 'guest' ? readAs(guestSchema, body) : readAs(customerSchema, body);
  if (data === undefined || others.length > 0) throw wrong([...others, ...errors]);
  return { sessionId: undefined, ...data };
}

/** A single activity as a batch of one. For a guest the session stands beside it. */
function asBatch(body: Readonly<Record<string, unknown>>, who: 'guest' | 'customer'): object {
  if (who === 'customer') return { activities: [body] };
  const { sessionId: session, ...activity } = body;
  return { sessionId: session, activities: [activity] };
}

/** Adds it to `taken`, or tells what is wrong with it. */
function read(given: unknown, now: number, taken: Activity[]): readonly WrongField[] {
  const { data, errors } = readAs(activitySchema, given);
  if (data === undefined) return errors;
  const at = data.at === undefined ? now : Date.parse(data.at);
  if (at < now - OLDEST) return [{ field: 'at', problem: 'must be at most 24 hours in the past' }];
  if (at > now + NEWEST) return [{ field: 'at', problem: 'must be at most 5 minutes in the future' }];
  taken.push(data);
  return [];
}

function told({ index, errors }: RefusedActivity, single: boolean): WrongField[] {
  return errors.map(({ field, problem }) => ({
    field: single ? field : field === 'body' ? `activities.${index}` : `activities.${index}.${field}`,
    problem,
  }));
}

function wrong(errors: readonly WrongField[]): Problem {
  return new Problem(
    'invalid-request',
    'Nothing was taken. Correct what is named and send it again.',
    errors,
  );
}
