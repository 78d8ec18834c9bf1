import type { Answer } from './answer.ts';
import { Problem } from './problem.ts';
import type { ApiRequest } from './request.ts';
import type { Routes } from './router.ts';

/** The group of the issuer whose members are staff. */
const STAFF_GROUP = 'staff';

/**
 * The routes, for staff alone: members of the group `staff`, or, in a deployment without an issuer, whoever may sign
 * requests to this API with an AWS identity. Everybody else learns nothing but that.
 */
export function staffOnly(routes: Routes): Routes {
  return new Map(
    [...routes].map(([key, answer]) => [
      key,
      async (request: ApiRequest): Promise<Answer> => {
        if (isStaff(request)) return answer(request);
        throw new Problem('forbidden', `Ask with the token of a member of the group ${STAFF_GROUP}.`);
      },
    ]),
  );
}

function isStaff({ groups, signed }: ApiRequest): boolean {
  return signed || groups.includes(STAFF_GROUP);
}

/** Who is asking, as items name their writer, so that the audit trail can tell who changed what. */
export function staffMember({ customerId: subject }: Pick<ApiRequest, 'customerId'>): string {
  return `staff:${subject}`;
}
