import { isRecord, parsed, texts, blocks, type Arguments, type Resource } from './document.ts';

/** One statement of a policy; what stands alone in the JSON is a list here. */
export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `*` for everybody, else kind → names: `{ Service: ['events.amazonaws.com'] }`. */
  readonly principals: '*' | Readonly<Record<string, readonly string[]>>;
  /** Condition key, in lower case as IAM compares it → values; whatever the operator is. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
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
  /** The document as it is written. */
  readonly text: string;
}

const IDENTITY_POLICIES: readonly string[] = ['aws_iam_role_policy', 'aws_iam_policy'];

/** Every argument of a resource that is a policy document, whatever it is called. */
export function policiesOf(owner: Resource): readonly Policy[] {
  return Object.entries(owner.arguments).flatMap(([argument, value]): Policy[] => {
    const document = parsed(value);
    if (typeof value !== 'string' || !isRecord(document) || !('Statement' in document)) return [];
    return [{ owner, argument, kind: kindOf(owner, argument), text: value }];
  });
}

function kindOf({ type }: Resource, argument: string): PolicyKind {
  if (argument === 'assume_role_policy') return 'trust';
  return IDENTITY_POLICIES.includes(type) ? 'identity' : 'resource';
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
    conditions: new Map(
      blocks(isRecord(Condition) ? Object.values(Condition) : [])
        .flatMap((keys) => Object.entries(keys))
        .map(([key, values]) => [key.toLowerCase(), texts(values)]),
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
    !fitting.some(({ effect, conditions }) => effect === 'Deny' && conditions.size === 0)
  );
}

/** Whether a value fits a pattern with IAM's `*` and `?`. */
export function fitsPattern(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}
