import { broken, type Breakage, type Draft } from './broken.fixture.ts';

const ALARM = 'aws_cloudwatch_metric_alarm';
const LATE = 'observability_iterator-age-stream-dispatcher_alarm';
const alarm = (stack: Draft) => stack.at(ALARM, LATE);
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orderstream-local-alarms';

const rings = broken('alarms watch something and tell somebody');
const shows = broken('dashboards and queries show what is there');

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
  shows(
    'the dashboard shows an API that is not there',
    (stack) => {
      const dashboard = stack.at('aws_cloudwatch_dashboard', 'observability_dashboard');
      const api = stack.reference('aws_apigatewayv2_api', 'staff_http_api', 'id');
      dashboard['dashboard_body'] = String(dashboard['dashboard_body']).replace(
        `"ApiId","${api}"`,
        '"ApiId","gone"',
      );
    },
    'aws_cloudwatch_dashboard.observability_dashboard: shows ApiId gone, which is not in the stack',
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
