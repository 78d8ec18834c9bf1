import type * as z from 'zod';
import { AwsError, type ServiceRequest } from '../../endpoint/service.ts';
import type { MailIdentity, Stack } from '../../stack/model.ts';
import type { Need } from '../decision.ts';

/** Where calls are made, and what of the stack the resources of a call are found with. */
export interface NeedsPlace {
  readonly region: string;
  readonly accountId: string;
  readonly mappings: readonly { readonly id: string }[];
  readonly mailIdentities: readonly MailIdentity[];
  readonly search: Stack['search'];
  /**
   * Tables and indexes (`orders`, `orders/index/byDay`) of which a policy asks for which items it is, with the name of
   * their partition key.
   */
  readonly keyedTables: ReadonlyMap<string, string>;
}

/** What a call needs. */
export type CallNeeds = readonly Need[];

/**
 * What a call of one service needs: every action on every resource must be allowed. Undefined for an operation without an
 * entry. `nothing` is for what everyone may ask; a call that needs something and names nothing is unreadable.
 *
 * @throws AwsError {@link unreadable} for a request that is not of its operation's form.
 */
export type NeedsOf = (request: ServiceRequest, place: NeedsPlace) => CallNeeds | 'nothing' | undefined;

/** What services call a request that they can't read. SerializationException where nothing else is known. */
const UNREADABLE: Readonly<Record<string, string>> = {
  s3: 'MalformedXML',
  ses: 'BadRequestException',
  sns: 'InvalidParameter',
};

/**
 * The error of a call whose needs can't be told from what it says: nobody could say whether it is allowed.
 *
 * @param why a sentence without its full stop.
 */
export function unreadable({ service }: Pick<ServiceRequest, 'service'>, why: string): AwsError {
  return new AwsError(UNREADABLE[service] ?? 'SerializationException', `${why}.`);
}

/**
 * Those members of a JSON request by which its needs are told. As on AWS, null stands for a member that is not given.
 *
 * @throws AwsError {@link unreadable}, naming each member that is missing or of another type.
 */
export function membersOf<Schema extends z.ZodType>(
  schema: Schema,
  request: Pick<ServiceRequest, 'service' | 'body'>,
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(jsonOf(request));
  if (success) return data;
  throw unreadable(
    request,
    error.issues.map(({ path, message }) => `${path.join('.') || 'The request'}: ${message}`).join('. '),
  );
}

function jsonOf(request: Pick<ServiceRequest, 'service' | 'body'>): unknown {
  try {
    return JSON.parse(request.body.toString());
  } catch {
    throw unreadable(request, 'The request is not JSON');
  }
}

/** One need for each different resource. */
export function each(action: string, resources: Iterable<string>): Need[] {
  return [...new Set(resources)].map((resource) => ({ action, resource }));
}
