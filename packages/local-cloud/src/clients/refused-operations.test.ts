import { describeWithEngine } from '../tables/tables.fixture.ts';
import { formCall, jsonCall, restCall, setUpCloud, type Answer, type Call } from './clients.fixture.ts';

/** The `code: message` that clients of a protocol read from an answer. */
const readers: Readonly<Record<string, (answer: Answer) => string>> = {
  json: ({ body }) => {
    const { __type, message } = JSON.parse(body);
    return `${__type.split('#').at(-1)}: ${message}`;
  },
  rest: ({ headers, body }) => `${headers['x-amzn-errortype']}: ${JSON.parse(body).message}`,
  query: ({ body }) => inXml(body, /^<ErrorResponse><Error><Type>Sender<\/Type>/),
  s3: ({ body }) => inXml(body, /^<Error>/),
  ec2: ({ body }) => inXml(body, /^<Response><Errors><Error>/),
};

function inXml(document: string, start: RegExp): string {
  const root = document.slice(document.indexOf('\n') + 1);
  expect(root).toMatch(start);
  const [, code, message] = /<Code>(\w+)<\/Code><Message>([^<]+)<\/Message>/.exec(root) ?? [];
  return `${code}: ${message}`;
}

const STACKS = /the stack's: change the stack and start again/;
const UNKNOWN = 'UnknownOperationException';
const dynamodb = (operation: string) => jsonCall('dynamodb', `DynamoDB_20120810.${operation}`);
const streams = (operation: string) => jsonCall('dynamodb', `DynamoDBStreams_20120810.${operation}`);
const sqs = (operation: string) =>
  jsonCall('sqs', `AmazonSQS.${operation}`, {
    QueueName: 'x',
    QueueUrl: 'http://127.0.0.1/000000000000/work',
  });
const states = (operation: string) => jsonCall('states', `AWSStepFunctions.${operation}`);
const events = (operation: string) => jsonCall('events', `AWSEvents.${operation}`, {}, '1.1');
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news';
const sns = (Action: string) =>
  formCall('sns', { Action, Version: '2010-03-31', TopicArn: TOPIC, Name: 'x', Message: 'x' });
const iam = (Action: string) => formCall('iam', { Action, Version: '2010-05-08' });
const sts = (Action: string) => formCall('sts', { Action, Version: '2011-06-15' });

