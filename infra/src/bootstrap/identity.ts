import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import type { Change, Item } from './change.ts';
import type { DesiredPolicy, DesiredRole } from './desired.ts';
import { BootstrapError } from './errors.ts';
import { outdatedKeys, refuseForgotten } from './memory.ts';
import {
  AUDIENCE,
  ISSUER,
  LONGEST_SESSION_SECONDS,
  OWNER_TAG,
  TAGS,
  type Tag,
  hasOwnerTag,
} from './names.ts';
import { parsed, sameDocument } from './permissions/document.ts';

export interface FoundProvider {
  readonly audiences: readonly string[];
}

export interface FoundPolicy {
  readonly tags: readonly Tag[];
  readonly document: string;
  /** Every version but the one in force, the oldest first. */
  readonly otherVersions: readonly string[];
}

export interface FoundRole {
  readonly tags: readonly Tag[];
  readonly trust: string;
  readonly longestSessionSeconds: number | undefined;
  readonly policyArns: readonly string[];
  /** Names of policies that are written into the role itself. */
  readonly inlinePolicies: readonly string[];
}

/**
 * The account's trust in the tokens of GitHub's workflows. An account has one, which others may use as well: what they
 * added stays. IAM checks this issuer's certificate by its own list of authorities, so it is given no thumbprint.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
export function planProvider(found: FoundProvider | undefined, arn: string): Item {
  const changes: Change[] = [];
  if (!found) {
    const provider = { Url: `https://${ISSUER}`, ClientIDList: [AUDIENCE], Tags: [...TAGS] };
    changes.push({
      what: undefined,
      apply: ({ iam }) => iam.send(new CreateOpenIDConnectProviderCommand(provider)),
    });
  } else if (!found.audiences.includes(AUDIENCE)) {
    const audience = { OpenIDConnectProviderArn: arn, ClientID: AUDIENCE };
    changes.push({
      what: 'audiences',
      apply: ({ iam }) => iam.send(new AddClientIDToOpenIDConnectProviderCommand(audience)),
    });
  }
  return { kind: 'provider', name: ISSUER, changes };
}

/** IAM keeps five versions of a policy. */
const MOST_OTHER_VERSIONS = 4;

/** A managed policy with exactly this text. @throws BootstrapError for one that the bootstrap did not make. */
export function planPolicy(found: FoundPolicy | undefined, desired: DesiredPolicy): Item {
  const { name, arn, description, tags } = desired;
  const PolicyDocument = JSON.stringify(desired.document);
  const changes: Change[] = [];
  if (!found) {
    const policy = { PolicyName: name, Description: description, PolicyDocument, Tags: [...tags] };
    changes.push({ what: undefined, apply: ({ iam }) => iam.send(new CreatePolicyCommand(policy)) });
    return { kind: 'policy', name, changes };
  }
  refuseForeign('policy', name, found.tags);
  if (!sameDocument(parsed(found.document), desired.document)) {
    const [oldest] = found.otherVersions;
    changes.push({
      what: 'permissions',
      apply: async ({ iam }) => {
        if (oldest !== undefined && found.otherVersions.length >= MOST_OTHER_VERSIONS) {
          await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: oldest }));
        }
        await iam.send(
          new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument, SetAsDefault: true }),
        );
      },
    });
  }
  const lacked = lacking(found.tags, tags);
  if (lacked.length > 0) {
    changes.push({
      what: 'tags',
      apply: ({ iam }) => iam.send(new TagPolicyCommand({ PolicyArn: arn, Tags: lacked })),
    });
  }
  return { kind: 'policy', name, changes };
}

/** Takes a policy away that no role needs any more: every version but the one in force first, as IAM wants it. */
export function planRemoval(found: FoundPolicy, name: string, arn: string): Item {
  const versions: Change[] = found.otherVersions.map((VersionId) => ({
    what: VersionId,
    apply: ({ iam }) => iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId })),
  }));
  const last: Change = {
    what: name,
    apply: ({ iam }) => iam.send(new DeletePolicyCommand({ PolicyArn: arn })),
  };
  return { kind: 'policy', name, changes: [...versions, last], isSurplus: true };
}

