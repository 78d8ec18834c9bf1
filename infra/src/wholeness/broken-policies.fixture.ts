import { without } from './document.ts';
import { broken, type Breakage } from './broken.fixture.ts';

const OPS = 'staff_ops-api_role_policy';
const BUS = 'arn:aws:events:eu-west-1:123456789012:event-bus/orderstream-local';
const policyOf = (role: string) => `aws_iam_role_policy.${role}: policy`;

const names = broken('policies name what they allow');
const trusts = broken('roles trust one service');
const letsIn = broken('resources let one service in, for one source');
const TRUST_OF_OPS = ['aws_iam_role', 'staff_ops-api_role', 'assume_role_policy'] as const;
const TRUST_OF_WORKFLOW = ['aws_iam_role', 'workflow_role', 'assume_role_policy'] as const;
const NOTICES = ['aws_sqs_queue_policy', 'dead-letters_notices-policy'] as const;
const TOPIC = ['aws_sns_topic_policy', 'observability_topic_policy'] as const;

/** Ways to allow too much, to roles and to others. */
export const BROKEN_POLICIES: readonly Breakage[] = [
  names(
    'a role may do everything',
    (stack) => stack.allow(OPS, { Action: ['*'], Resource: [BUS] }),
    `${policyOf(OPS)} allows *`,
  ),
  names(
    'a role may do everything that begins with a word',
    (stack) => stack.allow(OPS, { Action: ['events:Put*'], Resource: [BUS] }),
    `${policyOf(OPS)} allows events:Put*`,
  ),
  names(
    'a role may do something to everything',
    (stack) => stack.allow(OPS, { Action: ['events:PutEvents'], Resource: ['*'] }),
    `${policyOf(OPS)} allows events:PutEvents on *`,
  ),
  names(
    'something else stands beside what knows no resources',
    (stack) =>
      stack.allow(OPS, {
        Sid: 'XRayKnowsNoResources',
        Action: ['xray:PutTraceSegments', 'events:PutEvents'],
        Resource: ['*'],
      }),
    `${policyOf(OPS)} allows xray:PutTraceSegments, events:PutEvents on *`,
  ),
  names(
    'a wildcard stands in the middle of a resource',
    (stack) =>
      stack.allow(OPS, {
        Action: ['s3:GetObject'],
        Resource: [`${stack.reference('aws_s3_bucket', 'archive_changes_bucket', 'arn')}/*/orders`],
      }),
    `${policyOf(OPS)} allows s3:GetObject on arn:aws:s3:::orderstream-local-archive-123456789012/*/orders`,
  ),
  names(
    'a wildcard ends a name that is not of the stack',
    (stack) => stack.allow(OPS, { Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::other/*'] }),
    `${policyOf(OPS)} allows s3:GetObject on arn:aws:s3:::other/*`,
  ),
  names(
    'a role may do all but one thing',
    (stack) => stack.allow(OPS, { NotAction: ['iam:PassRole'], Resource: [BUS] }),
    `${policyOf(OPS)} has NotAction`,
  ),
  names(
    'an endpoint lets everything through',
    (stack) =>
      stack.statements(['aws_vpc_endpoint', 'network_dynamodb'], (all) => [
        ...all,
        { ...all[0], Action: '*' },
      ]),
    'aws_vpc_endpoint.network_dynamodb: policy allows *',
  ),

  trusts(
    'a second service may take a role',
    (stack) =>
      stack.statements(TRUST_OF_OPS, (all) =>
        all.map((one) => ({ ...one, Principal: { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] } })),
      ),
    'aws_iam_role.staff_ops-api_role: assume_role_policy does not name exactly one service',
  ),
  trusts(
    'an account may take a role, too',
    (stack) =>
      stack.statements(TRUST_OF_OPS, (all) =>
        all.map((one) => ({ ...one, Principal: { Service: 'lambda.amazonaws.com', AWS: '123456789012' } })),
      ),
    'aws_iam_role.staff_ops-api_role: assume_role_policy does not name exactly one service',
  ),
  trusts(
    'a service may do more to a role than take it',
    (stack) =>
      stack.statements(TRUST_OF_OPS, (all) =>
        all.map((one) => ({ ...one, Action: ['sts:AssumeRole', 'sts:TagSession'] })),
      ),
    'aws_iam_role.staff_ops-api_role: assume_role_policy allows sts:AssumeRole,sts:TagSession',
  ),
  trusts(
    'Lambda has to say what it never says',
    (stack) =>
      stack.statements(TRUST_OF_OPS, (all) =>
        all.map((one) => ({ ...one, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } })),
      ),
    'aws_iam_role.staff_ops-api_role: lambda.amazonaws.com has to satisfy aws:sourceaccount',
  ),
  trusts(
    'Step Functions may take a role for anybody',
    (stack) => stack.statements(TRUST_OF_WORKFLOW, (all) => all.map((one) => without(one, 'Condition'))),
    'aws_iam_role.workflow_role: states.amazonaws.com may take it without aws:sourceaccount of this account',
    'aws_iam_role.workflow_role: states.amazonaws.com may take it without aws:sourcearn of this stack',
  ),
  trusts(
    'Step Functions may take a role for another account',
    (stack) =>
      stack.statements(TRUST_OF_WORKFLOW, (all) =>
        all.map((one) => ({
          ...one,
          Condition: {
            StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.identity.account_id}' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:states:eu-west-1:111111111111:stateMachine:*' },
          },
        })),
      ),
    'aws_iam_role.workflow_role: states.amazonaws.com may take it without aws:sourcearn of this stack',
  ),

  letsIn(
    'anybody may publish to the topic',
    (stack) => stack.statements(TOPIC, (all) => [...all, { ...all[0], Principal: '*' }]),
    'aws_sns_topic_policy.observability_topic_policy: policy does not let in exactly one service',
  ),
  letsIn(
    'a service may publish for any source',
    (stack) => stack.statements(TOPIC, (all) => [...all, { ...all[0], Condition: {} }]),
    'aws_sns_topic_policy.observability_topic_policy: cloudwatch.amazonaws.com may use it for any source',
  ),
  letsIn(
    "a bucket's queue does not say of which account the bucket is",
    (stack) =>
      stack.statements(NOTICES, (all) =>
        all.map((one) => ({
          ...one,
          Condition: {
            ArnEquals: { 'aws:SourceArn': stack.reference('aws_s3_bucket', 'dead-letters_bucket', 'arn') },
          },
        })),
      ),
    'aws_sqs_queue_policy.dead-letters_notices-policy: s3.amazonaws.com may use it for arn:aws:s3:::orderstream-local-dead-letters-123456789012 of any account',
  ),
  letsIn(
    'another account may call a function',
    (stack) =>
      stack.add('aws_lambda_permission', 'more', {
        ...stack.at('aws_lambda_permission', 'sweep_permission'),
        principal: '111111111111',
      }),
    'aws_lambda_permission.more: principal is 111111111111',
  ),
  letsIn(
    'a permission is for more than calling',
    (stack) =>
      stack.add('aws_lambda_permission', 'more', {
        ...stack.at('aws_lambda_permission', 'sweep_permission'),
        action: 'lambda:*',
      }),
    'aws_lambda_permission.more: action is lambda:*',
  ),
  letsIn(
    'a service may call a function for any source',
    (stack) => {
      const permission = stack.at('aws_lambda_permission', 'sweep_permission');
      stack.add('aws_lambda_permission', 'more', without(permission, 'source_arn'));
    },
    'aws_lambda_permission.more: events.amazonaws.com may use it for any source',
  ),
  {
    how: 'a bucket takes requests without TLS',
    rule: 'buckets are private',
    breaks: (stack) => stack.statements(['aws_s3_bucket_policy', 'dead-letters_policy'], () => []),
    found: ['aws_s3_bucket.dead-letters_bucket: is reached without TLS'],
  },
  {
    how: 'a bucket may be opened to the public',
    rule: 'buckets are private',
    breaks: (stack) => {
      stack.at('aws_s3_bucket_public_access_block', 'dead-letters_access')['restrict_public_buckets'] = false;
    },
    found: ['aws_s3_bucket.dead-letters_bucket: may become public'],
  },
  {
    how: 'a bucket is not encrypted',
    rule: 'buckets are private',
    breaks: (stack) =>
      stack.remove('aws_s3_bucket_server_side_encryption_configuration', 'dead-letters_encryption'),
    found: ['aws_s3_bucket.dead-letters_bucket: is not encrypted'],
  },
];
