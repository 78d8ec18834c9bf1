import type { Tree } from './answer.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity, policyText } from './errors.ts';
import { type Form, type Tag, tagged } from './form.ts';
import type { Policies } from './policies.ts';

const MOST_POLICIES = 10;
/** Seconds. */
const DEFAULT_SESSION = 3_600;
const MOST_TRUST_CHARACTERS = 2_048;
const MOST_INLINE_CHARACTERS = 10_240;

interface Role {
  readonly name: string;
  description: string | undefined;
  longestSession: number;
  readonly madeAt: string;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  trust: string;
  tags: readonly Tag[];
}

/** The roles of an account beside those of the stack, which are the stack's. */
export class Roles {
  readonly #accountId: string;
  readonly #policies: Policies;
  readonly #byName = new Map<string, Role>();

  constructor(accountId: string, policies: Policies) {
    this.#accountId = accountId;
    this.#policies = policies;
  }

  readonly operations: Readonly<Record<string, (form: Form) => Tree | undefined>> = {
    CreateRole: (form) => {
      const name = form.text('RoleName');
      if (this.#byName.has(name)) throw alreadyExists(`Role with name ${name}`);
      const role: Role = {
        name,
        description: form.optional('Description'),
        longestSession: longestSessionIn(form) ?? DEFAULT_SESSION,
        madeAt: new Date().toISOString(),
        attached: new Set(),
        inline: new Map(),
        trust: trustIn(form, 'AssumeRolePolicyDocument'),
        tags: form.tags(),
      };
      this.#byName.set(name, role);
      return { Role: this.#shown(role) };
    },
    GetRole: (form) => ({ Role: this.#shown(this.#role(form)) }),
    UpdateRole: (form) => {
      const role = this.#role(form);
      role.description = form.optional('Description') ?? role.description;
      role.longestSession = longestSessionIn(form) ?? role.longestSession;
      return {};
    },
    UpdateAssumeRolePolicy: (form) => {
      this.#role(form).trust = trustIn(form, 'PolicyDocument');
      return undefined;
    },
    TagRole: (form) => {
      const role = this.#role(form);
      role.tags = tagged(role.tags, form.tags());
      return undefined;
    },
    UntagRole: (form) => {
      const role = this.#role(form);
      const keys = form.list('TagKeys');
      role.tags = role.tags.filter(({ Key }) => !keys.includes(Key));
      return undefined;
    },
    AttachRolePolicy: (form) => {
      const { attached } = this.#role(form);
      const arn = form.text('PolicyArn');
      this.#policies.nameOf(arn);
      if (!attached.has(arn) && attached.size >= MOST_POLICIES) {
        throw limitExceeded('PoliciesPerRole', MOST_POLICIES);
      }
      attached.add(arn);
      return undefined;
    },
    DetachRolePolicy: (form) => {
      const arn = form.text('PolicyArn');
      if (!this.#role(form).attached.delete(arn)) throw noSuchEntity(`Policy ${arn} of the role`);
      return undefined;
    },
    ListAttachedRolePolicies: (form) => ({
      AttachedPolicies: [...this.#role(form).attached].map((arn) => ({
        PolicyName: this.#policies.nameOf(arn),
        PolicyArn: arn,
      })),
      IsTruncated: false,
    }),
    // It stands here because a policy is not deleted while a role has it.
    DeletePolicy: (form) => {
      const arn = form.text('PolicyArn');
      if ([...this.#byName.values()].some(({ attached }) => attached.has(arn))) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      this.#policies.delete(arn);
      return undefined;
    },
    ListRolePolicies: (form) => ({ PolicyNames: [...this.#role(form).inline.keys()], IsTruncated: false }),
    PutRolePolicy: (form) => {
      const document = policyText(form.text('PolicyDocument'), 'PolicySize', MOST_INLINE_CHARACTERS);
      this.#role(form).inline.set(form.text('PolicyName'), document);
      return undefined;
    },
    DeleteRolePolicy: (form) => {
      const name = form.text('PolicyName');
      if (!this.#role(form).inline.delete(name)) throw noSuchEntity(`The role policy with name ${name}`);
      return undefined;
    },
  };

  #role(form: Form): Role {
    const name = form.text('RoleName');
    const role = this.#byName.get(name);
    if (!role) throw noSuchEntity(`The role with name ${name}`);
    return role;
  }

  #shown({ name, description, longestSession, madeAt, trust, tags }: Role): Tree {
    return {
      RoleName: name,
      Path: '/',
      Arn: `arn:aws:iam::${this.#accountId}:role/${name}`,
      CreateDate: madeAt,
      AssumeRolePolicyDocument: encodeURIComponent(trust),
      Description: description,
      MaxSessionDuration: longestSession,
      Tags: tags.map((tag) => ({ ...tag })),
    };
  }
}

function longestSessionIn(form: Form): number | undefined {
  const given = form.optional('MaxSessionDuration');
  return given === undefined ? undefined : Number(given);
}

function trustIn(form: Form, name: string): string {
  return policyText(form.text(name), 'ACLSizePerRole', MOST_TRUST_CHARACTERS);
}
