import { broken, type Breakage, type Draft } from './broken.fixture.ts';

const ALARM = 'aws_cloudwatch_metric_alarm';
const LATE = 'observability_iterator-age-stream-dispatcher_alarm';
const alarm = (stack: Draft) => stack.at(ALARM, LATE);
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orderstream-local-alarms';

const rings = broken('alarms watch something and tell somebody');
const shows = broken('dashboards and queries show what is there');
const isOn = broken('everything is switched on');

const STUCK = 'observability_orders-stuck_alarm';
const LETTERS = 'observability_dead-letters_alarm';
const PAYMENTS = 'observability_payment-failures_alarm';
const BOARD = 'aws_cloudwatch_dashboard';
const DASHBOARD = 'observability_dashboard';
const MAPPING = 'aws_lambda_event_source_mapping';

/** Replaces something in the dashboard's body. */
function redraw(stack: Draft, from: string, to: string): void {
  const dashboard = stack.at(BOARD, DASHBOARD);
  const before = String(dashboard['dashboard_body']);
  if (!before.includes(from)) throw new Error(`the dashboard has no ${from}`);
  dashboard['dashboard_body'] = before.replace(from, to);
}

/** Lets one statement of the topic's policy go: that of CloudWatch is the first, that of the budget the second. */
function silence(stack: Draft, service: string): void {
  stack.statements(['aws_sns_topic_policy', 'observability_topic_policy'], (all) =>
    all.filter(({ Principal }) => !JSON.stringify(Principal).includes(service)),
  );
}

