import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetEventSourceMappingCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { ALL, arnOf, startGuarded } from './guarded-stack.fixture.ts';

describeWithEngine('a service acts', () => {
  let guarded: Awaited<ReturnType<typeof startGuarded>>;
  afterEach(() => guarded.stop());

  const as = <Client>(
    Service: new (config: {
      endpoint: string;
      region: string;
      forcePathStyle: boolean;
      credentials: { accessKeyId: string; secretAccessKey: string };
    }) => Client,
    accessKeyId = 'OPERATOR',
  ): Client =>
    new Service({
      endpoint: guarded.cloud.endpointUrl,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });

  const put = () =>
    as(DynamoDBClient).send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: '1' } } }));
  const publish = () =>
    as(EventBridgeClient).send(
      new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'a', Detail: '{}' }] }),
    );
  const messages = async (queue: string) => {
    const QueueUrl = `${guarded.cloud.endpointUrl}/000000000000/${queue}`;
    const answer = await as(SQSClient).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    return answer.Messages ?? [];
  };
  const lost = async () =>
    (await as(S3Client).send(new ListObjectsV2Command({ Bucket: 'lost' }))).Contents ?? [];
  const run = async () => {
    const stateMachineArn = arnOf('states', 'stateMachine:flow');
    const { executionArn } = await as(SFNClient).send(new StartExecutionCommand({ stateMachineArn }));
    await guarded.cloud.settled();
    return as(SFNClient).send(new DescribeExecutionCommand({ executionArn }));
  };

  it('where all is granted, and nothing is refused', async () => {
    guarded = await startGuarded();
    await put();
    await publish();
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: '{"hello":true}' });
    await guarded.cloud.settled();

    expect(await messages('mail')).toHaveLength(1);
    expect(await lost()).toHaveLength(1);
    expect(await messages('notices')).toHaveLength(1);
    expect((await fetch(`${guarded.cloud.apiUrl}/hello/ada`)).status).toBe(200);
    expect(await guarded.refusals()).toEqual([]);
  });

  it('and what has not been used of what is granted is told', async () => {
    guarded = await startGuarded();
    const idle = async (): Promise<string[]> => {
      const answer = await fetch(`${guarded.cloud.endpointUrl}/_local/refusals/grants`);
      const { grants } = (await answer.json()) as {
        grants: { statement: string; action: string; used: boolean }[];
      };
      return grants.filter(({ used }) => !used).map(({ statement, action }) => `${statement}: ${action}`);
    };
    const invoking = 'role shop-flow, statement 1: lambda:InvokeFunction';
    expect(await idle()).toContain(invoking);
    await run();
    await put();
    await publish();
    await guarded.cloud.settled();
    await fetch(`${guarded.cloud.apiUrl}/hello/ada`);

    expect(await idle()).toEqual([
      'role shop-api, statement 1: dynamodb:GetItem',
      'role shop-api, statement 1: dynamodb:PutItem',
      'role shop-reader, statement 5: sqs:SendMessage',
      'aws_sqs_queue_policy.notices, statement 2: sqs:SendMessage',
    ]);
  });

  it('a mapping whose function’s role may not read the stream delivers nothing and says why', async () => {
    const [, ...destination] = ALL.reader;
    guarded = await startGuarded({ reader: destination });
    await put();
    await guarded.cloud.settled();

    const { State, LastProcessingResult } = await as(LambdaClient).send(
      new GetEventSourceMappingCommand({ UUID: 'orders' }),
    );
    expect(State).toBe('Enabled');
    expect(LastProcessingResult).toMatch(
      /^PROBLEM: Access denied\. User: arn:aws:sts::000000000000:assumed-role\/shop-reader\/reader is not authorized to perform: dynamodb:GetRecords on resource: \S+\/stream\/\S+ because no identity-based policy allows/,
    );
    expect(guarded.cloud.journal.rows('invocations', '')).toEqual([]);
    expect((await guarded.refusals())[0]).toMatchObject({
      caller: 'Lambda for reader',
      policy: 'role shop-reader',
    });
  });

  it.each([
    ['s3:PutObject', [ALL.reader[0]!, ALL.reader[2]!]],
    ['s3:ListBucket', [ALL.reader[0]!, ALL.reader[1]!]],
  ])('what a mapping gives up is lost where the function’s role lacks %s', async (action, reader) => {
    guarded = await startGuarded({ reader });
    await put();
    await guarded.cloud.settled();
    expect(await lost()).toEqual([]);
    expect((await guarded.refusals())[0]).toMatchObject({ caller: 'Lambda for reader', action });
  });

  it('a task whose machine’s role may not invoke the function fails with Lambda’s error', async () => {
    guarded = await startGuarded({ flow: [] });
    expect(await run()).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining(
        'User: arn:aws:sts::000000000000:assumed-role/shop-flow/flow is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:000000000000:function:api because no identity-based policy allows the lambda:InvokeFunction action (Service: Lambda, Status Code: 403',
      ),
    });
  });

  it('a rule that a queue’s policy does not let in is not tried again: its event is a dead letter', async () => {
    guarded = await startGuarded({ queue: [] });
    await publish();
    await guarded.cloud.settled();
    expect(await messages('mail')).toEqual([]);
    const [letter] = await messages('notices');
    expect(letter!.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
    expect((await guarded.refusals())[0]).toMatchObject({
      caller: 'rule orders (events.amazonaws.com)',
      policy: `policy of ${arnOf('sqs', 'mail')}`,
      statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arnOf('sqs', 'mail'),
        Condition: {
          StringEquals: { 'aws:SourceAccount': '000000000000' },
          ArnEquals: { 'aws:SourceArn': arnOf('events', 'rule/orders') },
        },
      },
    });
  });

  it('a rule that may not write its dead letters either loses the event', async () => {
    guarded = await startGuarded({ queue: [], notices: [ALL.notices[0]!, ALL.notices[2]!] });
    await publish();
    await guarded.cloud.settled();
    expect(await messages('notices')).toEqual([]);
    expect(await guarded.refusals()).toHaveLength(2);
  });

  it('a bucket that a queue’s policy does not let in stores the object and tells nobody', async () => {
    guarded = await startGuarded({ notices: [ALL.notices[1]!, ALL.notices[2]!] });
    await as(S3Client).send(new PutObjectCommand({ Bucket: 'lost', Key: 'a', Body: 'a' }));
    expect(await lost()).toHaveLength(1);
    expect(await messages('notices')).toEqual([]);
    expect((await guarded.refusals())[0]).toMatchObject({ caller: 'arn:aws:s3:::lost (s3.amazonaws.com)' });
  });

  it.each([
    ['is let in', ALL.notices, 1],
    ['is not let in', ALL.notices.slice(0, 2), 0],
  ])('a topic that %s by a queue’s policy', async (_how, notices, expected) => {
    guarded = await startGuarded({ notices });
    await as(SNSClient).send(new PublishCommand({ TopicArn: arnOf('sns', 'news'), Message: 'm' }));
    expect(await messages('notices')).toHaveLength(expected);
    expect(await guarded.refusals()).toHaveLength(1 - expected);
  });

  it.each([
    ['may', ALL.reader, 1],
    ['may not', ALL.reader.slice(0, 4), 0],
  ])(
    'an invocation given up %s go to its destination by the function’s role',
    async (_may, reader, expected) => {
      guarded = await startGuarded({ reader });
      await as(LambdaClient).send(new InvokeCommand({ FunctionName: 'reader', InvocationType: 'Event' }));
      await guarded.cloud.settled();
      expect(await messages('mail')).toHaveLength(expected);
      expect((await guarded.refusals()).map(({ caller, action }) => `${caller} ${action}`)).toEqual(
        expected === 1 ? [] : ['Lambda for reader sqs:SendMessage'],
      );
    },
  );

  it('Lambda for a function, where the function’s own code may not', async () => {
    const notByTheCode = {
      Effect: 'Deny',
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': arnOf('lambda', 'function:reader') } },
    };
    guarded = await startGuarded({ reader: [...ALL.reader, notByTheCode] });
    await as(LambdaClient).send(new InvokeCommand({ FunctionName: 'reader', InvocationType: 'Event' }));
    await guarded.cloud.settled();
    expect(await messages('mail')).toHaveLength(1);

    const QueueUrl = `${guarded.cloud.endpointUrl}/000000000000/mail`;
    const send = as(SQSClient, 'reader').send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));
    await expect(send).rejects.toThrow(/with an explicit deny in an identity-based policy$/);
  });

  it('a function in a network reaches only what the endpoint of its network lets through', async () => {
    const tables = { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' };
    const network = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' };
    guarded = await startGuarded({ network: true, reader: [...ALL.reader, tables, network] });
    const dynamodb = as(DynamoDBClient, 'reader');
    const Key = { id: { S: '1' } };

    expect((await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key }))).Item).toBeUndefined();
    await expect(dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: Key }))).rejects.toThrow(
      /dynamodb:PutItem on resource: \S+ because no VPC endpoint policy allows the dynamodb:PutItem action$/,
    );
    expect((await guarded.refusals())[0]).toMatchObject({
      policy: 'the VPC endpoint that the function calls through',
      statement: { Effect: 'Allow', Principal: '*', Action: 'dynamodb:PutItem' },
    });
  });

  it('a function whose logs nobody may write runs, and that is told at the start', async () => {
    guarded = await startGuarded({ api: [ALL.api[0]!] });
    expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
    expect((await guarded.refusals()).map(({ caller, action }) => [caller, action])).toEqual([
      ['Lambda for api', 'logs:PutLogEvents'],
      ['Lambda for api', 'logs:CreateLogStream'],
    ]);
  });

  it('an API that the function does not let in answers with an internal error', async () => {
    guarded = await startGuarded({ permission: false });
    const answer = await fetch(`${guarded.cloud.apiUrl}/hello/ada`);
    expect([answer.status, await answer.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect((await guarded.refusals())[0]).toMatchObject({
      caller: 'route GET /hello/{name} (apigateway.amazonaws.com)',
      policy: `policy of ${arnOf('lambda', 'function:api')}`,
    });
  });
});

