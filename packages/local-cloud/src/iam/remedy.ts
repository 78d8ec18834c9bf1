import { LEADING_KEYS } from './conditions.ts';
import type { Call } from './decision.ts';
import type { Denied } from './refusal.ts';
import { roleNameIn } from './principal.ts';

/** What would have allowed a call. */
export interface Remedy {
  /** The policy that is to change: `role shop-api`, `policy of arn:…`. */
  readonly where: string;
  /** The least statement to add to it; undefined where one has to go instead. */
  readonly statement: Readonly<Record<string, unknown>> | undefined;
  /** The statement whose Deny stands in the way. */
  readonly remove: string | undefined;
}

/** The least change of the stack's policies that allows a refused call. */
export function remedyFor(
  { principal, action, resource, context }: Call,
  { type, deniedBy }: Denied,
): Remedy {
  const where =
    type === 'identity-based' && principal.kind === 'role'
      ? `role ${roleNameIn(principal.roleArn)}`
      : type === 'VPC endpoint'
        ? 'the VPC endpoint that the function calls through'
        : `policy of ${resource}`;
  if (deniedBy) return { where: deniedBy.name, statement: undefined, remove: deniedBy.name };
  const allow = { Effect: 'Allow', Action: action, Resource: isArn(resource) ? resource : '*' };
  if (principal.kind === 'role') {
    const keys = context[LEADING_KEYS];
    const ofItems = keys && { Condition: { 'ForAllValues:StringEquals': { [LEADING_KEYS]: keys } } };
    const isOwn = type === 'identity-based';
    const statement = { ...allow, ...(!isOwn && { Principal: '*' }), ...ofItems };
    return { where, statement, remove: undefined };
  }
  const { 'aws:SourceArn': source, 'aws:SourceAccount': account } = context;
  const Condition = {
    ...(account !== undefined && { StringEquals: { 'aws:SourceAccount': account } }),
    ...(source !== undefined && { ArnEquals: { 'aws:SourceArn': source } }),
  };
  const statement = { ...allow, Principal: { Service: principal.service }, Condition };
  return { where, statement, remove: undefined };
}

/** A phone number is the resource of a text message; a policy can only say `*` for it. */
function isArn(resource: string): boolean {
  return resource.startsWith('arn:');
}
