import { describeWithEngine } from '../tables/tables.fixture.ts';
import { arnOf, startGuarded } from './guarded-stack.fixture.ts';

const TABLE = arnOf('dynamodb', 'table/orders');
const id = { id: { S: '1' } };

const refused = (action: string, resource: string) =>
  `User: arn:aws:sts::000000000000:assumed-role/shop-api/api is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

describeWithEngine('a function’s call', () => {
  let guarded: Awaited<ReturnType<typeof startGuarded>>;
  beforeAll(async () => {
    guarded = await startGuarded({
      api: [
        {
          Effect: 'Allow',
          Action: 'dynamodb:UpdateItem',
          Resource: TABLE,
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'own-*' } },
        },
      ],
    });
  });
  afterAll(() => guarded.stop());

  const json = (target: string, call: unknown) =>
    guarded.raw(
      'any',
      { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
      typeof call === 'string' ? call : JSON.stringify(call),
    );
  const item = { TableName: 'orders', Key: id };
  const event = { Source: 'shop', DetailType: 'a', Detail: '{}' };
  const bus = (name: string) => arnOf('events', `event-bus/${name}`);

  it.each<[string, object, number, string]>([
    [
      'DynamoDB_20120810.DeleteItem',
      { ...item, IndexName: null },
      400,
      refused('dynamodb:DeleteItem', TABLE),
    ],
    [
      'DynamoDB_20120810.Scan',
      { TableName: 'orders', IndexName: null },
      400,
      refused('dynamodb:Scan', TABLE),
    ],
    [
      'DynamoDB_20120810.TransactWriteItems',
      { TransactItems: [{ Put: null, Delete: item }] },
      400,
      refused('dynamodb:DeleteItem', TABLE),
    ],
    [
      'DynamoDB_20120810.UpdateItem',
      { ...item, ExpressionAttributeNames: null },
      400,
      refused('dynamodb:UpdateItem', TABLE),
    ],
    [
      'AWSEvents.PutEvents',
      { Entries: [{ ...event, EventBusName: null }] },
      400,
      refused('events:PutEvents', bus('default')),
    ],
    [
      'AWSEvents.PutEvents',
      {
        Entries: [
          { ...event, EventBusName: 'shop' },
          { ...event, EventBusName: null },
        ],
      },
      400,
      refused('events:PutEvents', bus('shop')),
    ],
    [
      'AmazonSQS.SendMessage',
      { QueueUrl: 'http://127.0.0.1/000000000000/mail', MessageBody: 'm', QueueName: null },
      403,
      refused('sqs:sendmessage', arnOf('sqs', 'mail')),
    ],
  ])('%s with a member that is null is refused as without it: %j', async (target, call, status, message) => {
    const answer = await json(target, call);

    expect([answer.status, await answer.json()]).toEqual([
      status,
      { __type: 'com.amazon.coral.service#AccessDeniedException', Message: message },
    ]);
  });

  it.each<[string, unknown]>([
    ['DynamoDB_20120810.DeleteItem', { ...item, TableName: null }],
    ['DynamoDB_20120810.DeleteItem', '{'],
    ['DynamoDB_20120810.Scan', { TableName: 'orders', IndexName: 1 }],
    ['DynamoDB_20120810.TransactWriteItems', { TransactItems: [] }],
    ['DynamoDB_20120810.TransactWriteItems', { TransactItems: [{ Put: 1, Delete: item }] }],
    ['DynamoDB_20120810.BatchWriteItem', { RequestItems: null }],
    ['DynamoDB_20120810.UpdateItem', { ...item, ExpressionAttributeNames: 1 }],
    ['AWSEvents.PutEvents', { Entries: [{ ...event, EventBusName: 1 }] }],
    ['AWSStepFunctions.StartExecution', [arnOf('states', 'stateMachine:flow')]],
    ['AmazonSQS.SendMessage', 'QueueUrl=mail'],
  ])('%s whose input can’t be read is refused, and not handed on: %j', async (target, call) => {
    const answer = await json(target, call);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'com.amazon.coral.service#SerializationException' });
  });

  it('of a topic or of objects that names none is refused in the words of the service', async () => {
    const topic = await guarded.raw('sns', {}, 'Action=Publish&Message=m');
    const objects = await guarded.raw('s3', {}, '<Delete></Delete>', '/lost?delete');

    expect([topic.status, await topic.text()]).toEqual([400, expect.stringContaining('InvalidParameter')]);
    expect([objects.status, await objects.text()]).toEqual([400, expect.stringContaining('MalformedXML')]);
  });
});