describe('a start is refused', () => {
  it.each([
    [
      'a condition that is not evaluated here',
      {
        api: [
          { Effect: 'Allow', Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '1' } } },
        ],
      },
      /role shop-api, statement 1: condition operator "IpAddress" is not evaluated here/,
    ],
    [
      'a role that Lambda may not take on',
      {
        trusted:
          '{"Statement":{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}}',
      },
      /function api: role \S+:role\/shop-api can't be taken on by lambda\.amazonaws\.com\. Allow it sts:AssumeRole/,
    ],
  ])('for %s', async (_what, change, message) => {
    await expect(startGuarded(change)).rejects.toThrow(message);
  });

  it('for a function in a network whose role may not make interfaces there', async () => {
    await expect(startGuarded({ network: true })).rejects.toThrow(
      /Lambda for reader: User: \S+ is not authorized to perform: ec2:CreateNetworkInterface on resource: \S+ because no identity-based policy allows/,
    );
  });

  it('but not where policies are not enforced', async () => {
    const { stop, cloud } = await startGuarded({ trusted: '{"Statement":[]}' }, { iam: 'off' });
    expect(await (await fetch(`${cloud.endpointUrl}/_local/refusals`)).json()).toEqual({
      iam: 'off',
      count: 0,
      refusals: [],
    });
    await stop();
  });
});
