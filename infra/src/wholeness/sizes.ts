import { block, blocks, text, texts, type Arguments, type Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** A number that may not be passed: of a resource, what it counts, in which unit. */
interface Measure {
  readonly of: string;
  readonly most: number;
  readonly unit: string;
  readonly sizes: (stack: Stack, one: Resource) => readonly number[];
}

const KB = 1024;

/** As IAM counts a policy: without white space. */
const written = (policy: string) => policy.replace(/\s/g, '').length;
const bytes = (value: string) => Buffer.byteLength(value);
const sizeOf = (argument: string) => (stack: Stack, one: Resource) => [
  bytes(stack.render(one.arguments[argument])),
];

const MEASURES: readonly Measure[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  {
    of: 'aws_iam_role',
    most: 2_048,
    unit: 'characters of trust policy',
    sizes: (stack, one) => [written(stack.render(one.arguments['assume_role_policy']))],
  },
  {
    of: 'aws_iam_role',
    most: 10_240,
    unit: 'characters of policies',
    sizes: (stack, one) => [inlineSize(stack, one)],
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
  { of: 'aws_sqs_queue_policy', most: 8_192, unit: 'bytes of policy', sizes: sizeOf('policy') },
  {
    of: 'aws_sqs_queue_policy',
    most: 20,
    unit: 'statements',
    sizes: (stack, one) =>
      stack.policies.filter(({ owner }) => owner === one).map(({ statements }) => statements.length),
  },
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
  { of: 'aws_sns_topic_policy', most: 30 * KB, unit: 'bytes of policy', sizes: sizeOf('policy') },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
  { of: 'aws_s3_bucket_policy', most: 20 * KB, unit: 'bytes of policy', sizes: sizeOf('policy') },
  // With white space: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html
  { of: 'aws_vpc_endpoint', most: 20_480, unit: 'bytes of policy', sizes: sizeOf('policy') },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  { of: 'aws_lambda_function', most: 4 * KB, unit: 'bytes of environment', sizes: environmentSize },
  { of: 'aws_lambda_function', most: 20 * KB, unit: 'bytes of permissions', sizes: permissionsSize },
  {
    of: 'aws_lambda_function',
    most: 900,
    unit: 'seconds of timeout',
    sizes: (_, one) => [Number(one.arguments['timeout'] ?? 0)],
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
  {
    of: 'aws_lambda_event_source_mapping',
    most: 5,
    unit: 'filters',
    sizes: (_, one) => [filtersOf(one).length],
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html
  {
    of: 'aws_lambda_event_source_mapping',
    most: 4_096,
    unit: 'characters of filter',
    sizes: (_, one) => filtersOf(one).map((filter) => filter.length),
  },
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  {
    of: 'aws_cloudwatch_event_rule',
    most: 2_048,
    unit: 'characters of pattern',
    sizes: (stack, one) => [stack.render(one.arguments['event_pattern']).length],
  },
  {
    of: 'aws_cloudwatch_event_rule',
    most: 5,
    unit: 'targets',
    sizes: (stack, one) => [targetsOf(stack, one)],
  },
  // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  { of: 'aws_sfn_state_machine', most: KB * KB, unit: 'bytes of definition', sizes: sizeOf('definition') },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
  {
    of: 'aws_dynamodb_table',
    most: 20,
    unit: 'global secondary indexes',
    sizes: (_, one) => [indexesOf(one).length],
  },
  {
    of: 'aws_dynamodb_table',
    most: 100,
    unit: 'projected attributes',
    sizes: (_, one) => [indexesOf(one).flatMap((index) => texts(index['non_key_attributes'])).length],
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  {
    of: 'aws_apigatewayv2_api',
    most: 300,
    unit: 'routes',
    sizes: (stack, one) => [partsOf(stack, one, 'aws_apigatewayv2_route')],
  },
  {
    of: 'aws_apigatewayv2_api',
    most: 300,
    unit: 'integrations',
    sizes: (stack, one) => [partsOf(stack, one, 'aws_apigatewayv2_integration')],
  },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  {
    of: 'aws_cloudwatch_metric_alarm',
    most: 1_024,
    unit: 'characters of description',
    sizes: (_, one) => [text(one.arguments['alarm_description']).length],
  },
  {
    of: 'aws_cloudwatch_metric_alarm',
    most: 5,
    unit: 'actions',
    sizes: (_, one) => [texts(one.arguments['alarm_actions']).length],
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
  {
    of: 'aws_sqs_queue',
    most: 12 * 60 * 60,
    unit: 'seconds of visibility timeout',
    sizes: (_, one) => [Number(one.arguments['visibility_timeout_seconds'] ?? 0)],
  },
  {
    of: 'aws_sqs_queue',
    most: 14 * 24 * 60 * 60,
    unit: 'seconds of retention',
    sizes: (_, one) => [Number(one.arguments['message_retention_seconds'] ?? 0)],
  },
];

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html; S3 counts its own with them. */
const MOST_TAGS = 50;

/** Policies, definitions and settings are no larger than AWS takes, with everything that they refer to written out. */
export const sizes: Rule = {
  name: 'sizes stay within the limits of AWS',
  check: (stack) => {
    const defaults = blocks(block(stack.document.provider['aws'])['default_tags']).map(({ tags }) =>
      block(tags),
    );
    return [
      ...MEASURES.flatMap(({ of, most, unit, sizes: sizesOf }) =>
        stack.ofType(of).flatMap((one) =>
          sizesOf(stack, one)
            .filter((size) => size > most)
            .map((size) => tooMuch(one, size, most, unit)),
        ),
      ),
      ...stack.resources.flatMap((one) => {
        const count = new Set(
          [...defaults, block(one.arguments['tags'])].flatMap((tags) => Object.keys(tags)),
        ).size;
        return count > MOST_TAGS ? [tooMuch(one, count, MOST_TAGS, 'tags')] : [];
      }),
    ];
  },
};

function tooMuch(one: Resource, size: number, most: number, unit: string): Fault {
  return fault(one, `has ${size} ${unit}`, `AWS takes ${most} at most.`);
}

function inlineSize(stack: Stack, role: Resource): number {
  return stack
    .ofType('aws_iam_role_policy')
    .filter((policy) => stack.render(policy.arguments['role']) === stack.nameOf(role))
    .reduce((sum, policy) => sum + written(stack.render(policy.arguments['policy'])), 0);
}

function environmentSize(stack: Stack, lambda: Resource): readonly number[] {
  const variables = block(block(lambda.arguments['environment'])['variables']);
  return [
    Object.entries(variables).reduce(
      (sum, [name, value]) => sum + bytes(name) + bytes(stack.render(value)),
      0,
    ),
  ];
}

/** What Lambda writes for a permission besides the source: the statement's frame, its id and the function's ARN. */
const STATEMENT_BYTES = 400;

function permissionsSize(stack: Stack, lambda: Resource): readonly number[] {
  const permissions = stack
    .ofType('aws_lambda_permission')
    .filter(({ arguments: given }) => stack.functionAt(given['function_name'])?.lambda === lambda);
  return [
    permissions.reduce(
      (sum, { arguments: given }) => sum + STATEMENT_BYTES + bytes(stack.render(given['source_arn'])),
      0,
    ),
  ];
}

function filtersOf(mapping: Resource): readonly string[] {
  return blocks(block(mapping.arguments['filter_criteria'])['filter']).map(({ pattern }) => text(pattern));
}

function targetsOf(stack: Stack, rule: Resource): number {
  const name = stack.nameOf(rule);
  return stack
    .ofType('aws_cloudwatch_event_target')
    .filter((target) => stack.render(target.arguments['rule']) === name).length;
}

function partsOf(stack: Stack, api: Resource, type: string): number {
  return stack
    .ofType(type)
    .filter(({ arguments: given }) => stack.referredTo(given['api_id']).includes(api.address)).length;
}

function indexesOf(table: Resource): readonly Arguments[] {
  return blocks(table.arguments['global_secondary_index']);
}
