import { FUNCTION, problemsOf, resolveParts, TABLE } from '../stack.fixture.ts';

const mailEvents = {
  configuration_set_name: 'shop',
  event_destination_name: 'bus',
  event_destination: {
    enabled: true,
    matching_event_types: ['BOUNCE'],
    event_bridge_destination: { event_bus_arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default' },
  },
};
const mailEventsTo = (event_destination: object) => ({
  ...mailEvents,
  event_destination: { ...mailEvents.event_destination, ...event_destination },
});

/** A stack in which one resource, named `it`, differs from what works. */
function stackWith(type: string, it: object) {
  return {
    aws_dynamodb_table: { orders: TABLE },
    aws_sqs_queue: { mail: { name: 'mail' } },
    [type]: { it },
  };
}

describe('a working resource', () => {
  it('is accepted: aws_iam_role', () => {
    const role = { name: 'api', assume_role_policy: '{}' };
    expect(problemsOf(() => resolveParts(stackWith('aws_iam_role', role)))).toEqual([]);
  });
});

describe('what does not run here is refused by name', () => {
  it.each<[type: string, it: object, problem: string]>([
    ['aws_dynamodb_table', { ...TABLE, hash_key: 'sku' }, 'argument "attribute": lacks the key "sku"'],
    [
      'aws_dynamodb_table',
      { ...TABLE, attribute: [...TABLE.attribute, { name: 'x', type: 'S' }] },
      'argument "attribute": declares "x", which is no key: remove it',
    ],
    [
      'aws_dynamodb_table',
      { ...TABLE, stream_view_type: undefined },
      'argument "stream_view_type": must be set when stream_enabled is true',
    ],
    ['aws_dynamodb_table', { ...TABLE, ttl: { enabled: true } }, 'argument "ttl": needs an attribute_name'],
    [
      'aws_dynamodb_table',
      { ...TABLE, local_secondary_index: [] },
      'argument "local_secondary_index" is not supported here. Remove it; supported are name, hash_key',
    ],
    [
      'aws_dynamodb_table',
      { ...TABLE, ttl: [{ enabled: true, attribute_name: 'a', grace: 1 }] },
      'argument "ttl.grace" is not supported here. Remove it',
    ],
    [
      'aws_cloudwatch_event_archive',
      { name: 'a b', event_source_arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default' },
      'argument "name" is "a b": must be 1 to 48 letters, digits and . - _',
    ],
    [
      'aws_cloudwatch_event_archive',
      { name: 'history', event_source_arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/shop' },
      'argument "event_source_arn" is arn:aws:events:eu-west-1:000000000000:event-bus/shop, which is no bus of this stack',
    ],
    [
      'aws_sfn_state_machine',
      { name: 'x', role_arn: 'r', definition: 'StartAt: A' },
      'argument "definition" is "StartAt: A": must be JSON',
    ],
    [
      'aws_cloudwatch_event_rule',
      { name: 'x' },
      'argument "event_pattern": this or "schedule_expression" must be set',
    ],
    [
      'aws_cloudwatch_event_rule',
      { name: 'x', event_pattern: '{"a":[1]}', event_bus_name: 'nowhere' },
      'bus "nowhere" is not in this stack',
    ],
    [
      'aws_cloudwatch_event_target',
      { rule: 'x', arn: '${aws_sqs_queue.mail.arn}' },
      'rule "x" on bus "default" is not in this stack',
    ],
    [
      'aws_cloudwatch_event_target',
      { rule: 'x', arn: 'a', input: '{}', input_path: '$.detail' },
      'argument "input": stands beside "input_path"',
    ],
    [
      'aws_sqs_queue',
      { name: 'orders', fifo_queue: true },
      'argument "name": must end with .fifo exactly when "fifo_queue" is true',
    ],
    ['aws_sqs_queue_policy', { queue_url: 'u', policy: '{}' }, 'queue "u" is not in this stack'],
    [
      'aws_sns_topic_subscription',
      { topic_arn: 't', protocol: 'lambda', endpoint: 'a' },
      'argument "protocol" is "lambda": must be sqs or email: nothing else is subscribed here',
    ],
    [
      'aws_s3_bucket_notification',
      { bucket: 'b', lambda_function: [{}] },
      'argument "lambda_function" is not supported here. Send notifications to a queue',
    ],
    ['aws_s3_bucket_notification', { bucket: 'b', queue: [] }, 'bucket "b" is not in this stack'],
    ['aws_iam_role_policy', { role: 'nobody', policy: '{}' }, 'role "nobody" is not in this stack'],
    [
      'aws_iam_role_policy_attachment',
      { role: 'api', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      'policy arn:aws:iam::aws:policy/AdministratorAccess is not in this stack. Write what the role may do',
    ],
    [
      'aws_sesv2_configuration_set_event_destination',
      mailEvents,
      'configuration set "shop" is not in this stack',
    ],
    [
      'aws_sesv2_configuration_set_event_destination',
      mailEventsTo({ sns_destination: { topic_arn: 't' } }),
      'argument "event_destination.sns_destination" is not supported here. Send events to the default bus',
    ],
    [
      'aws_sesv2_configuration_set_event_destination',
      mailEventsTo({ event_bridge_destination: undefined }),
      'argument "event_destination.event_bridge_destination": must be set',
    ],
    [
      'aws_sesv2_configuration_set_event_destination',
      mailEventsTo({ event_bridge_destination: { event_bus_arn: 'arn:aws:events:r:1:event-bus/shop' } }),
      'argument "event_destination.event_bridge_destination.event_bus_arn" is "arn:aws:events:r:1:event-bus/shop": must be the default bus',
    ],
    [
      'aws_sesv2_configuration_set_event_destination',
      mailEventsTo({ matching_event_types: ['BOUNCED'] }),
      'argument "event_destination.matching_event_types.0" is "BOUNCED": must be of SEND, REJECT, BOUNCE',
    ],
    [
      'aws_sesv2_email_identity',
      { email_identity: 'example.org', configuration_set_name: 'shop' },
      'configuration set "shop" is not in this stack',
    ],
    ['aws_vpc_endpoint', { service_name: 'x' }, 'argument "vpc_id" is required here'],
    [
      'aws_cloudwatch_metric_alarm',
      { alarm_name: 'x', for_each: {} },
      'argument "for_each" is not supported here. Write the resources out with a loop in TypeScript',
    ],
  ])('%s %j', (type, it, problem) => {
    const problems = problemsOf(() => resolveParts(stackWith(type, it)));
    expect(problems).toContainEqual(expect.stringContaining(`${type}.it: ${problem}`));
  });

  it('settings that are given twice', () => {
    const bucket = { aws_s3_bucket: { b: { bucket: 'b' } } };
    const to = { queue_arn: '${aws_sqs_queue.mail.arn}', events: ['s3:ObjectCreated:*'] };
    const twice = {
      ...bucket,
      aws_sqs_queue: { mail: { name: 'mail', policy: '{}' } },
      aws_sqs_queue_policy: { p: { queue_url: '${aws_sqs_queue.mail.url}', policy: '{}' } },
      aws_s3_bucket_notification: { one: { bucket: 'b', queue: to }, two: { bucket: 'b', queue: [to] } },
      aws_lambda_function: {
        api: { ...FUNCTION, function_name: 'api' },
      },
      aws_lambda_function_event_invoke_config: {
        one: { function_name: 'api' },
        two: { function_name: 'api' },
      },
    };
    expect(problemsOf(() => resolveParts(twice))).toEqual([
      'aws_lambda_function_event_invoke_config.two: "api" already has asynchronous settings. Keep one of them',
      'aws_sqs_queue_policy.p: the queue has a Policy already. Keep one of them',
      'aws_s3_bucket_notification.two: bucket "b" has notifications already. Put all into one resource',
    ]);
  });
});
