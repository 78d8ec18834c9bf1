import { block, blocks, text, texts, type Resource } from './document.ts';
import { isThere } from './dimensions.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { serviceMaySend } from './service-access.ts';
import type { Stack } from './stack-view.ts';

/** An alarm watches something that is there, reaches somebody, and says where it is written what to do. */
export const alarms: Rule = {
  name: 'alarms watch something and tell somebody',
  check: (stack) => [
    ...stack
      .ofType('aws_cloudwatch_metric_alarm')
      .flatMap((alarm) => [
        ...dimensionFaults(stack, alarm),
        ...actionFaults(stack, alarm, 'cloudwatch.amazonaws.com', alarm.arguments['alarm_actions']),
        ...textFaults(alarm),
      ]),
    ...stack
      .ofType('aws_budgets_budget')
      .flatMap((budget) =>
        blocks(budget.arguments['notification']).flatMap(({ subscriber_sns_topic_arns }) =>
          actionFaults(stack, budget, 'budgets.amazonaws.com', subscriber_sns_topic_arns),
        ),
      ),
  ],
};

function dimensionFaults(stack: Stack, alarm: Resource): readonly Fault[] {
  const { dimensions, metric_query } = alarm.arguments;
  const all = [dimensions, ...blocks(metric_query).map(({ metric }) => block(metric)['dimensions'])];
  return all
    .flatMap((one) => Object.entries(block(one)))
    .filter(([name, value]) => !isThere(stack, name, text(value)))
    .map(([name, value]) =>
      fault(alarm, `watches ${name} ${text(value)}, which is not in the stack`, 'Refer to what it watches.'),
    );
}

function actionFaults(stack: Stack, one: Resource, service: string, actions: unknown): readonly Fault[] {
  const topics = texts(actions).map((action) => stack.render(action));
  if (topics.length === 0) return [fault(one, 'tells nobody', 'Name the topic of alarms.')];
  const source = { service, arn: sourceOf(stack, one) };
  return topics
    .filter((topic) => !serviceMaySend(stack, source, topic))
    .map((topic) => fault(one, `may not tell ${topic}`, `Let ${service} publish to a topic of the stack.`));
}

function sourceOf(stack: Stack, one: Resource): string {
  const arn = stack.arnOf(one);
  const account = arn.split(':')[4] ?? '';
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
  return one.type === 'aws_budgets_budget' ? `arn:aws:budgets::${account}:budget/${stack.nameOf(one)}` : arn;
}

function textFaults(alarm: Resource): readonly Fault[] {
  return [
    ...(/Runbook: (https:\/\/\S+|docs\/operating)\/[a-z-]+\.md$/.test(
      text(alarm.arguments['alarm_description']),
    )
      ? []
      : [
          fault(
            alarm,
            'names no runbook',
            'End alarm_description with "Runbook: " and its page under docs/operating, or its address.',
          ),
        ]),
    ...(alarm.arguments['treat_missing_data'] === undefined
      ? [fault(alarm, 'does not say what missing data means', 'Set treat_missing_data.')]
      : []),
  ];
}
