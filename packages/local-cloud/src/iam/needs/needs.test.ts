import type { ServiceRequest } from '../../endpoint/service.ts';
import { mappingUuid } from '../../mappings/failure-message.ts';
import { NEEDS_BY_SERVICE } from './by-service.ts';
import type { NeedsPlace } from './needs.ts';
import { needToKnowItIsMissing } from './s3.ts';

const identity = (name: string, configurationSet?: string) => ({
  name,
  arn: `arn:aws:ses:eu-west-1:000000000000:identity/${name}`,
  ...(configurationSet && { configurationSet }),
});

const PLACE: NeedsPlace = {
  region: 'eu-west-1',
  accountId: '000000000000',
  mappings: [{ id: 'orders-to-dispatcher' }],
  mailIdentities: [identity('example.org'), identity('news@example.org', 'news')],
  search: { name: 'shop', arn: 'arn:aws:es:eu-west-1:000000000000:domain/shop' },
  keyedTables: new Map([['counters', 'metric']]),
};

/** What a call needs, each as `action resource` with the account’s part of an ARN left out. */
function needs(service: string, request: Partial<ServiceRequest>): string[] | 'nothing' | undefined {
  const found = NEEDS_BY_SERVICE[service]!(
    {
      service,
      operation: '',
      method: 'POST',
      url: '/',
      headers: {},
      body: Buffer.of(),
      caller: { kind: 'function', name: 'api', roleArn: 'r' },
      ...request,
    },
    PLACE,
  );
  if (found === undefined || found === 'nothing') return found;
  return found.map(
    ({ action, resource }) => `${action} ${resource.replace(':eu-west-1:000000000000:', '::')}`,
  );
}

const json = (operation: string, body: object) => ({ operation, body: Buffer.from(JSON.stringify(body)) });
const form = (operation: string, body: Record<string, string>) => ({
  operation,
  body: Buffer.from(new URLSearchParams(body).toString()),
});
const T = 'arn:aws:dynamodb::table';

describe('DynamoDB', () => {
  const item = (TableName: string) => ({ TableName, Key: {} });

  it.each<[string, object, string[]]>([
    ['GetItem', item('orders'), [`dynamodb:GetItem ${T}/orders`]],
    ['PutItem', item('orders'), [`dynamodb:PutItem ${T}/orders`]],
    ['UpdateItem', item('orders'), [`dynamodb:UpdateItem ${T}/orders`]],
    ['DeleteItem', item('orders'), [`dynamodb:DeleteItem ${T}/orders`]],
    ['DescribeTable', item('orders'), [`dynamodb:DescribeTable ${T}/orders`]],
    ['DescribeTimeToLive', item('orders'), [`dynamodb:DescribeTimeToLive ${T}/orders`]],
    [
      'GetItem',
      item('arn:aws:dynamodb:eu-west-1:000000000000:table/orders'),
      [`dynamodb:GetItem ${T}/orders`],
    ],
    ['Query', item('orders'), [`dynamodb:Query ${T}/orders`]],
    ['Query', { ...item('orders'), IndexName: 'byDay' }, [`dynamodb:Query ${T}/orders/index/byDay`]],
    ['Scan', item('orders'), [`dynamodb:Scan ${T}/orders`]],
    ['Scan', { ...item('orders'), IndexName: 'byDay' }, [`dynamodb:Scan ${T}/orders/index/byDay`]],
    ['GetItem', { ...item('orders'), IndexName: 1 }, [`dynamodb:GetItem ${T}/orders`]],
    ['Scan', { ...item('orders'), IndexName: null }, [`dynamodb:Scan ${T}/orders`]],
    ['DeleteItem', { ...item('orders'), IndexName: null }, [`dynamodb:DeleteItem ${T}/orders`]],
    [
      'TransactWriteItems',
      { TransactItems: [{ Put: null, Delete: item('a') }] },
      [`dynamodb:DeleteItem ${T}/a`],
    ],
    [
      'BatchGetItem',
      { RequestItems: { a: {}, b: {} } },
      [`dynamodb:BatchGetItem ${T}/a`, `dynamodb:BatchGetItem ${T}/b`],
    ],
    ['BatchWriteItem', { RequestItems: { a: [] } }, [`dynamodb:BatchWriteItem ${T}/a`]],
    ['TransactGetItems', { TransactItems: [{ Get: item('a') }] }, [`dynamodb:GetItem ${T}/a`]],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: item('a') },
          { Put: item('a') },
          { Update: item('b') },
          { Delete: item('c') },
          { ConditionCheck: item('d') },
        ],
      },
      [
        `dynamodb:PutItem ${T}/a`,
        `dynamodb:UpdateItem ${T}/b`,
        `dynamodb:DeleteItem ${T}/c`,
        `dynamodb:ConditionCheckItem ${T}/d`,
      ],
    ],
    ['ListTables', {}, ['dynamodb:ListTables *']],
  ])('%s of %j', (operation, body, expected) => {
    expect(needs('dynamodb', json(operation, body))).toEqual(expected);
  });

  const stream = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/1';
  it.each<[string, object, string[]]>([
    ['DescribeStream', { StreamArn: stream }, [`dynamodb:DescribeStream ${T}/orders/stream/1`]],
    ['GetShardIterator', { StreamArn: stream }, [`dynamodb:GetShardIterator ${T}/orders/stream/1`]],
    ['GetRecords', { ShardIterator: `${stream}|1|7` }, [`dynamodb:GetRecords ${T}/orders/stream/1`]],
    ['ListStreams', { TableName: 'orders' }, [`dynamodb:ListStreams ${T}/orders/stream/*`]],
    ['ListStreams', {}, ['dynamodb:ListStreams *']],
    ['ListStreams', { TableName: null }, ['dynamodb:ListStreams *']],
  ])('%s of %j', (operation, body, expected) => {
    expect(needs('dynamodbstreams', json(operation, body))).toEqual(expected);
  });
});

