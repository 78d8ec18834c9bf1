import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListPolicyVersions,
  paginateListRolePolicies,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { FoundPolicy, FoundProvider, FoundRole } from './identity.ts';
import type { Tag } from './names.ts';

/** @returns undefined when the account has none. */
export async function lookAtProvider(iam: IAMClient, arn: string): Promise<FoundProvider | undefined> {
  const found = await orNone(
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
  );
  return found && { audiences: found.ClientIDList ?? [] };
}

/** @returns undefined when there is none. */
export async function lookAtPolicy(iam: IAMClient, arn: string): Promise<FoundPolicy | undefined> {
  const policy = (await orNone(iam.send(new GetPolicyCommand({ PolicyArn: arn }))))?.Policy;
  if (!policy) return undefined;
  const inForce = policy.DefaultVersionId ?? 'v1';
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: inForce }),
  );
  const others: { id: string; at: number }[] = [];
  for await (const { Versions = [] } of paginateListPolicyVersions({ client: iam }, { PolicyArn: arn })) {
    for (const { VersionId, CreateDate } of Versions) {
      if (VersionId && VersionId !== inForce) others.push({ id: VersionId, at: CreateDate?.getTime() ?? 0 });
    }
  }
  return {
    tags: tagsOf(policy.Tags),
    document: decodeURIComponent(PolicyVersion?.Document ?? ''),
    otherVersions: others.toSorted((a, b) => a.at - b.at).map(({ id }) => id),
  };
}

/** @returns undefined when there is none. */
export async function lookAtRole(iam: IAMClient, RoleName: string): Promise<FoundRole | undefined> {
  const role = (await orNone(iam.send(new GetRoleCommand({ RoleName }))))?.Role;
  if (!role) return undefined;
  const policyArns: string[] = [];
  const inlinePolicies: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
    policyArns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []));
  }
  for await (const page of paginateListRolePolicies({ client: iam }, { RoleName })) {
    inlinePolicies.push(...(page.PolicyNames ?? []));
  }
  return {
    tags: tagsOf(role.Tags),
    trust: decodeURIComponent(role.AssumeRolePolicyDocument ?? ''),
    longestSessionSeconds: role.MaxSessionDuration,
    policyArns,
    inlinePolicies,
  };
}

export function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Tag[] {
  return tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

async function orNone<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}
