import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { Readable } from 'node:stream';
import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import { listen } from './clients.fixture.ts';
import { Queues } from './queues.ts';

const ACCOUNT = '210987654321';
const REGION = 'eu-central-1';
const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
const WORK = arn('sqs', 'work');
const DEAD = arn('sqs', 'dead');
const AUDIT = 'arn:aws:s3:::audit-trail';

const clock = new MovableClock();
const inFlight = new InFlight();
let endpoint: Awaited<ReturnType<typeof listen>>;
let queues: Queues;
let sqs: SQSClient;
let sns: SNSClient;
let s3: S3Client;

beforeAll(async () => {
  endpoint = await listen(() => queues);
  const access = {
    endpoint: endpoint.url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  sqs = new SQSClient(access);
  sns = new SNSClient(access);
  s3 = new S3Client({ ...access, forcePathStyle: true });
});

afterAll(async () => {
  for (const client of [sqs, sns, s3]) client.destroy();
  clock.stop();
  await endpoint.close();
});

const queueUrl = (name: string) => `${endpoint.url}/${ACCOUNT}/${name}`;

beforeEach(() => {
  const queue = (name: string, attributes = {}) => ({
    name,
    arn: arn('sqs', name),
    url: queueUrl(name),
    attributes,
  });
  queues = new Queues({
    queues: [
      queue('dead'),
      queue('work', {
        VisibilityTimeout: '60',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD, maxReceiveCount: 2 }),
      }),
      queue('later', { DelaySeconds: '900' }),
      queue('lane.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' }),
    ],
    topics: [{ name: 'news', arn: arn('sns', 'news') }],
    subscriptions: [
      { arn: `${arn('sns', 'news')}:1`, topicArn: arn('sns', 'news'), queueArn: WORK, raw: true },
    ],
    buckets: [
      {
        name: 'audit-trail',
        arn: AUDIT,
        notifications: [{ queueArn: WORK, events: ['s3:ObjectCreated:*'], prefix: 'failed/' }],
      },
    ],
    region: REGION,
    accountId: ACCOUNT,
    clock,
    inFlight,
    endpointUrl: () => endpoint.url,
  });
  queues.start();
});

afterEach(() => queues.stop());

/** Resolves with the next message of a queue, woken by its arrival. */
function nextMessage(queueArn: string) {
  const source = queues.source(queueArn);
  return new Promise<ReturnType<typeof source.receive>[number]>((resolve) => {
    const end = source.onMessage(() => {
      const [message] = source.receive(1);
      if (!message) return;
      end();
      resolve(message);
    });
  });
}

const bodies = (queueArn: string) =>
  queues
    .source(queueArn)
    .receive(100)
    .map(({ body }) => body);

describe('SQS through the SDK', () => {
  test('a message goes through a queue whose URL is at the endpoint', async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } },
      }),
    );
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));

    expect(QueueUrl).toBe(queueUrl('work'));
    expect(Messages).toMatchObject([
      { Body: 'hello', MessageAttributes: { kind: { StringValue: 'greeting' } } },
    ]);
  });

  test('a queue has the stack’s attributes and ARN', async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl('work'), AttributeNames: ['All'] }),
    );

    expect(Attributes).toMatchObject({ QueueArn: WORK, VisibilityTimeout: '60' });
  });

  test('a long poll ends at once when a message arrives', async () => {
    const receiving = sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('work'), WaitTimeSeconds: 20 }),
    );
    await queues.sendMessage(WORK, 'hello');

    expect((await receiving).Messages).toMatchObject([{ Body: 'hello' }]);
  });

  test('stopping ends a long poll', async () => {
    const request = { service: 'sqs', operation: 'ReceiveMessage', method: 'POST', url: '/' };
    const receiving = queues.sqs({
      ...request,
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from(JSON.stringify({ QueueUrl: queueUrl('work'), WaitTimeSeconds: 20 })),
      caller: { kind: 'operator', name: 'test', roleArn: undefined },
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await queues.stop();

    expect((await receiving).status).toBe(200);
  });

  test('an unknown queue is SQS’s own error', async () => {
    const sending = sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('nowhere'), MessageBody: 'hello' }));

    await expect(sending).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('a mapping’s queue', () => {
  test('a message wakes the listener and has the form of Lambda’s record', async () => {
    const message = nextMessage(WORK);
    await queues.sendMessage(WORK, 'hello', { code: 'late', count: 3 });

    expect(await message).toEqual({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {
        code: { dataType: 'String', stringValue: 'late', stringListValues: [], binaryListValues: [] },
        count: { dataType: 'Number', stringValue: '3', stringListValues: [], binaryListValues: [] },
      },
    });
  });

  test('a message that was there before the listener wakes it, too', async () => {
    await queues.sendMessage(WORK, 'early');

    expect((await nextMessage(WORK)).body).toBe('early');
  });

  test('messages of one turn of the event loop arrive together', async () => {
    const source = queues.source(WORK);
    const received = new Promise<number>((resolve) => {
      source.onMessage(() => resolve(source.receive(100).length));
    });
    for (let number = 0; number < 25; number++) await queues.sendMessage(WORK, `message ${number}`);

    expect(await received).toBe(25);
  });

  test('a message nobody deletes comes back after the visibility timeout, then goes to the dead letters', async () => {
    const source = queues.source(WORK);
    const counts: (string | undefined)[] = [];
    source.onMessage(() => {
      for (const { attributes } of source.receive(10)) counts.push(attributes['ApproximateReceiveCount']);
    });
    await queues.sendMessage(WORK, 'poison');
    await untilTrue(() => counts.length === 1);

    await clock.advance(59_000);
    expect(counts).toEqual(['1']);
    await clock.advance(1_000);
    await untilTrue(() => counts.length === 2);
    await clock.advance(60_000);
    await inFlight.settled();

    expect(counts).toEqual(['1', '2']);
    expect(bodies(DEAD)).toEqual(['poison']);
  });

  test('a delayed message wakes the listener when its delay has passed', async () => {
    const message = nextMessage(arn('sqs', 'later'));
    await queues.sendMessage(arn('sqs', 'later'), 'patience');
    await clock.advance(900_000);

    expect((await message).body).toBe('patience');
  });

  test('a message sent after the clock moved is not received early', async () => {
    await clock.advance(3_600_000);
    await queues.sendMessage(arn('sqs', 'later'), 'patience');

    expect(bodies(arn('sqs', 'later'))).toEqual([]);
  });

  test('the next message of a FIFO group wakes the listener when the one before is deleted', async () => {
    const lane = arn('sqs', 'lane.fifo');
    for (const MessageBody of ['first', 'second']) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl('lane.fifo'), MessageBody, MessageGroupId: 'g' }),
      );
    }
    const source = queues.source(lane);
    const order: string[] = [];
    source.onMessage(() => {
      for (const { body, receiptHandle } of source.receive(10)) {
        order.push(body);
        source.delete([receiptHandle]);
      }
    });
    await inFlight.settled();

    expect(order).toEqual(['first', 'second']);
  });

  test('a message is in flight from sending to deletion while someone listens', async () => {
    const source = queues.source(WORK);
    await queues.sendMessage(WORK, 'before');
    expect(inFlight.counts()).toEqual({});
    const end = source.onMessage(() => undefined);
    await queues.sendMessage(WORK, 'after');
    expect(inFlight.counts()).toEqual({ message: 2 });

    const [first] = source.receive(1);
    source.delete([first!.receiptHandle]);
    expect(inFlight.counts()).toEqual({ message: 1 });

    end();
    expect(inFlight.counts()).toEqual({});
  });
});

