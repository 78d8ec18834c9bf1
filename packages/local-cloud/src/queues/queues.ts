import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import { NOTHING_KEPT, type State } from '../journal/state.ts';
import type { QueueSource } from '../mappings/queue-source.ts';
import type { Bucket, Stack } from '../stack/model.ts';
import { ItemLocks } from '../tables/item-locks.ts';
import { deadLetterSources } from './dead-letter-sources.ts';
import { asAws, entityTooLarge } from './errors.ts';
import { buildFauxqsApp, loadFauxqsCore } from './fauxqs.ts';
import type { FauxqsApp, FauxqsCore, Stores } from './fauxqs.ts';
import { injectRequest, pathStyle, withQueryCode } from './http.ts';
import { readKeptQueues } from './kept-queue.ts';
import { LocalQueue } from './local-queue.ts';
import { createdBy, removedBy, notifiedQueues, objectCreatedMessage } from './object-created.ts';
import { ObjectRows } from './object-rows.ts';
import { createObjectStore } from './object-store.ts';
import { expectS3Operation, expectSnsOperation, expectSqsOperation, isLasting } from './operations.ts';
import { refusedBy } from './preconditions.ts';
import { createStores } from './stores.ts';

export interface QueuesOptions extends Pick<
  Stack,
  'queues' | 'topics' | 'subscriptions' | 'buckets' | 'region' | 'accountId'
> {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** Address of the endpoint, `http://127.0.0.1:4566`: clients follow a queue's URL. */
  readonly endpointUrl: () => string;
  /** Whether a bucket may tell a queue of its objects, and a topic send to one; all may when left out. */
  readonly mayNotify?: ((sourceArn: string, queueArn: string) => boolean) | undefined;
  /** What is told whenever a message comes to a queue, is received or goes; undefined for a queue that nobody watches. */
  readonly watcherOf?: ((queueName: string) => (() => void) | undefined) | undefined;
  /** Where what the queues hold is kept; nothing is when left out. */
  readonly state?: State;
  /** Where the buckets' objects are kept; when left out, in a temporary file that vanishes with the process. */
  readonly objectsDirectory?: string;
}

interface Running {
  readonly core: FauxqsCore;
  readonly stores: Stores;
  readonly objects: ObjectRows;
  readonly sources: ReadonlyMap<string, LocalQueue>;
}

/**
 * The stack's queues, topics and buckets, run by fauxqs: messages are in memory, objects on disk. Clients reach them
 * through {@link sqs}, {@link sns} and {@link s3}; the other parts of the cloud through the methods, which need no HTTP.
 */
export class Queues {
  readonly #options: QueuesOptions;
  readonly #state: State;
  readonly #buckets: ReadonlyMap<string, Bucket>;
  readonly #writes = new ItemLocks();
  #running: Running | undefined;
  #app: Promise<FauxqsApp> | undefined;

  constructor(options: QueuesOptions) {
    this.#options = options;
    this.#state = options.state ?? NOTHING_KEPT;
    this.#buckets = new Map(options.buckets.map((bucket) => [bucket.name, bucket]));
  }

