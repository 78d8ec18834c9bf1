import type { Tree } from './answer.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity, policyText } from './errors.ts';
import { type Form, type Tag, tagged } from './form.ts';

const MOST_CHARACTERS = 6_144;
const MOST_VERSIONS = 5;

interface Version {
  readonly id: string;
  readonly document: string;
  readonly madeAt: string;
}

interface Policy {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly versions: Map<string, Version>;
  inForce: string;
  made: number;
  tags: readonly Tag[];
}

/** An account's managed policies with their versions. Nothing here is held against them: who calls is an administrator. */
export class Policies {
  readonly #accountId: string;
  readonly #byArn = new Map<string, Policy>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** @throws AwsError NoSuchEntity, also for those of AWS, which are not here. */
  nameOf(arn: string): string {
    return this.#policy(arn).name;
  }

  /** @throws AwsError NoSuchEntity; DeleteConflict while it has more versions than the one in force. */
  delete(arn: string): void {
    if (this.#policy(arn).versions.size > 1) {
      throw deleteConflict(
        'This policy has more than one version. Before you delete a policy, delete the others.',
      );
    }
    this.#byArn.delete(arn);
  }

  readonly operations: Readonly<Record<string, (form: Form) => Tree | undefined>> = {
    CreatePolicy: (form) => {
      const name = form.text('PolicyName');
      const arn = `arn:aws:iam::${this.#accountId}:policy/${name}`;
      if (this.#byArn.has(arn)) throw alreadyExists(`A policy called ${name}`);
      const policy: Policy = {
        name,
        arn,
        description: form.optional('Description'),
        versions: new Map(),
        inForce: 'v1',
        made: 0,
        tags: form.tags(),
      };
      addVersion(policy, form);
      this.#byArn.set(arn, policy);
      return { Policy: shown(policy) };
    },
    GetPolicy: (form) => ({ Policy: shown(this.#policy(form.text('PolicyArn'))) }),
    CreatePolicyVersion: (form) => {
      const policy = this.#policy(form.text('PolicyArn'));
      if (policy.versions.size >= MOST_VERSIONS) throw limitExceeded('VersionsPerPolicy', MOST_VERSIONS);
      const version = addVersion(policy, form);
      if (form.optional('SetAsDefault') === 'true') policy.inForce = version.id;
      return { PolicyVersion: shownVersion(policy, version) };
    },
    GetPolicyVersion: (form) => {
      const policy = this.#policy(form.text('PolicyArn'));
      const version = this.#version(policy, form);
      const Document = encodeURIComponent(version.document);
      return { PolicyVersion: { Document, ...shownVersion(policy, version) } };
    },
    ListPolicyVersions: (form) => {
      const policy = this.#policy(form.text('PolicyArn'));
      const Versions = [...policy.versions.values()]
        .reverse()
        .map((version) => shownVersion(policy, version));
      return { Versions, IsTruncated: false };
    },
    DeletePolicyVersion: (form) => {
      const policy = this.#policy(form.text('PolicyArn'));
      const { id } = this.#version(policy, form);
      if (id === policy.inForce) throw deleteConflict('Cannot delete the default version of a policy.');
      policy.versions.delete(id);
      return undefined;
    },
    TagPolicy: (form) => {
      const policy = this.#policy(form.text('PolicyArn'));
      policy.tags = tagged(policy.tags, form.tags());
      return undefined;
    },
  };

  #policy(arn: string): Policy {
    const policy = this.#byArn.get(arn);
    if (!policy) throw noSuchEntity(`Policy ${arn}`);
    return policy;
  }

  #version({ arn, versions }: Policy, form: Form): Version {
    const id = form.text('VersionId');
    const version = versions.get(id);
    if (!version) throw noSuchEntity(`Version ${id} of policy ${arn}`);
    return version;
  }
}

function addVersion(policy: Policy, form: Form): Version {
  const document = policyText(form.text('PolicyDocument'), 'PolicySize', MOST_CHARACTERS);
  policy.made += 1;
  const version = { id: `v${policy.made}`, document, madeAt: new Date().toISOString() };
  policy.versions.set(version.id, version);
  return version;
}

function shown({ name, arn, description, inForce, tags }: Policy): Tree {
  return {
    PolicyName: name,
    Arn: arn,
    Path: '/',
    DefaultVersionId: inForce,
    Description: description,
    Tags: tags.map((tag) => ({ ...tag })),
  };
}

function shownVersion({ inForce }: Policy, { id, madeAt }: Version) {
  return { VersionId: id, IsDefaultVersion: id === inForce, CreateDate: madeAt };
}
