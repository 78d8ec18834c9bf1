import type { CallContext } from './conditions.ts';
import type { Statement } from './policy.ts';
import type { Principal } from './principal.ts';

/** An action on a resource, as a policy names them. */
export interface Need {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** Its ARN; `*` where the action knows no resources, a phone number for a text message. */
  readonly resource: string;
  /** What the call itself has to say to conditions. */
  readonly context?: CallContext;
}

/** One question to the policies. */
export interface Call extends Need {
  readonly principal: Principal;
  readonly context: CallContext;
}

/** The policies that have a say in a call. */
export interface Policies {
  /** Of the role that calls; none for a service. */
  readonly identity: readonly Statement[];
  /** Of the resource; none where it has none. */
  readonly resource: readonly Statement[];
  /** Of the VPC endpoint that the call passes; undefined where it passes none. */
  readonly endpoint: readonly Statement[] | undefined;
}

/** In AWS's words, as its messages name them. */
export type PolicyType = 'identity-based' | 'resource-based' | 'VPC endpoint';

export type Decision =
  | { readonly allowed: true; /** All that would have allowed it. */ readonly by: readonly Statement[] }
  | {
      readonly allowed: false;
      readonly type: PolicyType;
      /** Set for an explicit deny; without one nothing allowed it. */
      readonly deniedBy: Statement | undefined;
    };

/**
 * Decides a call as AWS does within one account: a Deny of any policy wins; else the role's own policies or the resource's
 * must allow it, and the policy of a VPC endpoint that it passes must, too.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(call: Call, { identity, resource, endpoint }: Policies): Decision {
  const ofIdentity = identity.filter((statement) => applies(statement, call));
  const ofResource = resource.filter((statement) => applies(statement, call));
  const ofEndpoint = endpoint?.filter((statement) => applies(statement, call));
  const denied =
    denialIn(ofIdentity, 'identity-based') ??
    denialIn(ofResource, 'resource-based') ??
    denialIn(ofEndpoint ?? [], 'VPC endpoint');
  if (denied) return denied;
  const by = [...ofIdentity, ...ofResource];
  const isService = call.principal.kind === 'service';
  if (by.length === 0) return nothingAllows(isService ? 'resource-based' : 'identity-based');
  if (ofEndpoint?.length === 0) return nothingAllows('VPC endpoint');
  return { allowed: true, by: [...by, ...(ofEndpoint ?? [])] };
}

function applies(statement: Statement, { principal, action, resource, context }: Call): boolean {
  return (
    statement.matchesAction(action) &&
    statement.matchesResource(resource) &&
    statement.matchesPrincipal?.(principal) !== false &&
    statement.isFulfilled(context)
  );
}

function denialIn(statements: readonly Statement[], type: PolicyType): Decision | undefined {
  const deniedBy = statements.find(({ effect }) => effect === 'Deny');
  return deniedBy && { allowed: false, type, deniedBy };
}

function nothingAllows(type: PolicyType): Decision {
  return { allowed: false, type, deniedBy: undefined };
}
