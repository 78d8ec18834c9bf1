import * as z from 'zod/mini';
import type { Deployment, EventConsumer } from './deployment.ts';
import { deadEvent, type DeadEvent } from './dead-event.ts';
import type { Functions } from './functions.ts';
import type { Group, Shelf, Waiting, Wanted } from './letter.ts';
import { readLetterId } from './letter-id.ts';
import { positionAs } from './place.ts';
import { receiveAll, type Queue, type QueueMessage } from './queue.ts';

/** What is looked at in one queue in one walk: the rest of a longer one comes when these are gone. */
const MOST = { messages: 1_000, characters: 50_000_000 };
/** And where only some are sought, which may be the last: what is held in the meantime, without its content. */
const MOST_PASSED = { messages: 20_000, characters: MOST.characters };

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
  async *walk(wanted: Wanted): AsyncGenerator<Group> {
    const { after, ids, source } = wanted;
    const apps = ids && new Set(ids.map((id) => readLetterId(id)?.path[0]));
    const from = after === undefined ? undefined : positionAs(positionSchema, after);
    for (const [app, consumer] of Object.entries(this.#deployment.consumers).sort()) {
      if (source !== undefined && source !== app) continue;
      if (app < (from?.[0] ?? '') || apps?.has(app) === false) continue;
      yield* this.#ofConsumer(app, consumer, from, wanted);
    }
  }

  async *#ofConsumer(
    app: string,
    consumer: EventConsumer,
    from: Position | undefined,
    { ids, isLate, cut }: Wanted,
  ): AsyncGenerator<Group> {
    const queue = this.#queueAt(consumer.deadLetters);
    const paths = ids?.map((id) => readLetterId(id)?.path ?? []).filter(([of]) => of === app);
    const sought = paths && new Set(paths.map(([, message = '']) => message));
    const most = sought === undefined ? MOST : MOST_PASSED;
    const { messages, complete } = await receiveAll(queue, { ...most, isLate, sought });
    if (!complete) cut?.(app);
    const held = new Set(messages);
    try {
      const letters = messages
        .filter(({ id }) => sought === undefined || sought.has(id))
        .map((message) => ({
          message,
          position: [app, message.sentAt, message.id] as const,
          dead: deadEvent(app, message),
        }))
        .filter(({ position }) => from === undefined || comparePositions(position, from) > 0)
        .sort((a, b) => comparePositions(a.position, b.position))
        .map(({ message, position, dead }) => {
          const remove = async () => {
            await queue.remove(message);
            held.delete(message);
            return undefined;
          };
          return this.#waiting(consumer, message, dead, JSON.stringify(position), remove);
        });
      while (letters.length > 0) {
        const waiting = letters.splice(0, AT_ONCE);
        yield { waiting, position: waiting.at(-1)?.position ?? '' };
      }
    } finally {
      // What SQS does not take back comes back by itself, in a minute: no reason to lose what was done.
      await queue.giveBack([...held]).catch(() => undefined);
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

/** Consumer, time and id of a message. */
const positionSchema = z.tuple([z.string(), z.string(), z.string()]);
type Position = Readonly<z.infer<typeof positionSchema>>;

function comparePositions(a: Position, b: Position): number {
  const [one, other] = [a.join(' '), b.join(' ')];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
