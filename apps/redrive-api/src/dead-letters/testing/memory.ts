import type { Deployment } from '../deployment.ts';
import type { Functions } from '../functions.ts';
import type { Objects } from '../ordered-objects.ts';
import { markOf } from '../place.ts';
import type { Queue, QueueMessage } from '../queue.ts';

type Condition = Parameters<Objects['put']>[3];

export const DEPLOYMENT: Deployment = {
  bucket: 'letters',
  notices: 'notices',
  workflowArn: 'arn:aws:states:eu-west-1:1:stateMachine:shop-order-workflow',
  tables: new Map([
    ['shop-orders', 'orders'],
    ['shop-activity', 'activity'],
  ]),
  readers: {
    'stream-dispatcher': 'shop-stream-dispatcher:live',
    'track-activity': 'shop-track-activity:live',
  },
  consumers: {
    'notify-customer': {
      function: 'shop-notify-customer:live',
      deadLetters: 'notify-customer',
      delivery: 'queued',
    },
    'sweep-orders': { function: 'shop-sweep-orders:live', deadLetters: 'sweep-orders', delivery: 'direct' },
    'track-sales': { function: 'shop-track-sales:live', deadLetters: 'track-sales', delivery: 'queued' },
  },
};

/** A bucket in memory. */
export class MemoryObjects implements Objects {
  readonly texts = new Map<string, string>();
  /** Keys that were read, in that order. */
  readonly read: string[] = [];
  /** Set where the next removal is not to come about. */
  crash: Error | undefined;

  async *keys(prefix: string, after = ''): AsyncGenerator<string> {
    for (const key of [...this.texts.keys()].sort()) if (key.startsWith(prefix) && key > after) yield key;
  }

  async get(key: string) {
    this.read.push(key);
    const text = this.texts.get(key);
    return text === undefined
      ? undefined
      : { text, lastModified: '2026-01-02T00:00:00.000Z', eTag: markOf(text) };
  }

  async put(key: string, body: unknown, _type?: string, condition?: Condition): Promise<boolean> {
    if (!this.#holds(key, condition)) return false;
    this.texts.set(key, String(body));
    return true;
  }

  async has(key: string): Promise<boolean> {
    return this.texts.has(key);
  }

  async remove(key: string, condition?: Condition): Promise<boolean> {
    const { crash } = this;
    this.crash = undefined;
    if (crash) throw crash;
    if (this.texts.has(key) && !this.#holds(key, condition)) return false;
    this.texts.delete(key);
    return true;
  }

  #holds(key: string, condition: Condition | undefined): boolean {
    const text = this.texts.get(key);
    if (condition === undefined) return true;
    return 'ifMatch' in condition
      ? text !== undefined && markOf(text) === condition.ifMatch
      : text === undefined;
  }
}

/** What functions are given, as far as tests look at it. */
export interface InvokedEvent {
  readonly Records: readonly {
    readonly body: string;
    readonly dynamodb: { readonly SequenceNumber: string };
  }[];
}

/** Functions that note what they are given. */
export class NotedFunctions implements Functions {
  readonly invoked: { name: string; event: InvokedEvent }[] = [];
  /** Why an event is not handled; handled where it is undefined. */
  why: (event: InvokedEvent) => string | undefined = () => undefined;

  async invoke(name: string, event: unknown): Promise<string | undefined> {
    const read: InvokedEvent = JSON.parse(JSON.stringify(event));
    this.invoked.push({ name, event: read });
    return this.why(read);
  }
}

/** A queue in memory: what is received is held until it is removed or given back. */
export class MemoryQueue implements Queue {
  readonly messages: QueueMessage[] = [];
  /** Ids of the messages that somebody holds. */
  readonly held = new Set<string>();

  send(body: unknown, attributes: Record<string, string> = {}): void {
    const id = `message-${this.messages.length + 1}`;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const sentAt = `2026-01-01T00:00:${String(this.messages.length).padStart(2, '0')}.000Z`;
    this.messages.push({ id, body: text, receiptHandle: id, sentAt, attributes });
  }

  async waiting(): Promise<number> {
    return this.messages.length - this.held.size;
  }

  async receive(): Promise<QueueMessage[]> {
    const some = this.messages.filter(({ id }) => !this.held.has(id)).slice(0, 10);
    for (const { id } of some) this.held.add(id);
    return some;
  }

  /** As SQS: only who holds a message can remove it. */
  async remove({ id }: QueueMessage): Promise<void> {
    if (!this.held.delete(id)) return;
    this.messages.splice(
      this.messages.findIndex((message) => message.id === id),
      1,
    );
  }

  async giveBack(messages: readonly QueueMessage[]): Promise<void> {
    for (const { id } of messages) this.held.delete(id);
  }
}

/** A record of the orders' stream. */
export function change(orderId: string, sequence: number) {
  return {
    eventID: `event-${sequence}`,
    eventName: 'MODIFY',
    dynamodb: {
      ApproximateCreationDateTime: 1_767_225_600,
      Keys: { orderId: { S: orderId } },
      NewImage: { status: { S: 'PAID' } },
      SequenceNumber: String(sequence),
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/shop-orders/stream/2026-01-01T00:00:00.000',
  };
}

/** What Lambda writes of a batch that it gives up. */
export function givenUp(event: object, more: object = {}): string {
  return JSON.stringify({
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
      functionArn: 'arn:aws:lambda:eu-west-1:1:function:shop-stream-dispatcher',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-01-01T00:38:06.021Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: '800000000003126276362',
      endSequenceNumber: '800000000003126276362',
      approximateArrivalOfFirstRecord: '2026-01-01T00:37:19Z',
      approximateArrivalOfLastRecord: '2026-01-01T00:37:19Z',
      batchSize: 1,
      streamArn: 'arn:aws:dynamodb:eu-west-1:1:table/shop-orders/stream/2026-01-01T00:00:00.000',
    },
    payload: JSON.stringify(event),
    ...more,
  });
}

/** Where Lambda writes it. */
export function givenUpKey(second: number, number = 1, shard = 1): string {
  const time = `2026-01-01T00.38.${String(second).padStart(2, '0')}`;
  const uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return `aws/lambda/6b7b4ba6-1111-4111-8111-0123456789ab/shardId-${shard}/2026/01/01/${time}-${uuid}`;
}

/** An event as its rule delivers it. */
export function busEvent(type: string, orderId: string) {
  return {
    version: '0',
    id: `${type}-${orderId}`,
    'detail-type': type,
    source: 'orderstream.orders',
    time: '2026-01-01T00:00:00Z',
    detail: { subject: { kind: 'order', id: orderId, itemVersion: 1 }, message: 'Something happened.' },
  };
}