describe('SQS', () => {
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/mail';

  it.each([
    ['SendMessage', 'SendMessage'],
    ['SendMessageBatch', 'SendMessage'],
    ['ReceiveMessage', 'ReceiveMessage'],
    ['DeleteMessage', 'DeleteMessage'],
    ['DeleteMessageBatch', 'DeleteMessage'],
    ['ChangeMessageVisibility', 'ChangeMessageVisibility'],
    ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibility'],
    ['PurgeQueue', 'PurgeQueue'],
    ['GetQueueAttributes', 'GetQueueAttributes'],
    ['ListDeadLetterSourceQueues', 'ListDeadLetterSourceQueues'],
  ])('%s needs %s', (operation, action) => {
    // A name beside the URL is not what the queue is found by.
    for (const more of [{ QueueName: 'other' }, { QueueName: null }, { QueueUrl: `${QueueUrl}/` }]) {
      const call = json(operation, { QueueUrl, ...more });
      expect(needs('sqs', call)).toEqual([`sqs:${action} arn:aws:sqs::mail`]);
    }
  });

  it('GetQueueUrl needs itself on the queue of that name', () => {
    expect(needs('sqs', json('GetQueueUrl', { QueueName: 'mail' }))).toEqual([
      'sqs:GetQueueUrl arn:aws:sqs::mail',
    ]);
  });

  it('ListQueues knows no resources', () => {
    expect(needs('sqs', json('ListQueues', {}))).toEqual(['sqs:ListQueues *']);
  });
});

it.each<[string, Record<string, string>, string[]]>([
  ['Publish', { TopicArn: 'arn:aws:sns:eu-west-1:000000000000:news' }, ['sns:Publish arn:aws:sns::news']],
  ['Publish', { TargetArn: 'arn:aws:sns:eu-west-1:000000000000:news' }, ['sns:Publish arn:aws:sns::news']],
  ['Publish', { PhoneNumber: '+491511234567' }, ['sns:Publish +491511234567']],
  ['Publish', { TopicArn: 'a', PhoneNumber: '+1' }, ['sns:Publish a', 'sns:Publish +1']],
  [
    'PublishBatch',
    { TopicArn: 'arn:aws:sns:eu-west-1:000000000000:news' },
    ['sns:Publish arn:aws:sns::news'],
  ],
  [
    'GetTopicAttributes',
    { TopicArn: 'arn:aws:sns:eu-west-1:000000000000:news' },
    ['sns:GetTopicAttributes arn:aws:sns::news'],
  ],
  [
    'GetSubscriptionAttributes',
    { SubscriptionArn: 'arn:aws:sns:eu-west-1:000000000000:news:1' },
    ['sns:GetSubscriptionAttributes arn:aws:sns::news'],
  ],
  ['ListTopics', {}, ['sns:ListTopics *']],
])('SNS %s of %j', (operation, body, expected) => {
  expect(needs('sns', form(operation, body))).toEqual(expected);
});

