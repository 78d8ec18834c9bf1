import type { Breakage, Draft, DraftStatement } from './broken.fixture.ts';

const long = (characters: number) => 'x'.repeat(characters);

/** A spare resource of the type, with this name: whatever else is wrong with it is of no account here. */
const isCalled = (type: string, name: string, argument = 'name'): Breakage => ({
  how: `${type} is called by ${name.length} characters, ${name.slice(0, 12)}`,
  rule: 'names stay within the limits of AWS',
  only: true,
  breaks: (stack) => stack.add(type, 'more', { [argument]: name }),
  found: [`${type}.more: is called ${JSON.stringify(name)}`],
});

const isTooLarge = (how: string, breaks: (stack: Draft) => void, found: string): Breakage => ({
  how,
  rule: 'sizes stay within the limits of AWS',
  only: true,
  breaks,
  found: [found],
});

/** Makes the first statement of a policy so many characters longer. */
const grow = (characters: number) => (statements: DraftStatement[]) =>
  statements.map((one, index) => (index === 0 ? { ...one, Sid: long(characters) } : one));

const LETTERS = 'consumers_track-sales_dead-letters-policy';
const ALARM = 'observability_iterator-age-stream-dispatcher_alarm';

/** Adds so many copies of a resource. */
function copy(stack: Draft, copies: number, type: string, id: string): void {
  for (let n = 0; n < copies; n += 1) stack.add(type, `more-${n}`, stack.at(type, id));
}

