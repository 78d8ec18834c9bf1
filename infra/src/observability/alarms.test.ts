import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  DEV,
  PROD,
  resourcesOf,
  synthesize,
  type Arguments,
  type Synthesized,
} from '../testing/synthesized.ts';
import { RUNBOOKS } from './alarm.ts';

const FREE = { ORDERSTREAM_PRESET: 'free-tier' };
const stack = synthesize();
const free = synthesize(FREE);

const OPERATING = new URL('../../../docs/operating/', import.meta.url);

const alarmsIn = (one: Synthesized): readonly Arguments[] =>
  Object.values(resourcesOf(one, 'aws_cloudwatch_metric_alarm'));
const namesIn = (one: Synthesized) =>
  alarmsIn(one).map(({ alarm_name }) => String(alarm_name).replace('orderstream-local-', ''));

/** Metrics that an alarm watches: it is billed by them. */
function metricsIn(alarm: Arguments): readonly Arguments[] {
  const queries = alarm['metric_query'] as readonly Arguments[] | undefined;
  if (queries === undefined) return [alarm];
  return queries.flatMap(({ metric }) => (metric === undefined ? [] : [metric as Arguments]));
}

describe.each([
  ['standard', stack],
  ['free-tier', free],
])('each alarm in the preset %s', (_preset, one) => {
  it.each(alarmsIn(one).map((alarm) => [String(alarm['alarm_name']), alarm] as const))(
    '%s',
    (name, alarm) => {
      const topics = Object.keys(resourcesOf(one, 'aws_sns_topic'));
      const told = [`\${aws_sns_topic.${topics.join()}.arn}`];

      expect(alarm).toMatchObject({
        alarm_actions: told,
        ok_actions: told,
        treat_missing_data: name.endsWith('-sweeps-missing') ? 'breaching' : 'notBreaching',
      });
      const description = String(alarm['alarm_description']);
      expect(description.length).toBeLessThanOrEqual(1024);
      const [, runbook = ''] = /\. Runbook: docs\/operating\/([a-z-]+\.md)$/.exec(description) ?? [];
      expect(existsSync(new URL(runbook, OPERATING)) && runbook).toBe(runbook || 'a runbook');
      expect(metricsIn(alarm).length).toBeLessThanOrEqual(10);
    },
  );
});

it('there is one for each way in which orders come to harm', () => {
  expect(namesIn(stack).sort()).toEqual([
    ...['api-errors-customers', 'api-errors-staff', 'dead-letters', 'dispatch-paused', 'failed-executions'],
    ...['archive-changes', 'index-products', 'notify-customer', 'refresh-cache'].map(
      (app) => `function-errors-${app}`,
    ),
    ...['stream-dispatcher', 'track-activity', 'track-sales'].map((app) => `function-errors-${app}`),
    'index-products-dead-letters',
    ...['archive-changes', 'stream-dispatcher', 'track-activity'].map((app) => `iterator-age-${app}`),
    ...['notify-customer-dead-letters', 'orders-stuck', 'payment-failures', 'refresh-cache-dead-letters'],
    ...['sweep-orders-dead-letters', 'sweeps-missing', 'throttles', 'track-sales-dead-letters'],
  ]);
});

it('the payment provider’s is about a provider that does not answer and one that refuses, not about declines', () => {
  const alarm = alarmsIn(stack).find(({ alarm_name }) => alarm_name === 'orderstream-local-payment-failures');

  expect(metricsIn(alarm ?? {}).map(({ metric_name }) => metric_name)).toEqual([
    'PaymentGatewayUnavailable',
    'PaymentRefusedByProvider',
  ]);
});

