import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../cloud.ts';
import { describeWithEngine } from '../tables/tables.fixture.ts';

const DESTINATIONS = {
  queue: '${aws_sqs_queue.failures.arn}',
  topic: '${aws_sns_topic.failures.arn}',
  bucket: '${aws_s3_bucket.failures.arn}',
};

/** A table, and for each destination a function that always fails on its changes. */
function stackOf(zip: string) {
  const each = <T>(make: (name: string, destination: string) => T) =>
    Object.fromEntries(Object.entries(DESTINATIONS).map(([name, arn]) => [name, make(name, arn)]));
  return {
    resource: {
      aws_dynamodb_table: {
        orders: {
          name: 'orders',
          hash_key: 'id',
          attribute: [{ name: 'id', type: 'S' }],
          stream_enabled: true,
          stream_view_type: 'NEW_AND_OLD_IMAGES',
        },
      },
      aws_iam_role: { role: { name: 'role', assume_role_policy: '{}' } },
      aws_lambda_function: each((name) => ({
        function_name: `fails-to-${name}`,
        filename: zip,
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        role: '${aws_iam_role.role.arn}',
      })),
      aws_lambda_event_source_mapping: each((name, destination_arn) => ({
        function_name: `\${aws_lambda_function.${name}.arn}`,
        event_source_arn: '${aws_dynamodb_table.orders.stream_arn}',
        starting_position: 'TRIM_HORIZON',
        maximum_retry_attempts: 0,
        destination_config: { on_failure: { destination_arn } },
      })),
      aws_sqs_queue: { failures: { name: 'failures' }, subscriber: { name: 'subscriber' } },
      aws_sns_topic: { failures: { name: 'failures' } },
      aws_sns_topic_subscription: {
        subscriber: {
          topic_arn: '${aws_sns_topic.failures.arn}',
          protocol: 'sqs',
          endpoint: '${aws_sqs_queue.subscriber.arn}',
        },
      },
      aws_s3_bucket: { failures: { bucket: 'failures' } },
    },
  };
}

const ORDER = { id: { S: 'o-1' }, total: { N: '12.50' }, picture: { B: new Uint8Array([1, 2, 255]) } };

describeWithEngine('a change that its function never handles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'on-failure-'));
  let cloud: LocalCloud;
  let clients: { dynamodb: DynamoDBClient; sqs: SQSClient; s3: S3Client };

  beforeAll(async () => {
    const zip = join(folder, 'code.zip');
    const code = 'exports.handler = async () => { throw new Error("never") };';
    writeFileSync(zip, zipSync({ 'index.js': strToU8(code) }));
    const stackFile = join(folder, 'cdk.tf.json');
    writeFileSync(stackFile, JSON.stringify(stackOf(zip)));
    cloud = await LocalCloud.start({ stackFile, iam: 'off' });
    const access = {
      endpoint: cloud.endpointUrl,
      region: cloud.stack.region,
      credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
    };
    clients = {
      dynamodb: new DynamoDBClient(access),
      sqs: new SQSClient(access),
      s3: new S3Client({ ...access, forcePathStyle: true }),
    };
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: ORDER }));
    await cloud.settled();
  });
  afterAll(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  /** The body of a queue's one message. */
  const received = async (queue: string): Promise<unknown> => {
    const QueueUrl = cloud.stack.queues.find(({ name }) => name === queue)!.url;
    const { Messages } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(Messages).toHaveLength(1);
    return JSON.parse(Messages![0]!.Body!);
  };
  const messageFrom = (functionName: string) => {
    const stream = cloud.stack.tables[0]!.stream!.arn;
    const second = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
    const sequenceNumber = expect.stringMatching(/^\d{21}$/) as string;
    return {
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
        functionArn: cloud.stack.functions.find(({ name }) => name === functionName)!.arn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/) as string,
        startSequenceNumber: sequenceNumber,
        endSequenceNumber: sequenceNumber,
        approximateArrivalOfFirstRecord: second,
        approximateArrivalOfLastRecord: second,
        batchSize: 1,
        streamArn: stream,
      },
    };
  };

  it('is told to a queue', async () => {
    expect(await received('failures')).toEqual(messageFrom('fails-to-queue'));
  });

  it('is told to a topic’s subscribers', async () => {
    const notification = (await received('subscriber')) as {
      Type: string;
      TopicArn: string;
      Message: string;
    };

    expect(notification).toMatchObject({ Type: 'Notification', TopicArn: cloud.stack.topics[0]!.arn });
    expect(JSON.parse(notification.Message)).toEqual(messageFrom('fails-to-topic'));
  });

  it('is kept in a bucket, with the event that the function was given', async () => {
    const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
    expect(Contents).toHaveLength(1);
    const { Key } = Contents![0]!;
    const { Body, ContentType } = await clients.s3.send(new GetObjectCommand({ Bucket: 'failures', Key }));
    const { payload, ...message } = JSON.parse(await Body!.transformToString()) as { payload: string };

    expect(message).toEqual(messageFrom('fails-to-bucket'));
    expect(ContentType).toBe('application/json');
    const { shardId } = (message as unknown as ReturnType<typeof messageFrom>).DDBStreamBatchInfo;
    const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const time = '\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d';
    expect(Key).toMatch(new RegExp(`^aws/lambda/${uuid}/${shardId}/${time}-${uuid}$`));
    expect(JSON.parse(payload)).toMatchObject({
      Records: [
        {
          eventName: 'INSERT',
          eventSource: 'aws:dynamodb',
          dynamodb: {
            Keys: { id: { S: 'o-1' } },
            NewImage: { id: { S: 'o-1' }, total: { N: '12.5' }, picture: { B: 'AQL/' } },
          },
        },
      ],
    });
  });
});
