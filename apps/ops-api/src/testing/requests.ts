import { askStaff, type StaffCall } from '@orderstream/lambda-kit/fixtures';
import { opsRoutes, type OpsApi } from '../routes.ts';

/** Asks the API as the HTTP API would. */
export function ask(api: OpsApi, route: string, call?: StaffCall) {
  return askStaff(opsRoutes(api), route, call);
}
