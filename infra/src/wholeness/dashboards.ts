import { block, blocks, parsed, texts, type Resource } from './document.ts';
import { isThere } from './dimensions.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** What is shown and searched is there: the dashboard's metrics, the logs of saved queries. */
export const dashboards: Rule = {
  name: 'dashboards and queries show what is there',
  check: (stack) => [
    ...stack.ofType('aws_cloudwatch_dashboard').flatMap((dashboard) => metricFaults(stack, dashboard)),
    ...stack.ofType('aws_cloudwatch_query_definition').flatMap((query) => logFaults(stack, query)),
  ],
};

function metricFaults(stack: Stack, dashboard: Resource): readonly Fault[] {
  const { widgets } = block(parsed(stack.render(dashboard.arguments['dashboard_body'])));
  return blocks(widgets)
    .flatMap(({ properties }) => block(properties)['metrics'])
    .flatMap((metric) => dimensionsOf(metric))
    .filter(([name, value]) => !isThere(stack, name, value))
    .map(([name, value]) =>
      fault(dashboard, `shows ${name} ${value}, which is not in the stack`, 'Refer to what it shows.'),
    );
}

/**
 * A metric is written `[namespace, name, dimension, value, …, {options}]`:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
function dimensionsOf(metric: unknown): readonly (readonly [name: string, value: string])[] {
  const [, , ...rest] = texts(metric);
  return rest.flatMap((name, index) => (index % 2 === 0 ? [[name, rest[index + 1] ?? ''] as const] : []));
}

function logFaults(stack: Stack, query: Resource): readonly Fault[] {
  const groups = stack.ofType('aws_cloudwatch_log_group').map((group) => stack.nameOf(group));
  return texts(query.arguments['log_group_names'])
    .filter((name) => !groups.includes(stack.render(name)))
    .map((name) => fault(query, `searches ${name}, which is no log group`, 'Name one of the stack.'));
}
