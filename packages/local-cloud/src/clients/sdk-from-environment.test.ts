import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import {
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { GetAccountCommand, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { setUpCloud } from './clients.fixture.ts';

const VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const REGION = 'eu-west-1';
const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:000000000000:${name}`;

describeWithEngine('an SDK client that knows nothing but the environment', () => {
  const cloud = setUpCloud();
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const clients: { destroy(): void }[] = [];
  function client<Client extends { destroy(): void }>(Service: new (config: object) => Client): Client {
    const made = new Service({});
    clients.push(made);
    return made;
  }

  beforeAll(() => {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: cloud.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  });
  afterAll(() => {
    for (const client of clients) client.destroy();
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it('of DynamoDB writes, reads and describes', async () => {
    const dynamodb = client(DynamoDBClient);
    const Item = { id: { S: 'o-1' }, paid: { B: Uint8Array.of(0, 255) }, lines: { NS: ['1', '2'] } };

    await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item }));
    await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { orders: [{ PutRequest: { Item: { id: { S: 'o-2' } } } }] },
      }),
    );
    const { Items } = await dynamodb.send(
      new QueryCommand({
        TableName: 'orders',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: 'o-1' } },
      }),
    );
    const statement = await dynamodb.send(
      new ExecuteStatementCommand({ Statement: `SELECT id FROM "orders" WHERE id = 'o-2'` }),
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'orders' }));
    const condition = { TableName: 'orders', ConditionExpression: 'attribute_not_exists(id)' };
    const cancelled = dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { ...condition, Item: { id: { S: 'o-2' } } } }],
      }),
    );

    expect(Items).toEqual([Item]);
    expect(statement.Items).toEqual([{ id: { S: 'o-2' } }]);
    expect(Table).toMatchObject({
      TableArn: arn('dynamodb', 'table/orders'),
      CreationDateTime: expect.any(Date),
    });
    await expect(cancelled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  });

  it('of SQS finds a queue, and follows its URL', async () => {
    const sqs = client(SQSClient);

    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'dead' }));
    const Entries = [
      { Id: '1', MessageBody: 'one', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } },
    ];
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const sources = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl }));
    const nowhere = sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: `${QueueUrl}-not` }));

    expect(QueueUrl).toBe(`${cloud.url}/000000000000/dead`);
    expect(sent.Successful).toHaveLength(1);
    expect(Messages).toMatchObject([{ Body: 'one', MessageAttributes: { n: { StringValue: '1' } } }]);
    expect(Attributes).toMatchObject({ QueueArn: arn('sqs', 'dead'), ApproximateNumberOfMessages: '0' });
    expect(sources.queueUrls).toEqual([`${cloud.url}/000000000000/work`]);
    await expect(nowhere).rejects.toThrow(QueueDoesNotExist);
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).resolves.toBeDefined();
  });

  it('of SNS publishes to a topic and to a telephone', async () => {
    const sns = client(SNSClient);
    const TopicArn = arn('sns', 'news');

    const [toTopic, toPhone] = [
      await sns.send(new PublishCommand({ TopicArn, Message: 'a & b' })),
      await sns.send(new PublishCommand({ PhoneNumber: '+441134960000', Message: 'a & b' })),
    ];
    const { Topics } = await sns.send(new ListTopicsCommand({}));
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));

    expect([toTopic.MessageId, toPhone.MessageId]).toEqual([expect.any(String), expect.any(String)]);
    expect(Topics).toEqual([{ TopicArn }]);
    expect(Subscriptions).toMatchObject([{ TopicArn, Protocol: 'sqs', Endpoint: arn('sqs', 'work') }]);
  });

  it('of S3 keeps objects, whole and in parts', async () => {
    const s3 = client(S3Client);
    const [Bucket, Key] = ['archive', 'changes/2026/Grüße & co'];
    const Body = Buffer.alloc(6 * 1024 * 1024, 7);

    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: 1, Body }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload }));

    const found = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await found.Body!.transformToString()).toBe('hello');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'big' }))).ContentLength).toBe(Body.length);
    const list = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'changes/' }));
    expect(list.Contents).toMatchObject([{ Key, Size: 5, LastModified: expect.any(Date) }]);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ Name: Bucket }]);
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key: 'big' }] } }));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const tooLong = s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(12 * 1024 * 1024) }));
    await expect(tooLong).rejects.toMatchObject({
      name: 'EntityTooLarge',
      message: expect.stringContaining('in parts'),
    });
  });

  it('of EventBridge puts events and sees rules', async () => {
    const events = client(EventBridgeClient);

    const { FailedEntryCount, Entries } = await events.send(
      new PutEventsCommand({
        Entries: [{ Source: 'other', DetailType: 'A', Detail: '{}' }, { Source: 'other' }],
      }),
    );
    const { Rules } = await events.send(new ListRulesCommand({}));

    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([{ EventId: expect.any(String) }, { ErrorCode: 'InvalidArgument' }]);
    expect(Rules).toMatchObject([{ Name: 'orders', Arn: arn('events', 'rule/orders'), State: 'ENABLED' }]);
  });

  it('of Step Functions runs a state machine', async () => {
    const states = client(SFNClient);
    const stateMachineArn = arn('states', 'stateMachine:flow');

    const { executionArn, startDate } = await states.send(
      new StartExecutionCommand({ stateMachineArn, name: 'e-1', input: '{"a":1}' }),
    );
    await cloud.settled();
    const described = await states.send(new DescribeExecutionCommand({ executionArn }));
    const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(executionArn).toBe(arn('states', 'execution:flow:e-1'));
    expect(startDate).toBeInstanceOf(Date);
    expect(described).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}', stopDate: expect.any(Date) });
    expect(events?.at(-1)).toMatchObject({ type: 'ExecutionSucceeded', timestamp: expect.any(Date) });
  });

  it('of Lambda invokes a function', async () => {
    const lambda = client(LambdaClient);

    const { Payload, StatusCode } = await lambda.send(
      new InvokeCommand({ FunctionName: 'greet', Payload: '{"name":"Ada"}' }),
    );
    const { Functions } = await lambda.send(new ListFunctionsCommand({}));

    expect([StatusCode, Buffer.from(Payload!).toString()]).toEqual([200, '{"hello":"Ada"}']);
    expect(Functions).toMatchObject([
      { FunctionName: 'greet', FunctionArn: arn('lambda', 'function:greet') },
    ]);
  });

  it('of SES sends mail', async () => {
    const mail = client(SESv2Client).send(
      new SendEmailCommand({
        FromEmailAddress: 'shop@example.org',
        Destination: { ToAddresses: ['anna@example.com'] },
        Content: { Simple: { Subject: { Data: 'Shipped' }, Body: { Text: { Data: 'On its way' } } } },
      }),
    );

    await expect(mail).resolves.toHaveProperty('MessageId', expect.any(String));
  });

  it.each([
    [
      'UnknownOperationException',
      'CreateTable',
      () => client(DynamoDBClient).send(new CreateTableCommand({ TableName: 'x' })),
    ],
    [
      'UnknownOperationException',
      'CreateQueue',
      () => client(SQSClient).send(new CreateQueueCommand({ QueueName: 'x' })),
    ],
    ['InvalidAction', 'CreateTopic', () => client(SNSClient).send(new CreateTopicCommand({ Name: 'x' }))],
    [
      'NotImplemented',
      'CreateBucket',
      () => client(S3Client).send(new CreateBucketCommand({ Bucket: 'archive' })),
    ],
    [
      'UnknownOperationException',
      'PutRule',
      () => client(EventBridgeClient).send(new PutRuleCommand({ Name: 'x' })),
    ],
    [
      'UnknownOperationException',
      'CreateActivity',
      () => client(SFNClient).send(new CreateActivityCommand({ name: 'x' })),
    ],
    [
      'UnknownOperationException',
      '',
      () => client(LambdaClient).send(new PublishVersionCommand({ FunctionName: 'greet' })),
    ],
    [
      'UnknownOperationException',
      'GET /v2/email/account',
      () => client(SESv2Client).send(new GetAccountCommand({})),
    ],
  ])('gets %s for what is not run, with its name: %s', async (name, operation, send) => {
    await expect(send()).rejects.toMatchObject({
      name,
      message: expect.stringMatching(`^${operation}.*is not run here`),
    });
  });
});
