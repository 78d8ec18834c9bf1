import { storedActivity } from '@orderstream/domain';
import { unknownParameters, type Answer, type ApiRequest, type WrongField } from '@orderstream/lambda-kit';
import { randomUUID } from 'node:crypto';
import { readActivities, type ReadActivities } from './activities.ts';
import type { ActivityTable } from './activity-table.ts';

/** POST /activity, for everybody: what a guest did in a session. */
export async function recordGuestActivity(
  request: ApiRequest,
  table: Pick<ActivityTable, 'write'>,
): Promise<Answer> {
  const now = Date.now();
  const read = readActivities(request.json(), 'guest', now, wrongAround(request));
  return record(`session#${read.sessionId ?? ''}`, read, now, table);
}

/** POST /activity/me: what a customer did. Who that is, the token says, and nothing else. */
export async function recordCustomerActivity(
  request: ApiRequest,
  table: Pick<ActivityTable, 'write'>,
): Promise<Answer> {
  const { customerId } = request;
  const now = Date.now();
  const read = readActivities(request.json(), 'customer', now, wrongAround(request));
  return record(`customer#${customerId}`, read, now, table);
}

/** What is wrong besides the body. A key for the whole could not keep what it holds from being written twice. */
function wrongAround({ headers, query }: ApiRequest): WrongField[] {
  const errors = unknownParameters(query);
  if (headers['idempotency-key'] === undefined) return errors;
  const problem = 'is not taken here: an activity with an id and a time (at) is written once';
  return [...errors, { field: 'Idempotency-Key', problem }];
}

/** With an id and a time of its own an activity that is sent twice is written once. */
async function record(
  who: Parameters<typeof storedActivity>[0],
  { taken, refused }: ReadActivities,
  now: number,
  table: Pick<ActivityTable, 'write'>,
): Promise<Answer> {
  await table.write(
    taken.map((activity) => storedActivity(who, { ...activity, id: activity.id ?? randomUUID() }, now)),
  );
  return { status: 202, body: { accepted: taken.length, refused } };
}
