import { arnPattern, type Matcher, wildcard } from './pattern.ts';

/** The condition key with the partition keys of a call's items. */
export const LEADING_KEYS = 'dynamodb:LeadingKeys';

/**
 * The condition keys that are known here, in lower case (the case of a key counts for nothing), and their names:
 *
 * - `aws:SourceAccount`, `aws:SourceArn`: for whom a service calls. Only a call that a service makes itself has them.
 * - `aws:SecureTransport`: true for every call, since what is on this machine stands for an encrypted connection.
 * - `lambda:SourceFunctionArn`: the function whose code calls. Only a call with a function's own credentials has it.
 * - `dynamodb:LeadingKeys`: the partition keys of the items that a call names. It has several values, so that only the
 *   operators `ForAllValues:…` take it. A scan has none, and passes: AWS lets it, too.
 *
 * Source for the last: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const KEYS = {
  'aws:sourceaccount': 'aws:SourceAccount',
  'aws:sourcearn': 'aws:SourceArn',
  'aws:securetransport': 'aws:SecureTransport',
  'lambda:sourcefunctionarn': 'lambda:SourceFunctionArn',
  'dynamodb:leadingkeys': LEADING_KEYS,
} as const;

type ConditionKey = (typeof KEYS)[keyof typeof KEYS];

/** What is known of a call beside its caller, action and resource. A key that the call does not have is left out. */
export type CallContext = Readonly<
  Partial<Record<Exclude<ConditionKey, typeof LEADING_KEYS>, string>> & {
    [LEADING_KEYS]?: readonly string[];
  }
>;

/** Whether a call fulfils conditions. */
export type Condition = (context: CallContext) => boolean;

/** How an operator compares with one of the policy's values. */
const OPERATORS: Readonly<Record<string, (value: string) => Matcher>> = {
  StringEquals: (value) => (given) => given === value,
  // ArnEquals and ArnLike are the same, wildcards included.
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
  Bool: (value) => (given) => given.toLowerCase() === value.toLowerCase(),
  StringLike: wildcard,
};

/** Before an operator: each value that the call has must fit; a call that has none fits. */
const FOR_ALL = 'ForAllValues:';

/** A statement's `Condition`: operator, key and values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Compiles conditions: every operator and key must be fulfilled, each by one of its values; a key that the call does not
 * have fulfils none.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 *
 * @param problems takes a sentence for each operator and key that is not known here.
 */
export function compileConditions(block: ConditionBlock, problems: string[]): Condition {
  const tests: Condition[] = [];
  for (const [written, keys] of Object.entries(block)) {
    const ofAll = written.startsWith(FOR_ALL);
    const operator = ofAll ? written.slice(FOR_ALL.length) : written;
    const compare = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (!compare) {
      problems.push(notKnown(`condition operator "${written}"`, Object.keys(OPERATORS)));
      continue;
    }
    for (const [name, values] of Object.entries(keys)) {
      const key = keyNamed(name);
      if (key === undefined) {
        problems.push(notKnown(`condition key "${name}"`, Object.values(KEYS)));
        continue;
      }
      if (ofAll !== (key === LEADING_KEYS)) {
        problems.push(
          `"${written}" with "${name}" is not evaluated here. ${FOR_ALL}… goes with ${LEADING_KEYS}`,
        );
        continue;
      }
      const matchers = values.map(compare);
      const fits = (given: string) => matchers.some((matches) => matches(given));
      tests.push((context) => {
        const given = context[key];
        if (typeof given === 'string') return fits(given);
        return given === undefined ? ofAll : given.every(fits);
      });
    }
  }
  return (context) => tests.every((test) => test(context));
}

/** Whether this is how a policy may write {@link LEADING_KEYS}. */
export function isLeadingKeys(name: string): boolean {
  return keyNamed(name) === LEADING_KEYS;
}

function keyNamed(name: string): ConditionKey | undefined {
  const lower = name.toLowerCase();
  return Object.entries(KEYS).find(([known]) => known === lower)?.[1];
}

function notKnown(what: string, known: readonly string[]): string {
  return `${what} is not evaluated here. Known are ${known.join(', ')}`;
}