it('a topic that is named twice is asked for twice', () => {
  const body = Buffer.from('TopicArn=a&TopicArn=b');
  expect(needs('sns', { operation: 'Publish', body })).toEqual(['sns:Publish a', 'sns:Publish b']);
});

describe('S3', () => {
  it.each<[string, string, Record<string, string>, string[]]>([
    ['GET', '/', {}, ['s3:ListAllMyBuckets *']],
    ['HEAD', '/archive', {}, ['s3:ListBucket arn:aws:s3:::archive']],
    ['GET', '/archive?list-type=2&prefix=a', {}, ['s3:ListBucket arn:aws:s3:::archive']],
    ['GET', '/archive/a/b', {}, ['s3:GetObject arn:aws:s3:::archive/a/b']],
    ['GET', '/archive/a%20b', {}, ['s3:GetObject arn:aws:s3:::archive/a b']],
    ['HEAD', '/archive/a', {}, ['s3:GetObject arn:aws:s3:::archive/a']],
    [
      'GET',
      '/archive/a?attributes',
      {},
      ['s3:GetObject arn:aws:s3:::archive/a', 's3:GetObjectAttributes arn:aws:s3:::archive/a'],
    ],
    ['PUT', '/archive/a', {}, ['s3:PutObject arn:aws:s3:::archive/a']],
    [
      'PUT',
      '/archive/a',
      { 'x-amz-copy-source': '/other/b%20c' },
      ['s3:PutObject arn:aws:s3:::archive/a', 's3:GetObject arn:aws:s3:::other/b c'],
    ],
    ['DELETE', '/archive/a', {}, ['s3:DeleteObject arn:aws:s3:::archive/a']],
    ['POST', '/archive/a?uploads', {}, ['s3:PutObject arn:aws:s3:::archive/a']],
    ['PUT', '/archive/a?uploadId=1&partNumber=1', {}, ['s3:PutObject arn:aws:s3:::archive/a']],
    ['POST', '/archive/a?uploadId=1', {}, ['s3:PutObject arn:aws:s3:::archive/a']],
    ['DELETE', '/archive/a?uploadId=1', {}, ['s3:AbortMultipartUpload arn:aws:s3:::archive/a']],
    ['GET', '/a', { host: 'archive.localhost:4566' }, ['s3:GetObject arn:aws:s3:::archive/a']],
  ])('%s %s %j', (method, url, headers, expected) => {
    expect(needs('s3', { method, url, headers })).toEqual(expected);
  });

  it('DeleteObjects needs each of its objects', () => {
    const body = Buffer.from(
      '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key><c</Key></Object></Delete>',
    );
    expect(needs('s3', { url: '/archive?delete', body })).toEqual([
      's3:DeleteObject arn:aws:s3:::archive/a&b',
      's3:DeleteObject arn:aws:s3:::archive/<c',
    ]);
  });

  it.each([
    ['GET', '/archive/a', true],
    ['HEAD', '/archive/a', true],
    ['DELETE', '/archive/a', false],
    ['GET', '/archive', false],
  ])('%s %s tells of a missing object only to who may list: %s', (method, url, expected) => {
    const caller = { kind: 'function', name: 'api', roleArn: 'r' } as const;
    const request = { service: 's3', operation: method, method, url, headers: {}, body: Buffer.of(), caller };
    expect(needToKnowItIsMissing(request) !== undefined).toBe(expected);
  });
});

