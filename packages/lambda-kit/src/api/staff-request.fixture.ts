import { apiEvent, type ApiCall } from './api-event.fixture.ts';
import { apiHandler, type Routes } from './router.ts';

/** Who asks: a member of groups, by a token, or an AWS identity that signs. */
export type Caller = { readonly groups: string } | { readonly user: string };

const STAFF: Caller = { groups: '[staff]' };

/** What a test asks the staff's API; a staff member asks unless told otherwise. */
export interface StaffCall extends Omit<ApiCall, 'route'> {
  readonly caller?: Caller;
}

/** Asks the staff's API as the HTTP API would. */
export async function askStaff(routes: Routes, route: string, { caller = STAFF, ...call }: StaffCall = {}) {
  const reported: unknown[] = [];
  const handler = apiHandler(routes, (_, error) => reported.push(error));
  const { statusCode, body, headers } = await handler(apiEvent({ route, ...call }, authorizerOf(caller)));
  return { status: statusCode, body: JSON.parse(body ?? 'null'), headers, reported };
}

/** Fields that an answer finds wrong, each once. */
export function wrongFields({ errors = [] }: { errors?: { field: string }[] }): string[] {
  return [...new Set(errors.map(({ field }) => field))];
}

function authorizerOf(caller: Caller) {
  if ('user' in caller) return { iam: { userId: caller.user } };
  return { jwt: { claims: { sub: 'ada', 'cognito:groups': caller.groups } } };
}
