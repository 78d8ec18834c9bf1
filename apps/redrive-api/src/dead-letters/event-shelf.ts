import type { Deployment, EventConsumer } from './deployment.ts';
import { deadEvent, type DeadEvent } from './dead-event.ts';
import type { Functions } from './functions.ts';
import type { Shelf, Waiting, Wanted } from './letter.ts';
import { readLetterId } from './letter-id.ts';
import { receiveAll, type Queue, type QueueMessage } from './queue.ts';

/** What is looked at in one queue in one walk: the rest of a long one comes when these are gone. */
const MOST = { messages: 1_000, characters: 50_000_000 };

/** Events that are redriven at once: consumers take them in any order. */
const AT_ONCE = 8;

/** The events that consumers could not handle. */
export class EventShelf implements Shelf {
  readonly kind = 'event';
  readonly keepsPlaces = false;
  readonly #queueAt: (url: string) => Queue;
  readonly #functions: Functions;
  readonly #deployment: Pick<Deployment, 'consumers'>;

  constructor(
    queueAt: (url: string) => Queue,
    functions: Functions,
    deployment: Pick<Deployment, 'consumers'>,
  ) {
    this.#queueAt = queueAt;
    this.#functions = functions;
    this.#deployment = deployment;
  }

  /** Messages are held as long as the walk lasts; those that stay are given back at its end. */
  async *walk({ after, ids, source }: Wanted): AsyncGenerator<Waiting[]> {
    const wanted = ids && new Set(ids.map((id) => readLetterId(id)?.path[0]));
    const [from = ''] = after === undefined ? [] : readPosition(after);
    for (const [app, consumer] of Object.entries(this.#deployment.consumers).sort()) {
      if (source !== undefined && source !== app) continue;
      if (app < from || wanted?.has(app) === false) continue;
      yield* this.#ofConsumer(app, consumer, after, ids);
    }
  }

  async *#ofConsumer(
    app: string,
    consumer: EventConsumer,
    after: string | undefined,
    ids: readonly string[] | undefined,
  ): AsyncGenerator<Waiting[]> {
    const queue = this.#queueAt(consumer.deadLetters);
    const messages = await receiveAll(queue, MOST);
    const held = new Set(messages);
    try {
      const letters = messages
        .map((message) => ({
          message,
          position: [app, message.sentAt, message.id] as const,
          dead: deadEvent(app, message),
        }))
        .filter(({ dead }) => ids === undefined || ids.includes(dead.letter.id))
        .filter(({ position }) => after === undefined || comparePositions(position, readPosition(after)) > 0)
        .sort((a, b) => comparePositions(a.position, b.position))
        .map(({ message, position, dead }) => {
          const remove = async () => {
            await queue.remove(message);
            held.delete(message);
            return undefined;
          };
          return this.#waiting(consumer, message, dead, JSON.stringify(position), remove);
        });
      while (letters.length > 0) yield letters.splice(0, AT_ONCE);
    } finally {
      await queue.giveBack([...held]);
    }
  }

  #waiting(
    consumer: EventConsumer,
    message: QueueMessage,
    { letter, event, payload }: DeadEvent,
    position: string,
    remove: () => Promise<undefined>,
  ): Waiting {
    return {
      letter,
      payload,
      position,
      lane: letter.source,
      items: [],
      discard: remove,
      redrive: async () => {
        if (letter.redrivable !== true) return letter.redrivable;
        const delivered = consumer.delivery === 'queued' ? batchOf(message, event) : event;
        return (await this.#functions.invoke(consumer.function, delivered)) ?? remove();
      },
    };
  }
}

/** One message, as a queue's mapping brings it. */
function batchOf({ id, sentAt }: QueueMessage, event: unknown): object {
  return {
    Records: [
      {
        messageId: id,
        receiptHandle: '',
        body: JSON.stringify(event),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(Date.parse(sentAt)),
          SenderId: 'redrive-api',
          ApproximateFirstReceiveTimestamp: String(Date.parse(sentAt)),
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: '',
        awsRegion: '',
      },
    ],
  };
}

type Position = readonly [consumer: string, sentAt: string, id: string];

function readPosition(text: string): Position {
  const [consumer = '', sentAt = '', id = '']: string[] = JSON.parse(text);
  return [consumer, sentAt, id];
}

function comparePositions(a: Position, b: Position): number {
  const [one, other] = [a.join(' '), b.join(' ')];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
