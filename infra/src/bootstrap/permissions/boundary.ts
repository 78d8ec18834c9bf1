import type { Statement } from '../../functions/role.ts';
import { type Place, arn, of } from './access.ts';

const MOVE_INTERFACES = [
  ...['CreateNetworkInterface', 'DeleteNetworkInterface'],
  ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
];

/**
 * The most that a role of an environment can ever do, whatever its own policies say: what its functions work with, by the
 * prefix of the environment. It gives nothing by itself. No role can make a role, take another one or touch the state.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryStatements(place: Place): Statement[] {
  const { prefix, ordersTable } = place;
  const tables = [`${prefix}-*`, ...(ordersTable === undefined ? [] : [ordersTable, `${ordersTable}/*`])];
  const functions = arn(place, 'lambda', `function:${prefix}-*`);
  const mappings = arn(place, 'lambda', 'event-source-mapping:*');
  return [
    allow(
      of(
        'dynamodb',
        ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem', 'PutItem', 'UpdateItem'],
        ...['DeleteItem', 'BatchWriteItem', 'DescribeTable'],
        ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
      ),
      tables.map((table) => arn(place, 'dynamodb', `table/${table}`)),
    ),
    allow(of('s3', 'GetObject', 'PutObject', 'DeleteObject', 'ListBucket', 'GetBucketLocation'), [
      `arn:aws:s3:::${prefix}-*`,
    ]),
    allow(
      of(
        'sqs',
        ...['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'],
        ...['GetQueueAttributes', 'GetQueueUrl'],
      ),
      [arn(place, 'sqs', `${prefix}-*`)],
    ),
    allow(of('events', 'PutEvents'), [arn(place, 'events', `event-bus/${prefix}*`)]),
    allow(of('lambda', 'InvokeFunction', 'GetFunction'), [functions]),
    allow(of('lambda', 'GetEventSourceMapping'), [mappings]),
    // A mapping's id is given by AWS; whose it is, its function says.
    {
      ...allow(of('lambda', 'UpdateEventSourceMapping'), [mappings]),
      Condition: { ArnLike: { 'lambda:FunctionArn': functions } },
    },
    allow(
      of(
        'states',
        'StartExecution',
        'DescribeExecution',
        'ListExecutions',
        'RedriveExecution',
        'StopExecution',
      ),
      [arn(place, 'states', `stateMachine:${prefix}-*`), arn(place, 'states', `execution:${prefix}-*`)],
    ),
    allow(of('es', 'ESHttpGet', 'ESHttpHead', 'ESHttpPost', 'ESHttpPut', 'ESHttpDelete'), [
      arn(place, 'es', `domain/${prefix}*`),
    ]),
    allow(of('secretsmanager', 'GetSecretValue'), [arn(place, 'secretsmanager', `secret:${prefix}-*`)]),
    allow(of('ses', 'SendEmail', 'SendTemplatedEmail'), [
      arn(place, 'ses', 'identity/*'),
      arn(place, 'ses', `configuration-set/${prefix}*`),
    ]),
    allow(of('logs', 'CreateLogStream', 'PutLogEvents'), [arn(place, 'logs', `log-group:*${prefix}-*`)]),
    // With these Lambda puts a function into the network; code of a function has no use for them.
    allow(of('ec2', ...MOVE_INTERFACES), [arn(place, 'ec2', '*/*')]),
    {
      Effect: 'Deny',
      Action: of('ec2', '*'),
      Resource: ['*'],
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': arn(place, 'lambda', 'function:*') } },
    },
    // A text message goes to a phone number, which has no ARN; a topic has one.
    { Effect: 'Deny', Action: of('sns', 'Publish'), Resource: ['arn:aws:sns:*:*:*'] },
    // None of these has narrower resources: a phone number has no ARN, and the others are about the account.
    {
      Sid: 'NothingNarrower',
      ...allow(
        [
          ...of('sns', 'Publish'),
          ...of('xray', 'PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'),
          ...of('cloudwatch', 'PutMetricData'),
          ...of(
            'logs',
            ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery'],
            ...['ListLogDeliveries', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
          ),
          ...of('ec2', 'DescribeNetworkInterfaces', 'DescribeSubnets'),
        ],
        ['*'],
      ),
    },
  ];
}

function allow(actions: readonly string[], resources: readonly string[]): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}