/** Ways to be longer or larger than AWS takes. */
export const BROKEN_LIMITS: readonly Breakage[] = [
  isCalled('aws_lambda_function', long(65), 'function_name'),
  isCalled('aws_iam_role', long(65)),
  isCalled('aws_iam_role_policy', long(129)),
  isCalled('aws_sqs_queue', long(81)),
  isCalled('aws_sns_topic', long(257)),
  isCalled('aws_s3_bucket', long(64), 'bucket'),
  isCalled('aws_s3_bucket', 'Orders', 'bucket'),
  isCalled('aws_sfn_state_machine', long(81)),
  isCalled('aws_cloudwatch_event_rule', long(65)),
  isCalled('aws_cloudwatch_event_archive', long(49)),
  isCalled('aws_cloudwatch_metric_alarm', long(256), 'alarm_name'),
  isCalled('aws_opensearch_domain', long(29), 'domain_name'),
  isCalled('aws_security_group', 'sg-functions'),
  isCalled('aws_sesv2_configuration_set', '', 'configuration_set_name'),
  {
    how: 'two roles have one name',
    rule: 'names stay within the limits of AWS',
    only: true,
    breaks: (stack) => copy(stack, 1, 'aws_iam_role', 'staff_ops-api_role'),
    found: ['aws_iam_role.more-0: is called orderstream-local-ops-api, like another'],
  },

  isTooLarge(
    'a trust policy is too long',
    (stack) => stack.statements(['aws_iam_role', 'staff_ops-api_role', 'assume_role_policy'], grow(2_048)),
    'aws_iam_role.staff_ops-api_role: has # characters of trust policy',
  ),
  isTooLarge(
    'the policies of a role are too long together',
    (stack) => stack.statements(['aws_iam_role_policy', 'staff_ops-api_role_policy'], grow(10_240)),
    'aws_iam_role.staff_ops-api_role: has # characters of policies',
  ),
  isTooLarge(
    "a queue's policy is too long",
    (stack) => stack.statements(['aws_sqs_queue_policy', LETTERS], grow(8_192)),
    `aws_sqs_queue_policy.${LETTERS}: has # bytes of policy`,
  ),
  isTooLarge(
    "a queue's policy has too many statements",
    (stack) =>
      stack.statements(['aws_sqs_queue_policy', LETTERS], () => Array.from({ length: 21 }, () => ({}))),
    `aws_sqs_queue_policy.${LETTERS}: has # statements`,
  ),
  isTooLarge(
    "a topic's policy is too long",
    (stack) => stack.statements(['aws_sns_topic_policy', 'observability_topic_policy'], grow(30_720)),
    'aws_sns_topic_policy.observability_topic_policy: has # bytes of policy',
  ),
  isTooLarge(
    "a bucket's policy is too long",
    (stack) => stack.statements(['aws_s3_bucket_policy', 'dead-letters_policy'], grow(20_480)),
    'aws_s3_bucket_policy.dead-letters_policy: has # bytes of policy',
  ),
  isTooLarge(
    "an endpoint's policy is too long with its white space",
    (stack) => {
      const endpoint = stack.at('aws_vpc_endpoint', 'network_dynamodb');
      endpoint['policy'] = String(endpoint['policy']).padEnd(20_481);
    },
    'aws_vpc_endpoint.network_dynamodb: has # bytes of policy',
  ),
  isTooLarge(
    'a function has too large an environment',
    (stack) => {
      stack.at('aws_lambda_function', 'staff_ops-api_function')['environment'] = {
        variables: { A: long(4_096) },
      };
    },
    'aws_lambda_function.staff_ops-api_function: has # bytes of environment',
  ),
  isTooLarge(
    'a function lets too many in',
    (stack) => copy(stack, 50, 'aws_lambda_permission', 'staff_http_ops-api-permission'),
    'aws_lambda_function.staff_ops-api_function: has # bytes of permissions',
  ),
  isTooLarge(
    'a function may work for too long',
    (stack) => {
      stack.at('aws_lambda_function', 'readers_archive-changes_function')['timeout'] = 901;
    },
    'aws_lambda_function.readers_archive-changes_function: has # seconds of timeout',
  ),
  isTooLarge(
    'a mapping has too many filters',
    (stack) => {
      const filter = Array.from({ length: 6 }, () => ({ pattern: '{}' }));
      stack.at('aws_lambda_event_source_mapping', 'readers_activity')['filter_criteria'] = { filter };
    },
    'aws_lambda_event_source_mapping.readers_activity: has # filters',
  ),
  isTooLarge(
    'a filter is too long',
    (stack) => {
      const filter = [{ pattern: JSON.stringify({ eventName: [long(4_096)] }) }];
      stack.at('aws_lambda_event_source_mapping', 'readers_activity')['filter_criteria'] = { filter };
    },
    'aws_lambda_event_source_mapping.readers_activity: has # characters of filter',
  ),
  isTooLarge(
    "a rule's pattern is too long",
    (stack) => {
      stack.at('aws_cloudwatch_event_rule', 'consumers_track-sales_events')['event_pattern'] = long(2_049);
    },
    'aws_cloudwatch_event_rule.consumers_track-sales_events: has # characters of pattern',
  ),
  isTooLarge(
    'a rule has too many targets',
    (stack) => copy(stack, 5, 'aws_cloudwatch_event_target', 'consumers_track-sales_events-target'),
    'aws_cloudwatch_event_rule.consumers_track-sales_events: has # targets',
  ),
  isTooLarge(
    'a definition is too long',
    (stack) => {
      stack.at('aws_sfn_state_machine', 'workflow_machine')['definition'] = long(1_048_577);
    },
    'aws_sfn_state_machine.workflow_machine: has # bytes of definition',
  ),
  isTooLarge(
    'a table has too many indexes',
    (stack) => {
      stack.at('aws_dynamodb_table', 'tables_stock_table')['global_secondary_index'] = Array.from(
        { length: 21 },
        (_, n) => ({ name: `by${n}` }),
      );
    },
    'aws_dynamodb_table.tables_stock_table: has # global secondary indexes',
  ),
  isTooLarge(
    'the indexes of a table hold too many attributes',
    (stack) => {
      const attributes = Array.from({ length: 101 }, (_, n) => `a${n}`);
      stack.at('aws_dynamodb_table', 'tables_stock_table')['global_secondary_index'] = [
        { name: 'by', non_key_attributes: attributes },
      ];
    },
    'aws_dynamodb_table.tables_stock_table: has # projected attributes',
  ),
  isTooLarge(
    'an API has too many routes',
    (stack) => copy(stack, 300, 'aws_apigatewayv2_route', 'staff_http_sales'),
    'aws_apigatewayv2_api.staff_http_api: has # routes',
  ),
  isTooLarge(
    'an API has too many integrations',
    (stack) => copy(stack, 300, 'aws_apigatewayv2_integration', 'staff_http_ops-api-integration'),
    'aws_apigatewayv2_api.staff_http_api: has # integrations',
  ),
  isTooLarge(
    'the description of an alarm is too long',
    (stack) => {
      stack.at('aws_cloudwatch_metric_alarm', ALARM)['alarm_description'] = long(1_025);
    },
    `aws_cloudwatch_metric_alarm.${ALARM}: has # characters of description`,
  ),
  isTooLarge(
    'an alarm tells too many',
    (stack) => {
      stack.at('aws_cloudwatch_metric_alarm', ALARM)['alarm_actions'] = Array.from(
        { length: 6 },
        () => 'arn',
      );
    },
    `aws_cloudwatch_metric_alarm.${ALARM}: has # actions`,
  ),
  isTooLarge(
    'a queue hides for too long what it hands out',
    (stack) => {
      stack.at('aws_sqs_queue', 'sweep_dead-letters')['visibility_timeout_seconds'] = 43_201;
    },
    'aws_sqs_queue.sweep_dead-letters: has # seconds of visibility timeout',
  ),
  isTooLarge(
    'a queue keeps messages for too long',
    (stack) => {
      stack.at('aws_sqs_queue', 'sweep_dead-letters')['message_retention_seconds'] = 1_209_601;
    },
    'aws_sqs_queue.sweep_dead-letters: has # seconds of retention',
  ),
  isTooLarge(
    'a resource has too many tags',
    (stack) => {
      const tags = Array.from({ length: 50 }, (_, n) => [`tag${n}`, 'x'] as const);
      stack.at('aws_vpc', 'network_vpc')['tags'] = Object.fromEntries(tags);
    },
    'aws_vpc.network_vpc: has # tags',
  ),
];