  /**
   * Creates the stack's queues, topics, subscriptions and buckets, with what they held. Takes about 20 ms.
   * @throws Error with the remedy when what they held can't be read.
   */
  start(): void {
    const { queues, topics, subscriptions, buckets, region, accountId, clock, inFlight } = this.#options;
    const core = loadFauxqsCore();
    const sources = new Map<string, LocalQueue>();
    const names = {
      queueArn: (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`,
      queueUrl: (name: string) => `${this.#options.endpointUrl()}/${accountId}/${name}`,
      topicArn: (name: string) => `arn:aws:sns:${region}:${accountId}:${name}`,
    };
    const state = this.#state;
    const queueNames = queues.map(({ name }) => name);
    const before = state.isKept ? readKeptQueues(state, queueNames) : undefined;
    const objects = this.#openObjects();
    const stores = {
      s3Store: createObjectStore(core, objects, () => clock.now()),
      ...createStores(core, names, (queue) => {
        const deadLetterQueues = (arn: string) => stores.sqsStore.getQueueByArn(arn);
        const kept = before && { state, before: before(queue.name) };
        const onChange = this.#options.watcherOf?.(queue.name);
        sources.set(queue.arn, new LocalQueue({ queue, deadLetterQueues, clock, inFlight, kept, onChange }));
      }),
    };
    for (const { name, url, arn, attributes } of queues) {
      stores.sqsStore.createQueue(name, url, arn, attributes);
    }
    for (const { name } of topics) stores.snsStore.createTopic(name, undefined, undefined, region);
    for (const { topicArn, queueArn, raw } of subscriptions) {
      if (this.#options.mayNotify?.(topicArn, queueArn) === false) continue;
      stores.snsStore.subscribe(topicArn, 'sqs', queueArn, { RawMessageDelivery: String(raw) });
    }
    for (const { name } of buckets) stores.s3Store.createBucket(name);
    this.#running = { core, stores, objects, sources };
  }

  /** Ends every waiting receive. What the queues and buckets held is gone, unless it is kept. */
  async stop(): Promise<void> {
    const running = this.#running;
    const app = this.#app;
    this.#running = undefined;
    this.#app = undefined;
    for (const source of running?.sources.values() ?? []) source.stop();
    running?.stores.sqsStore.shutdown();
    await (await app)?.close();
    running?.objects.close();
  }

  readonly sqs: ServiceHandler = async (request) => {
    expectSqsOperation(request);
    if (request.operation === 'ListDeadLetterSourceQueues') {
      return deadLetterSources(request, this.#options.queues);
    }
    const answer = withQueryCode(await this.#answer(request, '/'));
    if (isLasting(request.operation)) await this.#durable();
    return answer;
  };

  readonly sns: ServiceHandler = async (request) => {
    expectSnsOperation(request);
    const answer = await this.#answer(request, '/');
    if (isLasting(request.operation)) await this.#durable();
    return answer;
  };

  readonly s3: ServiceHandler = async (request) => {
    const url = pathStyle(request);
    expectS3Operation(request, url);
    const created = createdBy(request, url);
    const written = created ?? removedBy(request, url);
    if (!written) return this.#answer(request, url);
    // From the condition to the object nobody else may write it.
    const release = await this.#writes.acquire([`${written.bucket}/${written.key}`]);
    try {
      const refused = refusedBy(request.headers, this.#eTagOf(written.bucket, written.key));
      if (refused) return refused;
      const response = await this.#answer(request, url);
      if (response.status === 413) throw entityTooLarge(request.body.length);
      if (created && response.status === 200) {
        await this.#tellOf(created.bucket, created.key, created.eventName);
      }
      return response;
    } finally {
      release();
    }
  };

  /** How many messages the queues and objects the buckets hold. */
  held(): { readonly messages: number; readonly objects: ReturnType<ObjectRows['held']> } {
    const { sources, objects } = this.#live();
    return {
      messages: [...sources.values()].reduce((sum, { size }) => sum + size, 0),
      objects: objects.held(),
    };
  }

  /** How many messages of a queue can be received now, and all of them. @throws AwsError `QueueDoesNotExist` */
  depth(queueArn: string): LocalQueue['depth'] {
    return this.#source(queueArn).depth;
  }

  /** The queue as a mapping reads it. @throws AwsError `QueueDoesNotExist` */
  source(queueArn: string): QueueSource {
    return this.#source(queueArn);
  }

  /**
   * @param attributes message attributes: texts become String, numbers Number.
   * @throws AwsError where SQS would refuse the message.
   */
  async sendMessage(
    queueArn: string,
    body: string,
    attributes: Readonly<Record<string, string | number>> = {},
  ): Promise<void> {
    const { core, stores } = this.#live();
    const { name } = this.#source(queueArn);
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([attribute, value]) => [
        attribute,
        { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
      ]),
    );
    asAws(() => core.sendMessage({ QueueUrl: name, MessageBody: body, MessageAttributes }, stores.sqsStore));
    await this.#durable();
  }

  /** @throws AwsError where SNS would refuse the message, `NotFound` when there is no such topic. */
  async publish(topicArn: string, message: string, subject?: string): Promise<void> {
    const { core, stores } = this.#live();
    const parameters = {
      TopicArn: topicArn,
      Message: message,
      ...(subject !== undefined && { Subject: subject }),
    };
    asAws(() => core.publish(parameters, stores.snsStore, stores.sqsStore));
    await this.#durable();
  }

  /** @throws AwsError `NoSuchBucket` */
  async putObject(bucketArn: string, key: string, body: string | Buffer, contentType: string): Promise<void> {
    const bucket = bucketName(bucketArn);
    asAws(() => this.#live().stores.s3Store.putObject(bucket, key, Buffer.from(body), contentType));
    await this.#tellOf(bucket, key, 'ObjectCreated:Put');
  }

  /** What a caller is told was accepted outlives the process. */
  #durable(): Promise<void> | undefined {
    return this.#state.isKept ? this.#state.durable() : undefined;
  }

  /** The objects of the buckets. That they are kept is noted, so that a folder without them is never taken for new. */
  #openObjects(): ObjectRows {
    const { objectsDirectory } = this.#options;
    const objects = new ObjectRows(objectsDirectory, this.#state.entries('objects').length > 0);
    if (objectsDirectory !== undefined) this.#state.put('objects', 'kept', true);
    return objects;
  }

  async #answer(request: ServiceRequest, url: string): Promise<ServiceResponse> {
    this.#app ??= buildFauxqsApp(this.#live().stores);
    return injectRequest(await this.#app, request, url, new URL(this.#options.endpointUrl()).host);
  }

  async #tellOf(bucketName: string, key: string, eventName: string): Promise<void> {
    const bucket = this.#buckets.get(bucketName);
    if (!bucket || bucket.notifications.length === 0) return;
    const { clock, region, accountId } = this.#options;
    const { contentLength, etag } = this.#live().stores.s3Store.headObject(bucketName, key);
    const created = {
      bucket,
      key,
      eventName,
      size: contentLength,
      eTag: etag,
      at: clock.now(),
      region,
      accountId,
    };
    for (const queueArn of notifiedQueues(created)) {
      if (this.#options.mayNotify?.(bucket.arn, queueArn) === false) continue;
      await this.sendMessage(queueArn, objectCreatedMessage(created));
    }
  }

  /** Undefined when there is no such object. */
  #eTagOf(bucket: string, key: string): string | undefined {
    try {
      return this.#live().stores.s3Store.headObject(bucket, key).etag;
    } catch {
      return undefined;
    }
  }

  #source(queueArn: string): LocalQueue {
    const source = this.#live().sources.get(queueArn);
    if (source) return source;
    throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${queueArn}.`);
  }

  #live(): Running {
    if (this.#running) return this.#running;
    throw new Error('The queues are not running: call start() first.');
  }
}

function bucketName(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
