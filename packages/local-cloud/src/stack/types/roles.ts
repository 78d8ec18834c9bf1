import { args, blocks, inert, jsonText, refused, text } from '../arguments.ts';
import type { Draft } from '../draft.ts';
import type { Role } from '../model.ts';
import type { Place } from '../resource-type.ts';
import { inertType, resourceType } from '../resource-type.ts';

const PLAIN = 'it is for people';

const path = text.default('/');

function iamArn(resource: string, { accountId }: Place): string {
  return `arn:aws:iam::${accountId}:${resource}`;
}

const role = resourceType({
  type: 'aws_iam_role',
  schema: args({
    name: text,
    path,
    assume_role_policy: jsonText,
    inline_policy: blocks({ name: text, policy: jsonText }),
    description: inert(PLAIN),
    max_session_duration: inert('credentials do not expire here'),
    force_detach_policies: inert('roles are not deleted here'),
    managed_policy_arns: refused('Attach policies with aws_iam_role_policy_attachment'),
    permissions_boundary: refused('Remove it: boundaries are not evaluated here'),
  }),
  attributes: ({ name, path }, place) => ({ id: name, arn: iamArn(`role${path}${name}`, place) }),
  contribute({ args, attributes }, draft) {
    draft.roles.push({
      name: args.name,
      arn: attributes.arn,
      policies: args.inline_policy.map(({ policy }) => policy),
      trust: args.assume_role_policy,
    });
  },
});

const rolePolicy = resourceType({
  type: 'aws_iam_role_policy',
  schema: args({ name: text.optional(), role: text, policy: jsonText }),
  attributes: ({ role, name }, _place, address) => ({ id: `${role}:${name ?? address}` }),
  contribute: ({ address, args }, draft) =>
    draft.inlinePolicies.push({ address, roleName: args.role, document: args.policy }),
});

const policy = resourceType({
  type: 'aws_iam_policy',
  schema: args({ name: text, path, policy: jsonText, description: inert(PLAIN) }),
  attributes({ name, path }, place) {
    const policyArn = iamArn(`policy${path}${name}`, place);
    return { id: policyArn, arn: policyArn };
  },
  contribute: ({ args, attributes }, draft) =>
    draft.policies.push({ arn: attributes.arn, document: args.policy }),
});

const attachment = resourceType({
  type: 'aws_iam_role_policy_attachment',
  schema: args({ role: text, policy_arn: text }),
  attributes: ({ role, policy_arn }) => ({ id: `${role}/${policy_arn}` }),
  contribute: ({ address, args }, draft) =>
    draft.attachments.push({ address, roleName: args.role, policyArn: args.policy_arn }),
});

const serviceLinkedRole = inertType(
  'aws_iam_service_linked_role',
  'services need no role here',
  'aws_service_name',
  (service, place) => {
    const roleArn = iamArn(`role/aws-service-role/${service}`, place);
    return { id: roleArn, arn: roleArn };
  },
);

export const roleTypes = [role, rolePolicy, policy, attachment, serviceLinkedRole];

/** Roles with all their policy documents, inline and attached. */
export function linkRoles(draft: Draft, problems: string[]): readonly Role[] {
  const documents = new Map(draft.policies.map(({ arn, document }) => [arn, document]));
  const names = new Set(draft.roles.map(({ name }) => name));
  const granted = [...draft.inlinePolicies];
  for (const { address, roleName, policyArn } of draft.attachments) {
    const document = documents.get(policyArn);
    if (document !== undefined) granted.push({ address, roleName, document });
    else {
      problems.push(
        `${address}: policy ${policyArn} is not in this stack. Write what the role may do into a policy of its own`,
      );
    }
  }
  for (const { address, roleName } of granted) {
    if (!names.has(roleName)) problems.push(`${address}: role "${roleName}" is not in this stack`);
  }
  return draft.roles.map((role) => ({
    ...role,
    policies: [
      ...role.policies,
      ...granted.filter(({ roleName }) => roleName === role.name).map(({ document }) => document),
    ],
  }));
}
