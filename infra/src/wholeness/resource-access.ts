import { text, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { ACCOUNT } from './physical.ts';
import { valuesOf, type Policy, type PolicyStatement } from './policy.ts';
import type { Stack } from './stack-view.ts';

/**
 * Whoever else may use a resource (send to a queue, call a function) is one service, for one thing of this account:
 * without that, somebody else's rule or bucket could make the service use it. A bucket's ARN says no account, so it
 * needs one beside it: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const resourceAccess: Rule = {
  name: 'resources let one service in, for one source',
  check: (stack) => [
    ...stack.policies
      // An endpoint's policy lets nobody in who is not let in by the role.
      .filter(({ kind, owner }) => kind === 'resource' && owner.type !== 'aws_vpc_endpoint')
      .flatMap((policy) =>
        policy.statements
          .filter(({ effect }) => effect === 'Allow')
          .flatMap((statement) => ofStatement(policy, statement)),
      ),
    ...stack.ofType('aws_lambda_permission').flatMap((permission) => ofPermission(stack, permission)),
  ],
};

function ofStatement(
  { owner, argument }: Policy,
  { principals, conditions }: PolicyStatement,
): readonly Fault[] {
  const kinds = principals === '*' ? ['*'] : Object.keys(principals);
  const services = principals === '*' ? [] : (principals['Service'] ?? []);
  if (kinds.join() !== 'Service' || services.length !== 1) {
    return [
      fault(
        owner,
        `${argument} does not let in exactly one service`,
        'Write one statement for each service.',
      ),
    ];
  }
  const sources = valuesOf(conditions, 'aws:sourcearn');
  const accounts = valuesOf(conditions, 'aws:sourceaccount');
  return sourceFaults(owner, services.join(), sources, accounts);
}

function ofPermission(stack: Stack, permission: Resource): readonly Fault[] {
  const { principal, source_arn, source_account, action } = permission.arguments;
  if (action !== 'lambda:InvokeFunction') {
    return [fault(permission, `action is ${text(action)}`, 'Allow lambda:InvokeFunction alone.')];
  }
  if (!/^[a-z0-9-]+\.amazonaws\.com$/.test(text(principal))) {
    return [fault(permission, `principal is ${text(principal)}`, 'Name the service that calls.')];
  }
  const given = (value: unknown) => (value === undefined ? [] : [stack.render(value)]);
  return sourceFaults(permission, text(principal), given(source_arn), given(source_account));
}

function sourceFaults(
  owner: Resource,
  service: string,
  sources: readonly string[],
  accounts: readonly string[],
): readonly Fault[] {
  if (sources.length === 0) {
    return [
      fault(owner, `${service} may use it for any source`, 'Name the source: its ARN in aws:SourceArn.'),
    ];
  }
  const isOurs = accounts.join() === ACCOUNT || sources.every((arn) => arn.split(':')[4] === ACCOUNT);
  return isOurs
    ? []
    : [
        fault(
          owner,
          `${service} may use it for ${sources.join(', ')} of any account`,
          'Name the account, too: aws:SourceAccount.',
        ),
      ];
}