describeWithEngine('an operation that is not run here', () => {
  const cloud = setUpCloud();

  describe.each([
    ['DynamoDB', 'json', 400, UNKNOWN, dynamodb, STACKS],
    ['DynamoDB Streams', 'json', 400, UNKNOWN, streams, /ListStreams/],
    ['SQS', 'json', 400, UNKNOWN, sqs, STACKS],
    ['SNS', 'query', 400, 'InvalidAction', sns, STACKS],
    ['Step Functions', 'json', 400, UNKNOWN, states, STACKS],
    ['EventBridge', 'json', 400, UNKNOWN, events, STACKS],
    ['STS', 'query', 400, 'InvalidAction', sts, /GetCallerIdentity/],
    ['IAM', 'query', 400, 'InvalidAction', iam, STACKS],
  ])('of %s', (service, protocol, status, code, call, remedy) => {
    const names: Record<string, string[]> = {
      DynamoDB: ['CreateTable', 'DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'DescribeLimits'],
      SQS: [
        'CreateQueue',
        'DeleteQueue',
        'SetQueueAttributes',
        'AddPermission',
        'TagQueue',
        'StartMessageMoveTask',
      ],
      SNS: [
        'CreateTopic',
        'DeleteTopic',
        'Subscribe',
        'Unsubscribe',
        'SetTopicAttributes',
        'GetSMSAttributes',
      ],
      'Step Functions': ['CreateActivity', 'DeleteStateMachine'],
      EventBridge: ['PutRule', 'DeleteRule', 'CreateEventBus'],
      STS: ['AssumeRole'],
      IAM: ['ListRoles', 'CreateUser', 'DeleteRole'],
    };

    it.each([...(names[service] ?? []), 'Frobnicate', 'toString'])(
      '%s has that service’s error, with its name and what to do',
      async (operation) => {
        const answer = await cloud.call(call(operation));

        const error = readers[protocol]!(answer);
        expect([answer.status, error]).toEqual([
          status,
          expect.stringMatching(`^${code}: ${operation} is not run here\\. `),
        ]);
        expect(error).toMatch(remedy);
      },
    );
  });

  it.each([
    ['CreateBucket', 'PUT /archive'],
    ['DeleteBucket', 'DELETE /archive'],
    ['PutBucketPolicy', 'PUT /archive?policy'],
    ['DeleteBucketPolicy', 'DELETE /archive?policy'],
    ['GetBucketLocation', 'GET /archive?location'],
    ['PutBucketLifecycleConfiguration', 'PUT /archive/?lifecycle'],
    ['PutObjectTagging', 'PUT /archive/kept?tagging'],
    ['DeleteObjectTagging', 'DELETE /archive/kept?tagging'],
    ['GetObjectAcl', 'GET /archive/kept?acl'],
    ['ListParts', 'GET /archive/kept?uploadId=1'],
    ['RestoreObject', 'POST /archive/kept?restore'],
    ['DeleteObject with a versionId', 'DELETE /archive/kept?versionId=1'],
  ])('of S3, %s, is not taken for another one', async (operation, methodAndPath) => {
    await cloud.call(restCall('s3', 'PUT /archive/kept', { body: 'kept' }));

    const answer = await cloud.call(restCall('s3', methodAndPath, { body: '<x/>' }));

    expect(answer.status).toBe(501);
    expect(readers['s3']!(answer)).toMatch(
      `NotImplemented: ${operation} is not run here. Buckets are the stack's`,
    );
    expect((await cloud.call(restCall('s3', 'GET /archive/kept'))).body).toBe('kept');
  });

  it('of S3, by a method that S3 does not have, is MethodNotAllowed', async () => {
    const answer = await cloud.call(restCall('s3', 'PATCH /archive/kept'));

    expect(answer.status).toBe(405);
    expect(readers['s3']!(answer)).toBe('MethodNotAllowed: S3 has no operation for PATCH.');
  });

  it.each([
    [
      'ses',
      'POST /v2/email/contact-lists',
      'POST /v2/email/contact-lists is not run here\\. Identities.*stack',
    ],
    ['ses', 'GET /v2/email/frobnicate', 'GET /v2/email/frobnicate is not run here'],
    ['lambda', 'POST /2015-03-31/functions', 'CreateFunction is not run here.*stack'],
    ['lambda', 'GET /2015-03-31/frobnicate', '.*/2015-03-31/frobnicate'],
  ])('of %s: %s', async (service, methodAndPath, message) => {
    const answer = await cloud.call(restCall(service, methodAndPath, { body: '{}' }));

    expect(answer.status).toBe(404);
    expect(readers['rest']!(answer)).toMatch(new RegExp(`^${UNKNOWN}: ${message}`));
  });

  it.each<[service: string, protocol: string, code: string, named: string, call: Call]>([
    ['ses', 'query', 'InvalidAction', 'SendEmail', formCall('ses', { Action: 'SendEmail' })],
    ['sqs', 'query', 'InvalidAction', 'ListQueues', formCall('sqs', { Action: 'ListQueues' })],
    ['sns', 'query', 'InvalidAction', 'ListTopics by GET', restCall('sns', 'GET /?Action=ListTopics')],
    ['ec2', 'ec2', 'InvalidAction', 'DescribeInstances', formCall('ec2', { Action: 'DescribeInstances' })],
    [
      'route53',
      'query',
      'InvalidAction',
      'GET /2013-04-01/hostedzone',
      restCall('route53', 'GET /2013-04-01/hostedzone'),
    ],
    [
      'logs',
      'json',
      UNKNOWN,
      'FilterLogEvents',
      jsonCall('logs', 'Logs_20140328.FilterLogEvents', {}, '1.1'),
    ],
    [
      'monitoring',
      'json',
      UNKNOWN,
      'ListMetrics',
      jsonCall('monitoring', 'GraniteServiceVersion20100801.ListMetrics'),
    ],
    ['apigateway', 'rest', UNKNOWN, 'GET /v2/apis', restCall('apigateway', 'GET /v2/apis')],
    ['opensearch', 'rest', UNKNOWN, 'GET /2021-01-01/domain', restCall('es', 'GET /2021-01-01/domain')],
  ])(
    'of %s, which is not run, or not so, names both in its protocol',
    async (service, protocol, code, named, call) => {
      const answer = await cloud.call(call);

      expect(answer.status).toBe(protocol === 'rest' ? 404 : 400);
      expect(readers[protocol]!(answer)).toMatch(`${code}: ${named}`);
      if (!['ses', 'sqs', 'sns'].includes(service)) {
        expect(readers[protocol]!(answer)).toMatch(`of the service "${service}" is not run here. `);
      }
    },
  );
});
