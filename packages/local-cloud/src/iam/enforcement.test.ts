import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  ExecuteStatementCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetEventSourceMappingCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { arnOf, startGuarded } from './guarded-stack.fixture.ts';

const WHO = 'arn:aws:sts::000000000000:assumed-role/shop-api/api';
const TABLE = arnOf('dynamodb', 'table/orders');
const id = { id: { S: '1' } };

const refused = (action: string, resource: string) =>
  `User: ${WHO} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

describeWithEngine('a function’s call', () => {
  let guarded: Awaited<ReturnType<typeof startGuarded>>;
  const clients: { destroy(): void }[] = [];
  beforeAll(async () => {
    guarded = await startGuarded({
      api: [
        { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: TABLE },
        {
          Effect: 'Allow',
          Action: 'dynamodb:UpdateItem',
          Resource: TABLE,
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'own-*' } },
        },
        {
          Effect: 'Allow',
          Action: 'dynamodb:Query',
          Resource: `${TABLE}/index/byDay`,
          Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'monday' } },
        },
        { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lost/*' },
        { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
        { Sid: 'NoTopics', Effect: 'Deny', Action: 'sns:Publish', Resource: 'arn:aws:sns:*:*:*' },
      ],
    });
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await guarded.stop();
  });

  function client<Client extends { destroy(): void }>(
    Service: new (config: {
      endpoint: string;
      region: string;
      maxAttempts: number;
      forcePathStyle: boolean;
      credentials: { accessKeyId: string; secretAccessKey: string };
    }) => Client,
    accessKeyId = 'api',
  ): Client {
    const made = new Service({
      endpoint: guarded.cloud.endpointUrl,
      region: 'eu-west-1',
      maxAttempts: 1,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
    clients.push(made);
    return made;
  }

  const raw = (...args: Parameters<typeof guarded.raw>) => guarded.raw(...args);

  const mail = () =>
    new SendEmailCommand({
      FromEmailAddress: 'shop@example.org',
      Destination: { ToAddresses: ['a@example.org'] },
      Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
    });
  const machine = arnOf('states', 'stateMachine:flow');

  it.each<[string, () => Promise<unknown>, string, number, string]>([
    [
      'DynamoDB',
      () => client(DynamoDBClient).send(new DeleteItemCommand({ TableName: 'orders', Key: id })),
      'AccessDeniedException',
      400,
      refused('dynamodb:DeleteItem', TABLE),
    ],
    [
      'an index',
      () => client(DynamoDBClient).send(new ScanCommand({ TableName: 'orders', IndexName: 'byDay' })),
      'AccessDeniedException',
      400,
      refused('dynamodb:Scan', `${TABLE}/index/byDay`),
    ],
    [
      'a list',
      () => client(DynamoDBClient).send(new ListTablesCommand({})),
      'AccessDeniedException',
      400,
      refused('dynamodb:ListTables', '*'),
    ],
    [
      'Step Functions',
      () => client(SFNClient).send(new StartExecutionCommand({ stateMachineArn: machine })),
      'AccessDeniedException',
      400,
      refused('states:StartExecution', machine),
    ],
    [
      'EventBridge',
      () =>
        client(EventBridgeClient).send(
          new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'a', Detail: '{}' }] }),
        ),
      'AccessDeniedException',
      400,
      refused('events:PutEvents', arnOf('events', 'event-bus/default')),
    ],
    [
      'Lambda',
      () => client(LambdaClient).send(new InvokeCommand({ FunctionName: 'reader' })),
      'AccessDeniedException',
      403,
      refused('lambda:InvokeFunction', arnOf('lambda', 'function:reader')),
    ],
    [
      'SES',
      () => client(SESv2Client).send(mail()),
      'AccessDeniedException',
      403,
      `User \`${WHO}' is not authorized to perform \`ses:SendEmail' on resource \`${arnOf('ses', 'identity/example.org')}'`,
    ],
    [
      'SNS',
      () => client(SNSClient).send(new PublishCommand({ TopicArn: arnOf('sns', 'news'), Message: 'm' })),
      'AuthorizationErrorException',
      403,
      `User: ${WHO} is not authorized to perform: SNS:Publish on resource: ${arnOf('sns', 'news')} with an explicit deny in an identity-based policy`,
    ],
    [
      'S3',
      () => client(S3Client).send(new ListObjectsV2Command({ Bucket: 'lost' })),
      'AccessDenied',
      403,
      refused('s3:ListBucket', '"arn:aws:s3:::lost"'),
    ],
  ])(
    'of %s that no policy allows is refused as there',
    async (_service, send, name, httpStatusCode, message) => {
      await expect(send()).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
    },
  );

  it('of SQS that no policy allows is refused as there, with the code of its older protocol', async () => {
    const QueueUrl = `${guarded.cloud.endpointUrl}/000000000000/mail`;
    const message = refused('sqs:sendmessage', arnOf('sqs', 'mail'));
    await expect(
      client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' })),
    ).rejects.toMatchObject({
      Code: 'AccessDenied',
      message,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('of streams that no policy allows is refused as there', async () => {
    const answer = await raw('dynamodb', { 'x-amz-target': 'DynamoDBStreams_20120810.ListStreams' }, '{}');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ Message: refused('dynamodb:ListStreams', '*') });
  });

  it('of Lambda that no policy allows is refused with nothing but the message', async () => {
    const answer = await raw('lambda', {}, '{}', '/2015-03-31/functions/reader/invocations');

    expect([answer.status, await answer.json()]).toEqual([
      403,
      { Message: refused('lambda:InvokeFunction', arnOf('lambda', 'function:reader')) },
    ]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
  });

  it('of OpenSearch that no policy allows is refused in the form of the service before the domain', async () => {
    const answer = await raw('es', {}, '{}', '/products/_search');
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      Message: `User: ${WHO} is not authorized to perform: es:ESHttpPost because no identity-based policy allows the es:ESHttpPost action`,
    });
  });

  it('that its role may do is answered', async () => {
    const dynamodb = client(DynamoDBClient);
    await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: id }));
    expect((await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: id }))).Item).toEqual(id);
    await client(SNSClient).send(new PublishCommand({ PhoneNumber: '+491511234567', Message: 'm' }));
    expect(await (await raw('sts', {}, 'Action=GetCallerIdentity')).text()).toContain(WHO);
  });

  it('of an item that its policy does not mean is refused, and of one that it means is answered', async () => {
    const update = (name: string) =>
      client(DynamoDBClient).send(new UpdateItemCommand({ TableName: 'orders', Key: { id: { S: name } } }));

    await expect(update('own-1')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    await expect(update('1-own')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: refused('dynamodb:UpdateItem', TABLE),
    });
    await expect(update('own-1')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    expect((await guarded.refusals())[0]).toMatchObject({
      action: 'dynamodb:UpdateItem',
      statement: {
        ...{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: TABLE },
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['1-own'] } },
      },
    });
  });

  it('by an index is asked for by the partition key of the index', async () => {
    const query = (day: string) =>
      client(DynamoDBClient).send(
        new QueryCommand({
          ...{ TableName: 'orders', IndexName: 'byDay', KeyConditionExpression: '#day = :day' },
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': { S: day } },
        }),
      );

    expect((await query('monday')).Items).toEqual([]);
    await expect(query('sunday')).rejects.toThrow(refused('dynamodb:Query', `${TABLE}/index/byDay`));
  });

  it('of a transaction is refused for the first item that it may not write, and writes nothing', async () => {
    const TransactItems = [
      { Put: { TableName: 'orders', Item: { id: { S: 'never' } } } },
      { Delete: { TableName: 'orders', Key: id } },
    ];
    await expect(
      client(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems })),
    ).rejects.toThrow(refused('dynamodb:DeleteItem', TABLE));
    const Key = { id: { S: 'never' } };
    expect(
      (await client(DynamoDBClient).send(new GetItemCommand({ TableName: 'orders', Key }))).Item,
    ).toBeUndefined();
  });

  it('for an object that is not there is refused where it may not list the bucket', async () => {
    const missing = { Bucket: 'lost', Key: 'missing' };
    await expect(client(S3Client).send(new GetObjectCommand(missing))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: refused('s3:ListBucket', '"arn:aws:s3:::lost"'),
    });
    await expect(client(S3Client).send(new HeadObjectCommand(missing))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    await client(S3Client, 'OPERATOR').send(new PutObjectCommand({ Bucket: 'lost', Key: 'here', Body: 'a' }));
    const here = await client(S3Client).send(new GetObjectCommand({ Bucket: 'lost', Key: 'here' }));
    expect(await here.Body!.transformToString()).toBe('a');
  });

  it('whose permission is not known is refused by name', async () => {
    const Statement = 'SELECT * FROM orders';
    await expect(
      client(DynamoDBClient).send(new ExecuteStatementCommand({ Statement })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(
        /^ExecuteStatement of dynamodb by a function is not run here\..*--iam off/,
      ),
    });
  });

  it('changes no account: IAM and the settings of buckets are for operators', async () => {
    const iam = await raw('iam', {}, 'Action=CreatePolicy&PolicyName=more&PolicyDocument={}');
    const s3 = await fetch(`${guarded.cloud.endpointUrl}/new-bucket`, {
      method: 'PUT',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=api/20260101/eu-west-1/s3/aws4_request' },
    });

    expect([iam.status, await iam.text()]).toEqual([
      400,
      expect.stringContaining('CreatePolicy of iam by a function'),
    ]);
    expect([s3.status, await s3.text()]).toEqual([
      501,
      expect.stringContaining('CreateBucket of s3 by a function'),
    ]);
  });

  it('may be made by an operator', async () => {
    const dynamodb = client(DynamoDBClient, 'OPERATOR');
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(['orders']);
  });

  it('from its own code is refused when it is one too many, and the journal says which statement would allow it', async () => {
    const invoke = async (operation: string): Promise<unknown> => {
      const Payload = JSON.stringify({ operation });
      const answer = await client(LambdaClient, 'OPERATOR').send(
        new InvokeCommand({ FunctionName: 'api', Payload }),
      );
      return JSON.parse(Buffer.from(answer.Payload!).toString());
    };
    expect(await invoke('GetItem')).toMatchObject({ status: 200 });

    const message = refused('dynamodb:DeleteItem', TABLE);
    expect(await invoke('DeleteItem')).toEqual({
      status: 400,
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: message,
    });

    expect((await guarded.refusals())[0]).toMatchObject({
      caller: 'function api',
      action: 'dynamodb:DeleteItem',
      resource: TABLE,
      message,
      policy: 'role shop-api',
      statement: { Effect: 'Allow', Action: 'dynamodb:DeleteItem', Resource: TABLE },
    });
  });

  it('that a statement denies says in the journal which one', async () => {
    const publish = new PublishCommand({ TopicArn: arnOf('sns', 'news'), Message: 'm' });
    await client(SNSClient)
      .send(publish)
      .catch(() => undefined);
    expect((await guarded.refusals())[0]).toMatchObject({
      action: 'sns:Publish',
      statement: null,
      remove: 'role shop-api, statement 6 (NoTopics)',
    });
  });

  it('that is refused is found by any part of its trace', async () => {
    const target = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    await raw('dynamodb', { ...target, 'x-amzn-trace-id': 'Root=1-a-b;Parent=c' }, '{}');
    const refusals = async (trace: string): Promise<unknown> => {
      const query = new URLSearchParams({ view: 'refusals', trace });
      return (await fetch(`${guarded.cloud.endpointUrl}/_local/journal?${query}`)).json();
    };
    expect(await refusals('Root=1-a-b;Sampled=1')).toMatchObject({
      rows: [{ action: 'dynamodb:ListTables' }],
    });
    expect(await refusals('Root=1-a-c')).toEqual({ rows: [] });
    expect(await refusals('none')).toEqual({ rows: [] });
  });

  it('about a mapping is asked of the mapping', async () => {
    const UUID = 'orders';
    await expect(client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID }))).rejects.toThrow(
      /lambda:GetEventSourceMapping on resource: arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:[0-9a-f-]{36} /,
    );
  });
});