describe('Lambda', () => {
  const F = 'arn:aws:lambda::function:api';
  const mapping = `arn:aws:lambda::event-source-mapping:${mappingUuid('orders-to-dispatcher')}`;

  it.each<[string, string, string[]]>([
    ['POST', '/2015-03-31/functions/api/invocations', [`lambda:InvokeFunction ${F}`]],
    ['POST', '/2015-03-31/functions/api/invocations?Qualifier=live', [`lambda:InvokeFunction ${F}:live`]],
    [
      'POST',
      '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Aapi/invocations',
      [`lambda:InvokeFunction ${F}`],
    ],
    ['GET', '/2015-03-31/functions', ['lambda:ListFunctions *']],
    ['GET', '/2015-03-31/functions/api', [`lambda:GetFunction ${F}`]],
    ['GET', '/2015-03-31/functions/api/configuration', [`lambda:GetFunctionConfiguration ${F}`]],
    ['PUT', '/2015-03-31/functions/api/code', [`lambda:UpdateFunctionCode ${F}`]],
    ['GET', '/2015-03-31/event-source-mappings', ['lambda:ListEventSourceMappings *']],
    [
      'GET',
      `/2015-03-31/event-source-mappings/${mappingUuid('orders-to-dispatcher')}`,
      [`lambda:GetEventSourceMapping ${mapping}`],
    ],
    [
      'PUT',
      '/2015-03-31/event-source-mappings/orders-to-dispatcher',
      [`lambda:UpdateEventSourceMapping ${mapping}`],
    ],
  ])('%s %s', (method, url, expected) => {
    expect(needs('lambda', { method, url })).toEqual(expected);
  });
});

const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:flow';
const EXECUTION = 'arn:aws:states:eu-west-1:000000000000:execution:flow:a';
it.each<[string, object, string]>([
  ['StartExecution', { stateMachineArn: MACHINE }, 'arn:aws:states::stateMachine:flow'],
  ['ListExecutions', { stateMachineArn: MACHINE }, 'arn:aws:states::stateMachine:flow'],
  ['DescribeStateMachine', { stateMachineArn: MACHINE }, 'arn:aws:states::stateMachine:flow'],
  ['DescribeExecution', { executionArn: EXECUTION }, 'arn:aws:states::execution:flow:a'],
  ['GetExecutionHistory', { executionArn: EXECUTION }, 'arn:aws:states::execution:flow:a'],
  ['RedriveExecution', { executionArn: EXECUTION }, 'arn:aws:states::execution:flow:a'],
  ['StopExecution', { executionArn: EXECUTION }, 'arn:aws:states::execution:flow:a'],
  ['ListStateMachines', {}, '*'],
])('Step Functions %s', (operation, body, resource) => {
  expect(needs('states', json(operation, body))).toEqual([`states:${operation} ${resource}`]);
});

const entry = (EventBusName?: string | null) => ({ EventBusName });
it.each<[string, object, string[]]>([
  [
    'PutEvents',
    { Entries: [entry('shop'), entry('shop')] },
    ['events:PutEvents arn:aws:events::event-bus/shop'],
  ],
  ['PutEvents', { Entries: [entry()] }, ['events:PutEvents arn:aws:events::event-bus/default']],
  [
    'PutEvents',
    { Entries: [entry('arn:aws:events:eu-west-1:000000000000:event-bus/a'), entry('b')] },
    ['events:PutEvents arn:aws:events::event-bus/a', 'events:PutEvents arn:aws:events::event-bus/b'],
  ],
  [
    'PutEvents',
    { Entries: [entry('shop'), entry(null)] },
    ['events:PutEvents arn:aws:events::event-bus/shop', 'events:PutEvents arn:aws:events::event-bus/default'],
  ],
  [
    'DescribeEventBus',
    { Name: 'shop', Rule: null, EventBusName: 1 },
    ['events:DescribeEventBus arn:aws:events::event-bus/shop'],
  ],
  ['DescribeEventBus', { Name: 'shop' }, ['events:DescribeEventBus arn:aws:events::event-bus/shop']],
  ['EnableRule', { Name: 'orders' }, ['events:EnableRule arn:aws:events::rule/orders']],
  [
    'DisableRule',
    { Name: 'orders', EventBusName: 'shop' },
    ['events:DisableRule arn:aws:events::rule/shop/orders'],
  ],
  [
    'ListTargetsByRule',
    { Rule: 'orders', Name: 'other' },
    ['events:ListTargetsByRule arn:aws:events::rule/orders'],
  ],
  ['ListRules', {}, ['events:ListRules *']],
])('EventBridge %s of %j', (operation, body, expected) => {
  expect(needs('events', json(operation, body))).toEqual(expected);
});

