import { memoryTags } from './memory.ts';
import type { BootstrapOptions } from './options.ts';
import {
  type Deployed,
  type Tag,
  COMPARED_WITH,
  ISSUER,
  TAGS,
  boundaryName,
  deployRoleName,
  diffRoleName,
  iamArn,
  partName,
  prefixOf,
  stateBucketName,
} from './names.ts';
import type { Place } from './permissions/access.ts';
import { boundaryStatements } from './permissions/boundary.ts';
import { deployStatements, diffStatements } from './permissions/deploy.ts';
import { type PolicyDocument, split } from './permissions/document.ts';
import { type Subject, trustOf } from './trust.ts';

export interface DesiredPolicy {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly document: PolicyDocument;
  readonly tags: readonly Tag[];
}

export interface DesiredRole {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly trust: PolicyDocument;
  /** The managed policies that it has, and no others. */
  readonly policyArns: readonly string[];
  readonly tags: readonly Tag[];
  /** Whether it may lose the orders table that it was made for. */
  readonly isTableDropped: boolean;
}

export interface Desired {
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string;
  readonly providerArn: string;
  readonly policies: readonly DesiredPolicy[];
  readonly roles: readonly DesiredRole[];
}

/** All that the bootstrap wants to be there, in the order in which it can be made. */
export function desiredOf(options: BootstrapOptions, account: string): Desired {
  const { region } = options;
  const stateBucket = options.stateBucket ?? stateBucketName(account, region);
  const parts = options.environments.map((name) => environment(options, account, stateBucket, name));
  return {
    account,
    region,
    stateBucket,
    providerArn: iamArn(account, `oidc-provider/${ISSUER}`),
    policies: parts.flatMap(({ policies }) => policies),
    roles: parts.flatMap(({ roles }) => roles),
  };
}

/** Where an environment's resources are, as its policies name them. */
export function placeOf(
  { region, ordersTable }: Pick<BootstrapOptions, 'region' | 'ordersTable'>,
  account: string,
  name: Deployed,
): Place {
  return {
    account,
    region,
    prefix: prefixOf(name),
    isForTrials: name !== 'prod',
    boundaryArn: iamArn(account, `policy/${boundaryName(name)}`),
    ordersTable,
  };
}

function environment(options: BootstrapOptions, account: string, bucket: string, name: Deployed) {
  const place = placeOf(options, account, name);
  const tags = [...TAGS, { Key: 'environment', Value: name }];
  const policy = (policyName: string, description: string, document: PolicyDocument): DesiredPolicy => {
    return { name: policyName, arn: iamArn(account, `policy/${policyName}`), description, document, tags };
  };
  const roleWith = (
    roleName: string,
    description: string,
    subject: Subject,
    statements: ReturnType<typeof deployStatements>,
  ) => {
    const policies = split(statements).map((document, index) =>
      policy(partName(roleName, index + 1), description, document),
    );
    const role: DesiredRole = {
      name: roleName,
      arn: iamArn(account, `role/${roleName}`),
      description,
      trust: trustOf(account, options.repository, subject),
      policyArns: policies.map(({ arn }) => arn),
      tags: [...tags, ...memoryTags({ ...options, stateBucket: bucket })],
      isTableDropped: options.isTableDropped,
    };
    return { role, policies };
  };
  const deploy = roleWith(
    deployRoleName(name),
    `Deploys Orderstream to ${name} from GitHub Actions`,
    `environment:${name}`,
    deployStatements(place, bucket),
  );
  // Whoever pushes a branch can have it, without an approval: it reads dev's state alone.
  const diff =
    name === COMPARED_WITH
      ? [
          roleWith(
            diffRoleName(name),
            `Plans deployments of Orderstream to ${name} for pull requests - reads only`,
            'pull_request',
            diffStatements(place, bucket),
          ),
        ]
      : [];
  const parts = [deploy, ...diff];
  const [boundary] = split(boundaryStatements(place));
  const limits = boundary
    ? [policy(boundaryName(name), `The most that roles of Orderstream in ${name} can do`, boundary)]
    : [];
  return {
    policies: [...limits, ...parts.flatMap(({ policies }) => policies)],
    roles: parts.map(({ role }) => role),
  };
}
