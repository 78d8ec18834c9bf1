import { block, blocks, text, type Resource } from './document.ts';
import { failureFaults } from './failures.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { serviceMaySend } from './service-access.ts';
import type { Stack } from './stack-view.ts';

const EVENTS = 'events.amazonaws.com';

/** What a rule matches arrives: its target lets the rule in, and so does the queue of what can't be delivered. */
export const targets: Rule = {
  name: 'rules may reach their targets',
  check: (stack) =>
    stack.ofType('aws_cloudwatch_event_target').flatMap((target) => targetFaults(stack, target)),
};

function targetFaults(stack: Stack, target: Resource): readonly Fault[] {
  const { arn, dead_letter_config } = target.arguments;
  const rule = ruleOf(stack, target);
  if (rule === undefined) {
    return [
      fault(
        target,
        `there is no rule ${text(target.arguments['rule'])} on its bus`,
        'Name a rule and its bus.',
      ),
    ];
  }
  const source = { service: EVENTS, arn: stack.arnOf(rule) };
  const letters = stack.render(block(dead_letter_config)['arn']);
  const called = stack.functionAt(arn);
  return [
    ...(serviceMaySend(stack, source, stack.render(arn))
      ? []
      : [
          fault(
            target,
            `${text(arn)} does not let ${rule.address} in`,
            'Give it a permission or a queue policy for the rule.',
          ),
        ]),
    ...(serviceMaySend(stack, source, letters)
      ? []
      : [
          fault(
            target,
            `what can't be delivered is lost: ${letters === '' ? 'no dead_letter_config' : `${letters} does not let the rule in`}`,
            'Name a queue, with a policy for the rule.',
          ),
        ]),
    // A function that a rule calls answers nobody: what it gives up needs a place.
    ...(called === undefined ? [] : invocationFaults(stack, target, called.arn)),
  ];
}

function ruleOf(stack: Stack, target: Resource): Resource | undefined {
  const busOf = (one: Resource) => stack.render(one.arguments['event_bus_name']) || 'default';
  return stack
    .ofType('aws_cloudwatch_event_rule')
    .find(
      (rule) =>
        stack.nameOf(rule) === stack.render(target.arguments['rule']) && busOf(rule) === busOf(target),
    );
}

/** The settings of an alias' invocations are its own: those of the function do not count for it. */
function invocationFaults(stack: Stack, target: Resource, calledArn: string): readonly Fault[] {
  const settings = stack.ofType('aws_lambda_function_event_invoke_config').find((one) => {
    const { function_name, qualifier } = one.arguments;
    const named = stack.functionAt(function_name)?.arn;
    return (qualifier === undefined ? named : `${named ?? ''}:${stack.render(qualifier)}`) === calledArn;
  });
  const called = stack.functionAt(calledArn);
  if (settings === undefined || called === undefined) {
    return [
      fault(
        target,
        `what ${calledArn} gives up is lost`,
        'Give exactly that function or alias an event invoke config.',
      ),
    ];
  }
  const { destination } = block(block(settings.arguments['destination_config'])['on_failure']);
  return failureFaults(stack, settings, called, destination);
}

/** A bucket may tell the queues and functions that it notifies. */
export const notifications: Rule = {
  name: 'buckets may tell of their objects',
  check: (stack) =>
    stack.ofType('aws_s3_bucket_notification').flatMap((notification) => {
      const { bucket, queue, lambda_function } = notification.arguments;
      const source = { service: 's3.amazonaws.com', arn: `arn:aws:s3:::${stack.render(bucket)}` };
      return [
        ...blocks(queue).map(({ queue_arn }) => queue_arn),
        ...blocks(lambda_function).map(({ lambda_function_arn }) => lambda_function_arn),
      ]
        .filter((arn) => !serviceMaySend(stack, source, stack.render(arn)))
        .map((arn) =>
          fault(notification, `${text(arn)} does not let the bucket in`, 'Give it a policy for the bucket.'),
        );
    }),
};
