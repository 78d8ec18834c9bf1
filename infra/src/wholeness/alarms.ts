import { block, blocks, text, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { metricFaults, type NamedMetric } from './metrics.ts';
import { serviceMaySend } from './service-access.ts';
import type { Stack } from './stack-view.ts';

const ALARM = 'aws_cloudwatch_metric_alarm';

/** There are alarms, and each watches something that is there, reaches somebody, and says where it is written what to do. */
export const alarms: Rule = {
  name: 'alarms watch something and tell somebody',
  check: (stack) => [
    ...(stack.ofType(ALARM).length === 0
      ? [fault({ address: ALARM }, 'there is none', 'Add the alarms.')]
      : []),
    ...stack
      .ofType(ALARM)
      .flatMap((alarm) => [
        ...metricsOf(alarm).flatMap((metric) => metricFaults(stack, alarm, 'watches', metric)),
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

/** The metric that an alarm names itself, or those that it puts together. */
function metricsOf(alarm: Resource): readonly NamedMetric[] {
  const queries = blocks(alarm.arguments['metric_query']).map(({ metric }) => block(metric));
  return [alarm.arguments, ...queries]
    .filter(({ metric_name }) => metric_name !== undefined)
    .map(({ namespace, metric_name, dimensions }) => ({
      namespace: text(namespace),
      name: text(metric_name),
      dimensions: Object.fromEntries(
        Object.entries(block(dimensions)).map(([dimension, value]) => [dimension, text(value)]),
      ),
    }));
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