it('in the free tier they watch the ten metrics that are always free', () => {
  expect(alarmsIn(free).flatMap(metricsIn)).toHaveLength(10);
  expect(namesIn(free).sort()).toEqual([
    ...['api-errors-customers', 'dead-letters', 'dispatch-paused', 'failed-executions'],
    ...['iterator-age-stream-dispatcher', 'notify-customer-dead-letters', 'orders-stuck'],
    ...['sweeps-missing', 'throttles', 'track-sales-dead-letters'],
  ]);
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
it.each([DEV, PROD])(
  'Lambda drops no line that brings a metric of our own: without a level it counts as INFO',
  (variables) => {
    const levels = Object.values(resourcesOf(synthesize(variables), 'aws_lambda_function')).map(
      ({ logging_config }) => Object(logging_config).application_log_level,
    );

    expect(new Set(levels)).toEqual(new Set(['INFO']));
  },
);

it('no environment rings for another one’s metrics of our own', () => {
  const namespaces = (variables: Readonly<Record<string, string>>) =>
    new Set(
      alarmsIn(synthesize(variables))
        .flatMap(metricsIn)
        .map(({ namespace }) => String(namespace))
        .filter((namespace) => namespace.startsWith('Orderstream')),
    );

  expect([...namespaces(DEV), ...namespaces(PROD)]).toEqual(['Orderstream/dev', 'Orderstream/prod']);
});

it('the rate of a function’s errors is in percent of its invocations', () => {
  const alarm = alarmsIn(stack).find(
    ({ alarm_name }) => alarm_name === 'orderstream-local-function-errors-track-sales',
  );

  expect(alarm).toMatchObject({ threshold: 10, evaluation_periods: 3, datapoints_to_alarm: 2 });
  expect(alarm?.['metric_query']).toMatchObject([
    { id: 'failed', metric: { namespace: 'AWS/Lambda', metric_name: 'Errors', stat: 'Sum', period: 300 } },
    { id: 'all', metric: { namespace: 'AWS/Lambda', metric_name: 'Invocations', stat: 'Sum', period: 300 } },
    { id: 'share', expression: '100 * failed / all', return_data: true },
  ]);
});

it.each([
  ['standard', stack],
  ['free-tier', free],
])('in the preset %s, three quarters of an hour without a whole sweep are told', (_, one) => {
  const alarm = alarmsIn(one).find(({ alarm_name }) => alarm_name === 'orderstream-local-sweeps-missing');

  expect(alarm).toMatchObject({
    ...{ metric_name: 'Sweeps', dimensions: { service: 'sweep-orders' }, statistic: 'Sum', period: 900 },
    ...{ comparison_operator: 'LessThanThreshold', threshold: 1, treat_missing_data: 'breaching' },
    ...{ evaluation_periods: 3, datapoints_to_alarm: 3 },
  });
});

it('throttles are those of the whole account, whose functions share its concurrency', () => {
  const alarm = alarmsIn(stack).find(({ alarm_name }) => alarm_name === 'orderstream-local-throttles');

  expect(alarm).toMatchObject({ namespace: 'AWS/Lambda', metric_name: 'Throttles' });
  expect(alarm).not.toHaveProperty('dimensions');
});

it('where runbooks are read on the web, each alarm links to its own there', () => {
  const url = 'https://git.example.com/shop/docs/operating';
  const descriptions = alarmsIn(synthesize({ ORDERSTREAM_RUNBOOKS_URL: url })).map(({ alarm_description }) =>
    String(alarm_description),
  );

  for (const description of descriptions) expect(description).toContain(`Runbook: ${url}/`);
});

describe('docs/operating', () => {
  const readme = readFileSync(new URL('README.md', OPERATING), 'utf8');
  const pages = readdirSync(OPERATING).filter((file) => file !== 'README.md');

  it.each(RUNBOOKS)('has the runbook %s, in the list of alarms', (runbook) => {
    expect(pages).toContain(`${runbook}.md`);
    expect(readme).toMatch(new RegExp(`^\\|.*\\]\\(${runbook}\\.md\\)`, 'm'));
  });

  it.each(pages)('names %s in its README', (page) => {
    expect(readme).toContain(`](${page})`);
  });

  it.each(['README.md', ...pages])('%s links to pages that there are', (page) => {
    const text = readFileSync(new URL(page, OPERATING), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)[^):]*\)/g)].map(
      ([, link = '']) => new URL(link, OPERATING),
    );

    expect(links.filter((file) => !existsSync(file)).map(String)).toEqual([]);
  });
});
