import { SNSClient } from '@aws-sdk/client-sns';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { MovableClock } from '../clock.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import { InFlight } from '../in-flight.ts';
import { Queues } from './queues.ts';

export const ACCOUNT = '210987654321';
export const REGION = 'eu-central-1';
export const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;

/** Retries twice, after a minute, then moves to {@link DEAD}. The topic `news` and the bucket send to it. */
export const WORK = arn('sqs', 'work');
export const DEAD = arn('sqs', 'dead');
/** Delivers after 15 minutes. */
export const LATER = arn('sqs', 'later');
export const LANE = arn('sqs', 'lane.fifo');
export const NEWS = arn('sns', 'news');
/** Tells {@link WORK} of objects under `failed/`. */
export const AUDIT = 'arn:aws:s3:::audit-trail';

/** Queues behind an endpoint with the SDK's clients: new queues for each test, all else for all tests of a file. */
export function setUpQueues() {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const endpoint = new Endpoint({
    handlers: {
      sqs: (request) => queues.sqs(request),
      sns: (request) => queues.sns(request),
      s3: (request) => queues.s3(request),
    },
    callers: new Map(),
  });
  let queues!: Queues;
  let url!: string;
  let clients!: { sqs: SQSClient; sns: SNSClient; s3: S3Client };
  const setUp = {
    clock,
    inFlight,
    get queues() {
      return queues;
    },
    get sqs() {
      return clients.sqs;
    },
    get sns() {
      return clients.sns;
    },
    get s3() {
      return clients.s3;
    },
    queueUrl: (name: string) => `${url}/${ACCOUNT}/${name}`,
    /** Receives what a queue holds. */
    bodies: (queueArn: string) =>
      queues
        .source(queueArn)
        .receive(100)
        .map(({ body }) => body),
  };

  beforeAll(async () => {
    url = `http://127.0.0.1:${await endpoint.listen(0)}`;
    const access = {
      endpoint: url,
      region: REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    clients = {
      sqs: new SQSClient(access),
      sns: new SNSClient(access),
      s3: new S3Client({ ...access, forcePathStyle: true }),
    };
  });

  afterAll(async () => {
    for (const client of Object.values(clients)) client.destroy();
    clock.stop();
    await endpoint.close();
  });

  beforeEach(() => {
    const queue = (name: string, attributes = {}) => ({
      name,
      arn: arn('sqs', name),
      url: setUp.queueUrl(name),
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
      topics: [{ name: 'news', arn: NEWS }],
      subscriptions: [{ arn: `${NEWS}:1`, topicArn: NEWS, queueArn: WORK, raw: true }],
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
      endpointUrl: () => url,
    });
    queues.start();
  });

  afterEach(() => setUp.queues.stop());

  return setUp;
}
