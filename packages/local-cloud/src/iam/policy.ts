import * as z from 'zod';
import { compileConditions, isLeadingKeys, type Condition, type ConditionBlock } from './conditions.ts';
import { actionPattern, arnPattern, type Matcher } from './pattern.ts';
import { compilePrincipal, type PrincipalMatcher } from './principal.ts';

/** A statement of a policy, ready to be asked. */
export interface Statement {
  /** Where it stands, for people: `role shop-api, statement 2 (NoTopics)`. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** As they are written, for who lists what is granted. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly matchesAction: Matcher;
  readonly matchesResource: Matcher;
  /** Those of its actions and resources, as they are written, that mean a call. */
  readonly grantsFor: (call: Asked) => readonly Asked[];
  /** Of a policy that belongs to a resource; undefined in a role's own. */
  readonly matchesPrincipal: PrincipalMatcher | undefined;
  readonly isFulfilled: Condition;
  /** Whether a condition asks for the partition keys of a call's items. */
  readonly asksLeadingKeys: boolean;
}

/** An action and a resource: those of a call, or the patterns of a statement. */
interface Asked {
  readonly action: string;
  readonly resource: string;
}

/** What a policy belongs to. `trust` is that of a role: who may take it on. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const conditionValues = z.preprocess(
  (value) => (typeof value === 'boolean' ? String(value) : value),
  oneOrMore,
);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore,
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
});

const documentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(statementSchema)),
});

/**
 * Reads a policy document.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 *
 * @param owner what it belongs to, for people. @param problems takes a sentence for each element that is not evaluated here.
 */
export function readPolicy(json: string, kind: PolicyKind, owner: string, problems: string[]): Statement[] {
  const parsed = documentSchema.safeParse(JSON.parse(json));
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${owner}: ${sentence(issue)}`));
    return [];
  }
  return parsed.data.Statement.map((statement, index) => {
    const sid = statement.Sid ? ` (${statement.Sid})` : '';
    const name = `${owner}, statement ${index + 1}${sid}`;
    const found: string[] = [];
    const compiled = compile(statement, kind, name, found);
    problems.push(...found.map((problem) => `${name}: ${problem}`));
    return compiled;
  });
}

function compile(
  statement: z.output<typeof statementSchema>,
  kind: PolicyKind,
  name: string,
  problems: string[],
): Statement {
  const { Effect, Principal, Action, Resource, Condition: conditions } = statement;
  if (kind === 'identity' && Principal !== undefined) problems.push('a role’s own policy has no "Principal"');
  if (kind !== 'identity' && Principal === undefined) problems.push('"Principal" is missing');
  if (kind !== 'trust' && Resource === undefined) problems.push('"Resource" is missing');
  const resources = Resource ?? ['*'];
  refuseVariables([...resources, ...valuesOf(conditions)], problems);
  return {
    name,
    effect: Effect,
    ...matching(Action, resources),
    matchesPrincipal: Principal === undefined ? undefined : compilePrincipal(Principal, Effect, problems),
    isFulfilled: compileConditions(conditions, problems),
    asksLeadingKeys: Object.values(conditions).some((keys) => Object.keys(keys).some(isLeadingKeys)),
  };
}

/** What is left of a statement when it no longer says this action of this resource. Both as they are written. */
export function without(statement: Statement, action: string, resource: string): Statement[] {
  const actions = statement.actions.filter((one) => one !== action);
  const resources = statement.resources.filter((one) => one !== resource);
  return [
    { ...statement, ...matching(actions, statement.resources) },
    { ...statement, ...matching([action], resources) },
  ];
}

type Matching = 'actions' | 'resources' | 'matchesAction' | 'matchesResource' | 'grantsFor';

function matching(actions: readonly string[], resources: readonly string[]): Pick<Statement, Matching> {
  const ofActions = actions.map((action) => ({ action, matches: actionPattern(action) }));
  const ofResources = resources.map((resource) => ({ resource, matches: arnPattern(resource) }));
  return {
    actions,
    resources,
    matchesAction: any(ofActions.map(({ matches }) => matches)),
    matchesResource: any(ofResources.map(({ matches }) => matches)),
    grantsFor: (call) => {
      const meant = ofResources.filter(({ matches }) => matches(call.resource));
      return ofActions
        .filter(({ matches }) => matches(call.action))
        .flatMap(({ action }) => meant.map(({ resource }) => ({ action, resource })));
    },
  };
}

function any(matchers: readonly Matcher[]): Matcher {
  return (text) => matchers.some((matches) => matches(text));
}

function valuesOf(conditions: ConditionBlock): string[] {
  return Object.values(conditions).flatMap((keys) => Object.values(keys).flat());
}

function refuseVariables(texts: readonly string[], problems: string[]): void {
  const found = texts.find((text) => text.includes('${'));
  if (found !== undefined) problems.push(`the policy variable in "${found}" is not evaluated here`);
}

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return `${path || 'policy'}: ${issue.message}`;
  const names = issue.keys.map((key) => `"${path === '' ? key : `${path}.${key}`}"`);
  return `${names.join(', ')} is not evaluated here. Say it with Effect, Action, Resource, Principal and Condition`;
}