describe('topics', () => {
  test('a topic of the stack delivers to its queue, from the SDK and from inside', async () => {
    await sns.send(new PublishCommand({ TopicArn: arn('sns', 'news'), Message: 'from outside & "quoted"' }));
    await queues.publish(arn('sns', 'news'), 'from inside');

    expect(bodies(WORK)).toEqual(['from outside & "quoted"', 'from inside']);
  });

  test('an unknown topic is refused', async () => {
    await expect(queues.publish(arn('sns', 'nowhere'), 'lost')).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('S3 through the SDK', () => {
  const Bucket = 'audit-trail';
  const text = (object: { Body?: { transformToString(): Promise<string> } }) =>
    object.Body?.transformToString();

  test.each([
    ['a text', 'one body'],
    ['a buffer', Buffer.from('one body')],
    [
      'a stream of known length, sent in chunks with a trailing checksum',
      Readable.from([Buffer.from('one body')]),
    ],
  ])('puts and gets %s', async (_, Body) => {
    const Key = 'aws/lambda/0b6ac0a5-7a4a-4b6e/shardId-000/2026/01/01/2026-01-01T00.00.00-Grüße & co.json';
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentLength: 8,
        ContentType: 'application/json',
        Metadata: { by: 'test' },
      }),
    );
    const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    const list = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'aws/lambda/' }));

    expect(await text(object)).toBe('one body');
    expect(object).toMatchObject({ ContentType: 'application/json', Metadata: { by: 'test' } });
    expect(head.ContentLength).toBe(8);
    expect(list.Contents).toMatchObject([{ Key, Size: 8 }]);
  });

  test('puts and gets an empty object', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: Buffer.alloc(0) }));

    expect(await text(await s3.send(new GetObjectCommand({ Bucket, Key: 'empty' })))).toBe('');
  });

  test('an object that may only be put once is refused the second time', async () => {
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfNoneMatch: '*' }));
    await put();

    await expect(put()).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('a missing object is S3’s own error', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'nowhere' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  test('every way to create an object under the prefix tells the queue, in S3’s words', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'elsewhere/a', Body: 'silent' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'failed/a b', Body: 'put' }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'failed/copy', CopySource: `${Bucket}/elsewhere/a` }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'failed/parts' }));
    const part = { Bucket, Key: 'failed/parts', UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'part' }));
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: 'failed/parts',
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    await queues.putObject(AUDIT, 'failed/inside', 'inside', 'text/plain');

    const records = bodies(WORK).flatMap((body) => (JSON.parse(body) as { Records: unknown[] }).Records);
    expect(records).toMatchObject([
      {
        eventSource: 'aws:s3',
        awsRegion: REGION,
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: Bucket, arn: AUDIT }, object: { key: 'failed/a+b', size: 3 } },
      },
      { eventName: 'ObjectCreated:Copy', s3: { object: { key: 'failed/copy', size: 6 } } },
      {
        eventName: 'ObjectCreated:CompleteMultipartUpload',
        s3: { object: { key: 'failed/parts', size: 4 } },
      },
      { eventName: 'ObjectCreated:Put', s3: { object: { key: 'failed/inside', size: 6 } } },
    ]);
  });

  test('what was put from inside is read from inside', async () => {
    await queues.putObject(AUDIT, 'inside', 'text', 'text/plain');

    expect((await queues.getObject(AUDIT, 'inside')).toString()).toBe('text');
    await expect(queues.getObject(AUDIT, 'nowhere')).rejects.toMatchObject({ code: 'NoSuchKey' });
  });
});

test('an unknown queue is refused by name', async () => {
  await expect(queues.sendMessage(arn('sqs', 'nowhere'), 'lost')).rejects.toMatchObject({
    code: 'QueueDoesNotExist',
    message: expect.stringContaining('nowhere'),
  });
});

/** Waits, a turn of the event loop at a time, until `condition` holds. */
async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
