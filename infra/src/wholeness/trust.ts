import { fault, type Fault, type Rule } from './finding.ts';
import { statementsIn, valuesOf } from './policy.ts';
import { ACCOUNT } from './physical.ts';
import { text, type Resource } from './document.ts';
import type { Stack } from './stack-view.ts';

/**
 * Services that say for whom they take a role, with the keys that a trust policy then compares.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
 * states: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 * scheduler: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
const SAYS_FOR_WHOM = [
  { key: 'aws:sourceaccount', whose: 'this account', isOurs: (_: Stack, value: string) => value === ACCOUNT },
  {
    key: 'aws:sourcearn',
    whose: 'this stack',
    isOurs: (stack: Stack, value: string) => stack.withArn(value) !== undefined,
  },
];

/**
 * Services that do not, and why their roles are safe all the same. With a condition on what is never said, such a role
 * could never be taken.
 *
 * lambda: `aws:SourceArn` is compared only where a function is what is called, says
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html, and no page says that Lambda sends
 * either key when it takes an execution role. Nobody else's function can have the role: it is passed to a function by
 * somebody of the role's own account only, with `iam:PassRole` on it,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const SAYS_NOTHING: readonly string[] = ['lambda.amazonaws.com'];

/** A role is taken by one service, and for this account's resource alone where the service says for whom it acts. */
export const trust: Rule = {
  name: 'roles trust one service',
  check: (stack) => stack.ofType('aws_iam_role').flatMap((role) => faultsOf(stack, role)),
};

function faultsOf(stack: Stack, role: Resource): readonly Fault[] {
  const [statement, ...others] = statementsIn(stack.render(text(role.arguments['assume_role_policy'])));
  const { Service: services = [], ...otherKinds } =
    statement === undefined || statement.principals === '*' ? {} : statement.principals;
  const [service] = services;
  if (
    statement === undefined ||
    service === undefined ||
    others.length + Object.keys(otherKinds).length > 0 ||
    services.length > 1
  ) {
    return [
      fault(
        role,
        'assume_role_policy does not name exactly one service',
        'Write one statement with one service.',
      ),
    ];
  }
  if (statement.effect !== 'Allow' || statement.actions.join() !== 'sts:AssumeRole') {
    return [
      fault(role, `assume_role_policy allows ${statement.actions.join()}`, 'Allow sts:AssumeRole alone.'),
    ];
  }
  const { conditions } = statement;
  if (SAYS_NOTHING.includes(service)) {
    return conditions.length === 0
      ? []
      : [
          fault(
            role,
            `${service} has to satisfy ${conditions.map(({ key }) => key).join(', ')}`,
            'Take out what it never says.',
          ),
        ];
  }
  return SAYS_FOR_WHOM.filter(({ key, isOurs }) => {
    const values = valuesOf(conditions, key);
    return values.length === 0 || !values.every((value) => isOurs(stack, value));
  }).map(({ key, whose }) =>
    fault(role, `${service} may take it without ${key} of ${whose}`, `Compare ${key}, too.`),
  );
}
