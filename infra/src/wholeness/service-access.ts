import { fitsPattern } from './policy.ts';
import type { Stack } from './stack-view.ts';

/** What a service acts for: a rule, a bucket, an API. */
export interface Source {
  readonly service: string;
  readonly arn: string;
}

/**
 * Whether the policy of a queue or a topic, or the permission of a function, lets a service in for this source. A
 * permission is for the alias that it names, or for the function where it names none, and not for both.
 */
export function serviceMaySend(stack: Stack, source: Source, arn: string): boolean {
  const called = stack.functionAt(arn);
  return called === undefined ? policyLetsIn(stack, source, arn) : mayCall(stack, source, called.arn);
}

function policyLetsIn(stack: Stack, { service, arn: sourceArn }: Source, arn: string): boolean {
  const send = arn.startsWith('arn:aws:sns:') ? 'sns:Publish' : 'sqs:SendMessage';
  return stack.policies
    .filter(({ kind }) => kind === 'resource')
    .flatMap(({ statements }) => statements)
    .some(
      ({ effect, actions, resources, principals, conditions }) =>
        effect === 'Allow' &&
        actions.includes(send) &&
        resources.includes(arn) &&
        principals !== '*' &&
        principals['Service']?.includes(service) === true &&
        conditions
          .filter(({ key }) => key === 'aws:sourcearn')
          .every(({ values }) => values.some((pattern) => fitsPattern(pattern, sourceArn))),
    );
}

function mayCall(stack: Stack, { service, arn: sourceArn }: Source, calledArn: string): boolean {
  return stack.ofType('aws_lambda_permission').some(({ arguments: given }) => {
    const named = stack.functionAt(given['function_name'])?.arn ?? '';
    const permitted =
      given['qualifier'] === undefined ? named : `${named}:${stack.render(given['qualifier'])}`;
    return (
      permitted === calledArn &&
      given['principal'] === service &&
      fitsPattern(stack.render(given['source_arn']), sourceArn)
    );
  });
}