/**
 * A role with exactly this trust and these policies: one that somebody attached is taken away again. A policy written
 * into the role itself is not deleted, for its text would be lost: that is for a person.
 *
 * @throws BootstrapError for a role that the bootstrap did not make, with policies written into it, or that was made for
 * another region, another bucket of the state or an orders table that is not given.
 */
export function planRole(found: FoundRole | undefined, desired: DesiredRole): Item {
  const { name: RoleName, description, tags } = desired;
  const trust = JSON.stringify(desired.trust);
  const changes: Change[] = [];
  if (found) {
    refuseForeign('role', RoleName, found.tags);
    refuseInline(RoleName, found.inlinePolicies);
    refuseForgotten(RoleName, found.tags, desired);
  } else {
    const role = {
      ...{ RoleName, Description: description, AssumeRolePolicyDocument: trust, Tags: [...tags] },
      MaxSessionDuration: LONGEST_SESSION_SECONDS,
    };
    changes.push({ what: undefined, apply: ({ iam }) => iam.send(new CreateRoleCommand(role)) });
  }
  if (found && !sameDocument(parsed(found.trust), desired.trust)) {
    const update = { RoleName, PolicyDocument: trust };
    changes.push({ what: 'trust', apply: ({ iam }) => iam.send(new UpdateAssumeRolePolicyCommand(update)) });
  }
  if (found && found.longestSessionSeconds !== LONGEST_SESSION_SECONDS) {
    const update = { RoleName, Description: description, MaxSessionDuration: LONGEST_SESSION_SECONDS };
    changes.push({ what: 'longest session', apply: ({ iam }) => iam.send(new UpdateRoleCommand(update)) });
  }
  const attached = found?.policyArns ?? [];
  for (const PolicyArn of attached.filter((arn) => !desired.policyArns.includes(arn))) {
    changes.push({
      what: `policies (without ${nameIn(PolicyArn)})`,
      apply: ({ iam }) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
    });
  }
  for (const PolicyArn of desired.policyArns.filter((arn) => !attached.includes(arn))) {
    changes.push({
      what: `policies (with ${nameIn(PolicyArn)})`,
      apply: ({ iam }) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
    });
  }
  const lacked = found ? lacking(found.tags, tags) : [];
  if (lacked.length > 0) {
    changes.push({
      what: 'tags',
      apply: ({ iam }) => iam.send(new TagRoleCommand({ RoleName, Tags: lacked })),
    });
  }
  const outdated = outdatedKeys(found?.tags ?? [], tags);
  if (outdated.length > 0) {
    changes.push({
      what: `tags (without ${outdated.join(', ')})`,
      apply: ({ iam }) => iam.send(new UntagRoleCommand({ RoleName, TagKeys: outdated })),
    });
  }
  return { kind: 'role', name: RoleName, changes };
}

function refuseForeign(kind: 'policy' | 'role', name: string, tags: readonly Tag[]): void {
  if (hasOwnerTag(tags)) return;
  throw new BootstrapError(
    `The ${kind} ${name} is there, but has no tag ${OWNER_TAG.Key}=${OWNER_TAG.Value}, so something else made it. Delete it or give it another name, or tag it so if it may be changed.`,
  );
}

function refuseInline(name: string, inline: readonly string[]): void {
  if (inline.length === 0) return;
  throw new BootstrapError(
    `The role ${name} has policies of its own that the bootstrap did not write: ${inline.join(', ')}. Look at them, then delete each: aws iam delete-role-policy --role-name ${name} --policy-name …`,
  );
}

function lacking(tags: readonly Tag[], desired: readonly Tag[]): Tag[] {
  return desired.filter(({ Key, Value }) => !tags.some((tag) => tag.Key === Key && tag.Value === Value));
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
