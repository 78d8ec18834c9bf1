import type { ServiceRequest } from '../../endpoint/service.ts';
import type { MailIdentity, Stack } from '../../stack/model.ts';
import type { Need } from '../decision.ts';

/** Where calls are made, and what of the stack the resources of a call are found with. */
export interface NeedsPlace {
  readonly region: string;
  readonly accountId: string;
  readonly mappings: readonly { readonly id: string }[];
  readonly mailIdentities: readonly MailIdentity[];
  readonly search: Stack['search'];
  /** Tables of which a policy asks for which items it is, with the name of their partition key. */
  readonly keyedTables: ReadonlyMap<string, string>;
}

/** What a call needs. */
export type CallNeeds = readonly Need[];

/**
 * What a call of one service needs: every action on every resource must be allowed. Undefined for an operation without an
 * entry. A request that is not of its operation's form needs what can be told of it; its service refuses it.
 */
export type NeedsOf = (request: ServiceRequest, place: NeedsPlace) => CallNeeds | undefined;

/** The request's JSON; an empty object where it is none. */
export function jsonOf({ body }: Pick<ServiceRequest, 'body'>): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}

/** One need for each different resource. */
export function each(action: string, resources: Iterable<string>): Need[] {
  return [...new Set(resources)].map((resource) => ({ action, resource }));
}