/** Ways in which nobody would hear of it. */
export const BROKEN_WATCH: readonly Breakage[] = [
  rings(
    'an alarm watches a function that is not there',
    (stack) => {
      alarm(stack)['dimensions'] = { FunctionName: 'orderstream-local-dispatcher' };
    },
    `${ALARM}.${LATE}: watches FunctionName orderstream-local-dispatcher, which is not in the stack`,
  ),
  rings(
    'an alarm tells nobody',
    (stack) => {
      alarm(stack)['alarm_actions'] = [];
    },
    `${ALARM}.${LATE}: tells nobody`,
  ),
  rings(
    'an alarm tells a topic that does not take it',
    (stack) => {
      alarm(stack)['alarm_name'] = 'iterator-age';
    },
    `${ALARM}.${LATE}: may not tell ${TOPIC}`,
  ),
  rings(
    'the budget may not tell the topic',
    (stack) => silence(stack, 'budgets'),
    `aws_budgets_budget.observability_budget: may not tell ${TOPIC}`,
    `aws_budgets_budget.observability_budget: may not tell ${TOPIC}`,
  ),
  rings(
    'an alarm does not say where it is written what to do',
    (stack) => {
      alarm(stack)['alarm_description'] = 'Orders start late.';
    },
    `${ALARM}.${LATE}: names no runbook`,
  ),
  rings(
    'an alarm does not say what it means when nothing is measured',
    (stack) => {
      delete alarm(stack)['treat_missing_data'];
    },
    `${ALARM}.${LATE}: does not say what missing data means`,
  ),
  rings(
    'an alarm watches a metric that no function writes',
    (stack) => {
      stack.at(ALARM, STUCK)['metric_name'] = 'OrdersReportedd';
    },
    `${ALARM}.${STUCK}: watches Orderstream/local OrdersReportedd of sweep-orders, which nothing measures`,
  ),
  rings(
    'an alarm watches a metric that another function writes',
    (stack) => {
      stack.at(ALARM, STUCK)['dimensions'] = { service: 'stream-dispatcher' };
    },
    `${ALARM}.${STUCK}: watches Orderstream/local OrdersReported of stream-dispatcher, which nothing measures`,
  ),
  rings(
    'an alarm watches a namespace that no function writes to',
    (stack) => {
      stack.at(ALARM, STUCK)['namespace'] = 'Orderstream';
    },
    `${ALARM}.${STUCK}: watches Orderstream OrdersReported of sweep-orders, which nothing measures`,
  ),
  rings(
    'an alarm watches a metric that AWS does not have',
    (stack) => {
      alarm(stack)['metric_name'] = 'IteratorAges';
    },
    `${ALARM}.${LATE}: watches AWS/Lambda IteratorAges of orderstream-local-stream-dispatcher, which nothing measures`,
  ),
  rings(
    'an alarm watches by a dimension of another metric',
    (stack) => {
      alarm(stack)['dimensions'] = { TableName: 'orderstream-local-orders' };
    },
    `${ALARM}.${LATE}: watches AWS/Lambda IteratorAge of orderstream-local-orders, which nothing measures`,
  ),
  rings(
    'an alarm watches all queues at once',
    (stack) => {
      delete stack.at(ALARM, LETTERS)['dimensions'];
    },
    `${ALARM}.${LETTERS}: watches AWS/SQS ApproximateNumberOfMessagesVisible, which nothing measures`,
  ),
  rings(
    'one of the metrics that an alarm adds up is written by nobody',
    (stack) => {
      const payments = stack.at(ALARM, PAYMENTS);
      payments['metric_query'] = JSON.parse(
        JSON.stringify(payments['metric_query']).replace('"PaymentGatewayUnavailable"', '"Unavailable"'),
      );
    },
    `${ALARM}.${PAYMENTS}: watches Orderstream/local Unavailable of process-payment, which nothing measures`,
  ),
  rings(
    'there are no alarms',
    (stack) => {
      stack.empty(ALARM);
      stack.remove(BOARD, DASHBOARD);
      stack.add(BOARD, 'other', { dashboard_name: 'other', dashboard_body: '{"widgets":[]}' });
    },
    `${ALARM}: there is none`,
  ),
  isOn(
    'an alarm is muted',
    (stack) => {
      alarm(stack)['actions_enabled'] = false;
    },
    `${ALARM}.${LATE}: is muted`,
  ),
  isOn(
    'a function is let run not even once at a time',
    (stack) => {
      stack.at('aws_lambda_function', 'sweep_sweep-orders_function')['reserved_concurrent_executions'] = 0;
    },
    'aws_lambda_function.sweep_sweep-orders_function: is never run',
  ),
  isOn(
    'a mapping brings nothing',
    (stack) => {
      stack.at(MAPPING, 'readers_activity')['enabled'] = false;
    },
    `${MAPPING}.readers_activity: is switched off`,
  ),
  ...[['state', 'DISABLED'] as const, ['is_enabled', false] as const].map(([argument, off]) =>
    isOn(
      `nothing sweeps, because of ${argument}`,
      (stack) => {
        stack.at('aws_cloudwatch_event_rule', 'sweep_schedule')[argument] = off;
      },
      'aws_cloudwatch_event_rule.sweep_schedule: is switched off',
    ),
  ),
  isOn(
    'a deployment takes back what somebody paused',
    (stack) => {
      delete stack.at(MAPPING, 'dispatcher_orders')['lifecycle'];
    },
    `${MAPPING}.dispatcher_orders: is switched on again by the next deployment`,
  ),
  shows('there is no dashboard', (stack) => stack.remove(BOARD, DASHBOARD), `${BOARD}: there is none`),
  shows(
    'the dashboard shows a metric that no function writes',
    (stack) => redraw(stack, '"DispatchLag"', '"DispatchLags"'),
    `${BOARD}.${DASHBOARD}: shows Orderstream/local DispatchLags of stream-dispatcher, which nothing measures`,
  ),
  shows(
    'the dashboard shows an API that is not there',
    (stack) => {
      const api = stack.reference('aws_apigatewayv2_api', 'staff_http_api', 'id');
      redraw(stack, `"ApiId","${api}"`, '"ApiId","gone"');
    },
    `${BOARD}.${DASHBOARD}: shows ApiId gone, which is not in the stack`,
  ),
  shows(
    'a saved query searches a log that is not there',
    (stack) => {
      stack.at('aws_cloudwatch_query_definition', 'observability_query-sweeps')['log_group_names'] = [
        '/aws/lambda/gone',
      ];
    },
    'aws_cloudwatch_query_definition.observability_query-sweeps: searches /aws/lambda/gone, which is no log group',
  ),
];
