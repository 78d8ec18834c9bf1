import { fault, type Rule } from './finding.ts';

/**
 * Operators that hold only where the request says one of the values. A negated one, `…IfExists` and `ForAllValues:` hold
 * where it says nothing, too: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const COMPARES: readonly string[] = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'];

/** Keys that are compared in another way. */
const COMPARED_BY: Readonly<Record<string, readonly string[]>> = {
  'aws:securetransport': ['Bool'],
  // Reads and writes of items always say their keys, of which there may be many:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
  'dynamodb:leadingkeys': ['ForAllValues:StringLike'],
};

/** A condition means what it seems to: the other rules read its keys and values, and take them for what is demanded. */
export const conditions: Rule = {
  name: 'conditions demand what they name',
  check: (stack) =>
    stack.policies.flatMap(({ owner, statements }) =>
      statements
        .flatMap((statement) => statement.conditions)
        .filter(({ operator, key }) => !(COMPARED_BY[key] ?? COMPARES).includes(operator))
        .map(({ operator, key }) =>
          fault(
            owner,
            `compares ${key} with ${operator}`,
            `Compare it with ${(COMPARED_BY[key] ?? COMPARES).join(', ')}.`,
          ),
        ),
    ),
};
