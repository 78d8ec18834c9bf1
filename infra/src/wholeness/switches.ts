import { block, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { allows } from './policy.ts';
import type { Stack } from './stack-view.ts';

/** With this a role pauses a mapping. */
const SWITCH = 'lambda:UpdateEventSourceMapping';

/** By type, whether a resource is there and does nothing, and what to say of it. */
const OFF: Readonly<Record<string, (one: Resource['arguments']) => string | undefined>> = {
  aws_cloudwatch_metric_alarm: ({ actions_enabled }) => (isNo(actions_enabled) ? 'is muted' : undefined),
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
  aws_lambda_function: ({ reserved_concurrent_executions }) =>
    Number(reserved_concurrent_executions ?? 1) === 0 ? 'is never run' : undefined,
  aws_lambda_event_source_mapping: ({ enabled }) => (isNo(enabled) ? 'is switched off' : undefined),
  // The provider has both; `is_enabled` is the older one.
  aws_cloudwatch_event_rule: ({ state, is_enabled }) =>
    state === 'DISABLED' || isNo(is_enabled) ? 'is switched off' : undefined,
};

/** What is deployed does its work, and what people may switch off meanwhile stays as they left it. */
export const switches: Rule = {
  name: 'everything is switched on',
  check: (stack) => [
    ...stack.ofType(...Object.keys(OFF)).flatMap((one) => {
      const problem = OFF[one.type]?.(one.arguments);
      return problem === undefined
        ? []
        : [fault(one, problem, 'Leave it on: what is not wanted is left out.')];
    }),
    ...undone(stack),
  ],
};

/** Terraform switches a mapping on again that was paused, unless it is told to leave that alone. */
function undone(stack: Stack): readonly Fault[] {
  const switched = stack.policies
    .filter(({ kind }) => kind === 'identity')
    .map(({ statements }) => statements)
    .filter((statements) => statements.some(({ actions }) => actions.includes(SWITCH)));
  return stack
    .ofType('aws_lambda_event_source_mapping')
    .filter((mapping) => switched.some((statements) => allows(statements, SWITCH, stack.arnOf(mapping))))
    .filter(({ arguments: given }) => !texts(block(given['lifecycle'])['ignore_changes']).includes('enabled'))
    .map((mapping) =>
      fault(
        mapping,
        'is switched on again by the next deployment',
        "Let lifecycle ignore changes of 'enabled'.",
      ),
    );
}

/** Terraform takes the word for the boolean, too. */
function isNo(value: unknown): boolean {
  return value === false || value === 'false';
}
