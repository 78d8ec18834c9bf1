import { block, blocks, parsed, texts, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { metricFaults, type NamedMetric } from './metrics.ts';
import type { Stack } from './stack-view.ts';

const DASHBOARD = 'aws_cloudwatch_dashboard';

/** What is shown and searched is there: a dashboard, its metrics, the logs of saved queries. */
export const dashboards: Rule = {
  name: 'dashboards and queries show what is there',
  check: (stack) => [
    ...(stack.ofType(DASHBOARD).length === 0
      ? [fault({ address: DASHBOARD }, 'there is none', 'Add the dashboard.')]
      : []),
    ...stack
      .ofType(DASHBOARD)
      .flatMap((dashboard) =>
        metricsOf(stack, dashboard).flatMap((metric) => metricFaults(stack, dashboard, 'shows', metric)),
      ),
    ...stack.ofType('aws_cloudwatch_query_definition').flatMap((query) => logFaults(stack, query)),
  ],
};

function metricsOf(stack: Stack, dashboard: Resource): readonly NamedMetric[] {
  const { widgets } = block(parsed(stack.render(dashboard.arguments['dashboard_body'])));
  return blocks(widgets)
    .flatMap(({ properties }) => block(properties)['metrics'] ?? [])
    .map((metric) => named(metric));
}

/**
 * A metric is written `[namespace, name, dimension, value, …, {options}]`:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
function named(metric: unknown): NamedMetric {
  const [namespace = '', name = '', ...rest] = texts(metric);
  const pairs = rest.flatMap((dimension, index) =>
    index % 2 === 0 ? [[dimension, rest[index + 1] ?? ''] as const] : [],
  );
  return { namespace, name, dimensions: Object.fromEntries(pairs) };
}

function logFaults(stack: Stack, query: Resource): readonly Fault[] {
  const groups = stack.ofType('aws_cloudwatch_log_group').map((group) => stack.nameOf(group));
  return texts(query.arguments['log_group_names'])
    .filter((name) => !groups.includes(stack.render(name)))
    .map((name) => fault(query, `searches ${name}, which is no log group`, 'Name one of the stack.'));
}
