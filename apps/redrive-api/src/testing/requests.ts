import { askStaff, type StaffCall } from '@orderstream/lambda-kit/fixtures';
import { redriveRoutes, type RedriveApi } from '../routes.ts';

/** Asks the API as the HTTP API would. */
export function ask(api: RedriveApi, route: string, call?: StaffCall) {
  return askStaff(redriveRoutes(api), route, call);
}