it.each<[object, string[]]>([
  [{ FromEmailAddress: 'Shop <shop@example.org>' }, ['identity/example.org']],
  [{ FromEmailAddress: 'news@example.org' }, ['identity/news@example.org', 'configuration-set/news']],
  [
    { FromEmailAddress: 'a@example.org', ConfigurationSetName: 'shop' },
    ['identity/example.org', 'configuration-set/shop'],
  ],
  [{ FromEmailAddress: 'a@elsewhere.org' }, ['identity/a@elsewhere.org']],
])('SES SendEmail of %j', (body, expected) => {
  const call = { url: '/v2/email/outbound-emails', body: Buffer.from(JSON.stringify(body)) };
  expect(needs('ses', call)).toEqual(expected.map((resource) => `ses:SendEmail arn:aws:ses::${resource}`));
});

it.each([
  ['GET', '/products', 'es:ESHttpGet'],
  ['HEAD', '/products', 'es:ESHttpHead'],
  ['POST', '/products/_search', 'es:ESHttpPost'],
  ['PUT', '/products/_doc/a', 'es:ESHttpPut'],
  ['DELETE', '/products', 'es:ESHttpDelete'],
])('OpenSearch %s %s', (method, path, action) => {
  const expected = `${action} arn:aws:es::domain/shop${path}`;
  expect(needs('es', { method, url: `${path}?refresh=true` })).toEqual([expected]);
});

it('who one is, every function may ask', () => {
  expect(needs('sts', { operation: 'GetCallerIdentity' })).toBe('nothing');
});

it.each<[string, Partial<ServiceRequest>, string]>([
  ['dynamodb', json('GetItem', { TableName: null }), 'SerializationException'],
  ['dynamodb', json('Scan', { TableName: 'a', IndexName: 1 }), 'SerializationException'],
  ['dynamodb', json('BatchGetItem', { RequestItems: [] }), 'SerializationException'],
  ['dynamodb', json('TransactWriteItems', { TransactItems: [{ Put: 'a' }] }), 'SerializationException'],
  ['dynamodb', { operation: 'GetItem', body: Buffer.from('{') }, 'SerializationException'],
  ['dynamodbstreams', json('DescribeStream', {}), 'SerializationException'],
  ['dynamodbstreams', json('ListStreams', { TableName: 1 }), 'SerializationException'],
  ['sqs', json('SendMessage', { QueueName: 'mail' }), 'SerializationException'],
  ['sqs', json('SendMessage', { QueueUrl: '/' }), 'SerializationException'],
  ['sqs', form('SendMessage', { QueueUrl: 'mail' }), 'SerializationException'],
  ['events', json('PutEvents', { Entries: [{ EventBusName: 1 }] }), 'SerializationException'],
  ['events', json('DescribeRule', { Rule: 'a' }), 'SerializationException'],
  ['states', json('StartExecution', { executionArn: 'a' }), 'SerializationException'],
  ['ses', { url: '/v2/email/outbound-emails', ...json('POST', {}) }, 'BadRequestException'],
  [
    'ses',
    { url: '/v2/email/outbound-emails', ...json('POST', { FromEmailAddress: 'a' }) },
    'BadRequestException',
  ],
])('what %s can’t read is refused, whatever it needs: %j', (service, request, code) => {
  expect(() => needs(service, request)).toThrow(expect.objectContaining({ code }));
});

it.each([
  ['dynamodb', { operation: 'ExecuteStatement' }],
  ['dynamodb', { operation: 'CreateTable' }],
  ['dynamodbstreams', { operation: 'Subscribe' }],
  ['sqs', { operation: 'CreateQueue' }],
  ['sns', { operation: 'CreateTopic' }],
  ['s3', { method: 'PUT', url: '/archive/a?tagging' }],
  ['events', { operation: 'StartReplay' }],
  ['states', { operation: 'CreateStateMachine' }],
  ['ses', { method: 'GET', url: '/v2/email/account' }],
  ['lambda', { method: 'POST', url: '/2015-03-31/functions' }],
  ['es', { method: 'OPTIONS', url: '/' }],
  ['sts', { operation: 'AssumeRole' }],
])('what has no entry in %s is not known: %j', (service, request) => {
  expect(needs(service, request)).toBeUndefined();
});
