import { isRecord, parsed, texts, blocks, type Arguments, type Resource } from './document.ts';

/** A key that a statement compares, in lower case as IAM takes it; with two operators it is there twice. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of a policy; what stands alone in the JSON is a list here. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `*` for everybody, else kind → names: `{ Service: ['events.amazonaws.com'] }`. */
  readonly principals: '*' | Readonly<Record<string, readonly string[]>>;
  readonly conditions: readonly Condition[];
  /** The fields' names as they are written. */
  readonly fields: readonly string[];
}

/** What a policy is for: who may take a role, what a role may do, or who may use a resource. */
export type PolicyKind = 'trust' | 'identity' | 'resource';

/** A policy document somewhere in a stack. */
export interface Policy {
  readonly owner: Resource;
  readonly argument: string;
  readonly kind: PolicyKind;
  readonly statements: readonly PolicyStatement[];
}

/** Every argument of a resource that is a policy document, whatever it is called, with what its references come to. */
export function policiesOf(owner: Resource, render: (text: string) => string): readonly Policy[] {
  return Object.entries(owner.arguments).flatMap(([argument, value]): Policy[] => {
    const document = parsed(value);
    if (typeof value !== 'string' || !isRecord(document) || !('Statement' in document)) return [];
    return [{ owner, argument, kind: kindOf(owner, argument), statements: statementsIn(render(value)) }];
  });
}

function kindOf({ type }: Resource, argument: string): PolicyKind {
  if (argument === 'assume_role_policy') return 'trust';
  return type === 'aws_iam_role_policy' ? 'identity' : 'resource';
}

/** The statements of a policy document; none of a text that is no such document. */
export function statementsIn(document: string): readonly PolicyStatement[] {
  const policy = parsed(document);
  return isRecord(policy) ? blocks(policy['Statement']).map(readStatement) : [];
}

function readStatement(statement: Arguments): PolicyStatement {
  const { Sid, Effect, Action, Resource: resource, Principal, Condition } = statement;
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: String(Effect),
    actions: texts(Action),
    resources: texts(resource),
    principals: isRecord(Principal)
      ? Object.fromEntries(Object.entries(Principal).map(([kind, names]) => [kind, texts(names)]))
      : Principal === '*'
        ? '*'
        : {},
    conditions: Object.entries(isRecord(Condition) ? Condition : {}).flatMap(([operator, keys]) =>
      Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({
        operator,
        key: key.toLowerCase(),
        values: texts(values),
      })),
    ),
    fields: Object.keys(statement),
  };
}

/**
 * Whether statements allow an action on a resource, of which the ARN is given or, of a whole bucket's objects and the
 * like, a pattern. A denial counts when nothing conditions it.
 */
export function allows(statements: readonly PolicyStatement[], action: string, arn: string): boolean {
  const fits = ({ actions, resources }: PolicyStatement) =>
    actions.some((one) => fitsPattern(one, action)) && resources.some((one) => fitsPattern(one, arn));
  const fitting = statements.filter(fits);
  return (
    fitting.some(({ effect }) => effect === 'Allow') &&
    !fitting.some(({ effect, conditions }) => effect === 'Deny' && conditions.length === 0)
  );
}

/** All values that a key is compared with. */
export function valuesOf(conditions: readonly Condition[], key: string): readonly string[] {
  return conditions.filter((one) => one.key === key).flatMap(({ values }) => values);
}

/** Whether a value fits a pattern with IAM's `*` and `?`. */
export function fitsPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}
