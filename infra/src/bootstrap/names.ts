import { ENVIRONMENTS } from '../config/settings.ts';

export { boundaryName } from '../config/settings.ts';

/** The environments that stand in an AWS account; `local` stands on this machine. */
export const DEPLOYED = ENVIRONMENTS.filter((name) => name !== 'local');
export type Deployed = (typeof DEPLOYED)[number];

/** The environment that pull requests are compared with, the only one that they may look at. */
export const COMPARED_WITH: Deployed = 'dev';

/** Issuer of the tokens of workflows, without its scheme: so IAM names the provider and its condition keys. */
export const ISSUER = 'token.actions.githubusercontent.com';
/** Who the tokens are for: what the official action asks for unless it is told otherwise. */
export const AUDIENCE = 'sts.amazonaws.com';

/** What is tagged so belongs to the bootstrap, which may change it. Everything else is somebody else's. */
export const OWNER_TAG = { Key: 'managed-by', Value: 'orderstream-bootstrap' } as const;

/**
 * For how long a job may have a role, in seconds: longer than a deployment takes, for one whose credentials end midway leaves
 * its lock behind. Roles have 3,600 unless they say otherwise.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
 */
export const LONGEST_SESSION_SECONDS = 7_200;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export const TAGS: readonly Tag[] = [{ Key: 'project', Value: 'orderstream' }, OWNER_TAG];

export function hasOwnerTag(tags: readonly { readonly Key?: string; readonly Value?: string }[]): boolean {
  return tags.some(({ Key, Value }) => Key === OWNER_TAG.Key && Value === OWNER_TAG.Value);
}

/** Begins the name of everything that the stack makes in an environment. */
export function prefixOf(environment: Deployed): string {
  return `orderstream-${environment}`;
}

/** Holds Terraform's state of every environment in the account. The names of buckets are everybody's, so it has the account in it. */
export function stateBucketName(account: string, region: string): string {
  return `orderstream-state-${account}-${region}`;
}

/** None of these names begins as those of the stack's resources do: no deployment can change them. */
export function deployRoleName(environment: Deployed): string {
  return `orderstream-deploy-${environment}`;
}

export function diffRoleName(environment: Deployed): string {
  return `orderstream-diff-${environment}`;
}

/** One of the managed policies that a role's permissions are spread over, from 1. */
export function partName(role: string, number: number): string {
  return `${role}-${number}`;
}

export function iamArn(account: string, resource: string): string {
  return `arn:aws:iam::${account}:${resource}`;
}
