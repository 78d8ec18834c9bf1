import * as z from 'zod';
import { args, blocks, inert, refused, text } from '../arguments.ts';
import { arn } from '../arns.ts';
import { resourceType } from '../resource-type.ts';

const callerIdentity = resourceType({
  type: 'data.aws_caller_identity',
  schema: args({}),
  attributes: (_args, { accountId }) => ({
    id: accountId,
    account_id: accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    user_id: accountId,
  }),
});

const region = resourceType({
  type: 'data.aws_region',
  schema: args({}),
  attributes: (_args, { region }) => ({ id: region, name: region, region }),
});

const partition = resourceType({
  type: 'data.aws_partition',
  schema: args({}),
  attributes: () => ({ id: 'aws', partition: 'aws', dns_suffix: 'amazonaws.com' }),
});

const THREE_ZONES = 'a region has the zones a, b and c here';

const availabilityZones = resourceType({
  type: 'data.aws_availability_zones',
  schema: args({
    state: inert(THREE_ZONES),
    filter: inert(THREE_ZONES),
    all_availability_zones: inert(THREE_ZONES),
    exclude_names: refused('Take the zones that are wanted from "names"'),
    exclude_zone_ids: refused('Take the zones that are wanted from "zone_ids"'),
  }),
  attributes: (_args, { region }) => ({
    id: region,
    names: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    zone_ids: ['1', '2', '3'].map((zone) => `${region}-az${zone}`),
  }),
});

const eventBus = resourceType({
  type: 'data.aws_cloudwatch_event_bus',
  schema: args({
    name: z.literal('default', { error: 'must be default: refer to every other bus by its resource' }),
  }),
  attributes: ({ name }, place) => ({ id: name, arn: arn('events', `event-bus/${name}`, place) }),
});

const WRITE_STATEMENTS = 'Write the statements into this document';
const principals = { type: text, identifiers: z.array(text) };

const policyDocument = resourceType({
  type: 'data.aws_iam_policy_document',
  schema: args({
    version: text.default('2012-10-17'),
    policy_id: text.optional(),
    statement: blocks({
      sid: text.optional(),
      effect: z.enum(['Allow', 'Deny']).default('Allow'),
      actions: z.array(text).optional(),
      not_actions: z.array(text).optional(),
      resources: z.array(text).optional(),
      not_resources: z.array(text).optional(),
      principals: blocks(principals),
      not_principals: blocks(principals),
      condition: blocks({ test: text, variable: text, values: z.array(text) }),
    }),
    source_policy_documents: refused(WRITE_STATEMENTS),
    override_policy_documents: refused(WRITE_STATEMENTS),
    source_json: refused(WRITE_STATEMENTS),
    override_json: refused(WRITE_STATEMENTS),
  }),
  attributes({ version, policy_id, statement }, _place, address) {
    const document = { Version: version, Id: policy_id, Statement: statement.map(toStatement) };
    // The provider writes a policy's own variables as &{…}, since ${…} is Terraform's.
    const json = JSON.stringify(document, undefined, 2).replaceAll('&{', '${');
    return { id: address, json, minified_json: JSON.stringify(JSON.parse(json)) };
  },
});

interface StatementArgs {
  readonly sid?: string | undefined;
  readonly effect: string;
  readonly actions?: readonly string[] | undefined;
  readonly not_actions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly not_resources?: readonly string[] | undefined;
  readonly principals: readonly PrincipalArgs[];
  readonly not_principals: readonly PrincipalArgs[];
  readonly condition: readonly { test: string; variable: string; values: readonly string[] }[];
}

interface PrincipalArgs {
  readonly type: string;
  readonly identifiers: readonly string[];
}

function toStatement(statement: StatementArgs) {
  return {
    Sid: statement.sid,
    Effect: statement.effect,
    Principal: toPrincipals(statement.principals),
    NotPrincipal: toPrincipals(statement.not_principals),
    Action: statement.actions,
    NotAction: statement.not_actions,
    Resource: statement.resources,
    NotResource: statement.not_resources,
    Condition: toConditions(statement.condition),
  };
}

function toPrincipals(principals: readonly PrincipalArgs[]): Record<string, string[]> | string | undefined {
  if (principals.length === 0) return undefined;
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of principals) {
    if (type === '*') return '*';
    byType[type] = [...(byType[type] ?? []), ...identifiers];
  }
  return byType;
}

function toConditions(conditions: StatementArgs['condition']) {
  if (conditions.length === 0) return undefined;
  const byTest: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) {
    const variables = (byTest[test] ??= {});
    variables[variable] = [...(variables[variable] ?? []), ...values];
  }
  return byTest;
}

export const dataSourceTypes = [
  callerIdentity,
  region,
  partition,
  availabilityZones,
  eventBus,
  policyDocument,
];
