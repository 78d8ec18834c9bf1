import type { CallContext } from './conditions.ts';
import { decide, type Need, type Policies } from './decision.ts';
import { readPolicy, type Statement } from './policy.ts';
import type { Principal } from './principal.ts';
import { StackError } from '../stack/problems.ts';
import type { Stack } from '../stack/model.ts';

/** What of a stack its policies are read from. */
export type PolicedStack = Pick<
  Stack,
  | 'name'
  | 'accountId'
  | 'roles'
  | 'resourcePolicies'
  | 'vpcEndpoints'
  | 'functions'
  | 'stateMachines'
  | 'rules'
  | 'schedules'
>;

/** The service whose calls leave a VPC through an endpoint, by the services of the endpoint here. */
const ENDPOINT_SERVICES: Readonly<Record<string, string>> = { 'dynamodb-streams': 'dynamodb' };

/** All policies of a stack, ready to be asked. */
export class StackPolicies {
  readonly #roles = new Map<string, readonly Statement[]>();
  readonly #resources: readonly { readonly arn: string; readonly statements: readonly Statement[] }[];
  /** By VPC and service, `vpc-1/dynamodb`. */
  readonly #endpoints = new Map<string, readonly Statement[]>();

  /**
   * @throws StackError naming every element of a policy that is not evaluated here, and every role that is not there or
   * may not be taken on by the service that is to act with it.
   */
  constructor(stack: PolicedStack) {
    const problems: string[] = [];
    for (const { name, arn, policies } of stack.roles) {
      const owner = `role ${name}`;
      this.#roles.set(
        arn,
        policies.flatMap((json) => readPolicy(json, 'identity', owner, problems)),
      );
    }
    const byArn = Map.groupBy(stack.resourcePolicies, ({ resourceArn }) => resourceArn);
    this.#resources = [...byArn].map(([arn, policies]) => ({
      arn,
      statements: policies.flatMap(({ document, address }) =>
        readPolicy(document, 'resource', address, problems),
      ),
    }));
    for (const { address, vpcId, service, policy } of stack.vpcEndpoints) {
      if (policy === undefined) continue;
      this.#endpoints.set(`${vpcId}/${service}`, readPolicy(policy, 'resource', address, problems));
    }
    problems.push(...wrongTrusts(stack));
    if (problems.length > 0) throw new StackError(stack.name, problems);
  }

  /** The policies that have a say when a principal acts on a resource. @param vpcId where the caller is. */
  for(principal: Principal, resource: string, service: string, vpcId: string | undefined): Policies {
    return {
      identity: principal.kind === 'role' ? (this.#roles.get(principal.roleArn) ?? []) : [],
      resource: this.#resources
        .filter(({ arn }) => belongs(resource, arn))
        .flatMap(({ statements }) => statements),
      endpoint:
        (vpcId && this.#endpoints.get(`${vpcId}/${ENDPOINT_SERVICES[service] ?? service}`)) || undefined,
    };
  }

  /** Every statement there is, with what it belongs to. */
  all(): Statement[] {
    const ofResources = this.#resources.flatMap(({ statements }) => statements);
    return [...[...this.#roles.values()].flat(), ...ofResources, ...[...this.#endpoints.values()].flat()];
  }
}

/** Whether a resource is what a policy belongs to, or a part of it: an object of a bucket, a path of a domain. */
function belongs(resource: string, arn: string): boolean {
  if (!resource.startsWith(arn)) return false;
  const next = resource[arn.length];
  return next === undefined || next === '/' || next === ':';
}

/** A role that something acts with, and for whom. */
interface Trusted {
  readonly what: string;
  readonly roleArn: string;
  readonly service: string;
  readonly sourceArn: string;
}

/**
 * AWS refuses to create what is to act with a role that it may not take on.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
function wrongTrusts(stack: PolicedStack): string[] {
  const trusts = new Map(
    stack.roles.map(({ arn, trust }) => {
      const problems: string[] = [];
      return [arn, { statements: readPolicy(trust, 'trust', `trust policy of ${arn}`, problems), problems }];
    }),
  );
  const untaken = trustedIn(stack).flatMap(({ what, roleArn, service, sourceArn }) => {
    const trust = trusts.get(roleArn);
    if (trust === undefined)
      return [`${what}: role ${roleArn} is not in this stack. Add it, or start with --iam off`];
    const context: CallContext = { 'aws:SourceAccount': stack.accountId, 'aws:SourceArn': sourceArn };
    const need: Need = { action: 'sts:AssumeRole', resource: roleArn };
    const call = { ...need, principal: { kind: 'service', service } as const, context };
    const { allowed } = decide(call, { identity: [], resource: trust.statements, endpoint: undefined });
    if (allowed || trust.problems.length > 0) return [];
    return [
      `${what}: role ${roleArn} can't be taken on by ${service}. Allow it sts:AssumeRole in the role's trust policy`,
    ];
  });
  return [...[...trusts.values()].flatMap(({ problems }) => problems), ...untaken];
}

function trustedIn({ functions, stateMachines, rules, schedules }: PolicedStack): Trusted[] {
  const targets = [...rules, ...schedules].flatMap(({ name, arn, targets }) =>
    targets.flatMap(({ id, roleArn }) =>
      roleArn === undefined ? [] : [{ what: `rule ${name}, target ${id}`, roleArn, sourceArn: arn }],
    ),
  );
  return [
    ...functions.map(({ name, roleArn, arn }) => ({
      ...{ what: `function ${name}`, roleArn, sourceArn: arn, service: 'lambda.amazonaws.com' },
    })),
    ...stateMachines.map(({ name, roleArn, arn }) => ({
      ...{ what: `state machine ${name}`, roleArn, sourceArn: arn, service: 'states.amazonaws.com' },
    })),
    ...targets.map((target) => ({ ...target, service: 'events.amazonaws.com' })),
  ];
}
