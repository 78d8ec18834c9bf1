import { SNSClient } from '@aws-sdk/client-sns';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '../clock.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
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

/**
 * Queues behind an endpoint with the SDK's clients: new queues for each test, all else for all tests of a file.
 *
 * @param kept whether what they hold is kept in a folder of its own.
 */
export function setUpQueues({ kept = false } = {}) {
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
  let journal: Journal | undefined;
  let folder!: string;
  /** What a dead process left behind has no effect any more, and is cleaned up at the end. */
  const leftovers: (() => Promise<void> | void)[] = [];
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
    /** Where the queues' state is. */
    folder: () => folder,
    /**
     * Makes new queues from what is in the files at this moment: what a killed process leaves.
     * @param change of the files, before they are read.
     */
    crash(change: (folder: string) => void = () => undefined) {
      const [dead, deadJournal, before] = [queues, journal, folder];
      folder = mkdtempSync(join(tmpdir(), 'queues-'));
      cpSync(before, folder, { recursive: true });
      leftovers.push(async () => {
        await dead.stop();
        deadJournal?.close();
        rmSync(before, { recursive: true });
      });
      change(folder);
      start();
    },
  };

  function start() {
    const queue = (name: string, attributes = {}) => ({
      name,
      arn: arn('sqs', name),
      url: setUp.queueUrl(name),
      attributes,
    });
    journal = kept ? new Journal(join(folder, 'journal.sqlite')) : undefined;
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
      ...(journal && { state: journal, objectsDirectory: join(folder, 'objects') }),
    });
    queues.start();
  }

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
    folder = mkdtempSync(join(tmpdir(), 'queues-'));
    start();
  });

  afterEach(async () => {
    await queues.stop();
    journal?.close();
    for (const end of leftovers.splice(0)) await end();
    rmSync(folder, { recursive: true });
  });

  return setUp;
}
