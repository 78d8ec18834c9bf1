import { callAws } from '../aws-call.ts';
import { record } from '../json.ts';

/** A message as it was received. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** ISO 8601. */
  readonly sentAt: string;
  /** The sender's own attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is done with a queue of dead letters or of notices. */
export interface Queue {
  /** About so many messages wait and are not held by anybody. */
  waiting(): Promise<number>;
  /** Up to ten messages, which nobody else receives for the next minute. @param patient waits a second for the first. */
  receive(patient: boolean): Promise<QueueMessage[]>;
  remove(message: QueueMessage): Promise<void>;
  /** Lets others receive the messages at once. */
  giveBack(messages: readonly QueueMessage[]): Promise<void>;
}

/** Longer than a request to this API takes. */
const HELD_SECONDS = 60;
/** Messages in one call, SQS's own limit. */
const BATCH = 10;
/** Calls at once. */
const CONCURRENCY = 8;

/** A queue on SQS. */
export function sqsQueue(url: string): Queue {
  return {
    async waiting() {
      const name = 'ApproximateNumberOfMessages';
      const answer = await callAws('sqs', 'GetQueueAttributes', { QueueUrl: url, AttributeNames: [name] });
      return Number(record(answer['Attributes'])[name] ?? 0);
    },
    async receive(patient) {
      const { Messages = [] } = await callAws('sqs', 'ReceiveMessage', {
        QueueUrl: url,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HELD_SECONDS,
        WaitTimeSeconds: patient ? 1 : 0,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['All'],
      });
      return Array.isArray(Messages) ? Messages.map(messageOf) : [];
    },
    async remove({ receiptHandle }) {
      await callAws('sqs', 'DeleteMessage', { QueueUrl: url, ReceiptHandle: receiptHandle });
    },
    async giveBack(messages) {
      const waiting = [...messages];
      const giveBack = async (): Promise<void> => {
        for (let some = waiting.splice(0, BATCH); some.length > 0; some = waiting.splice(0, BATCH)) {
          const Entries = some.map(({ receiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 0,
          }));
          await callAws('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl: url, Entries });
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, giveBack));
    },
  };
}

/** How much is received at most. */
export interface Most {
  readonly messages: number;
  readonly characters: number;
  /** Whether the time for it is over. */
  readonly isLate?: (() => boolean) | undefined;
  /** Ids of the only messages that are sought. The others keep no body, and all is well once these are found. */
  readonly sought?: ReadonlySet<string> | undefined;
}

/**
 * Receives what waits in a queue, until that is all, so many, so many characters, or it is late; in any case, up to ten.
 * An empty answer is believed once as many came as should wait there: SQS asks only some of its servers for it.
 *
 * @returns `complete` unless there may be more.
 */
export async function receiveAll(
  queue: Queue,
  { isLate = () => false, sought, ...most }: Most,
): Promise<{ readonly messages: QueueMessage[]; readonly complete: boolean }> {
  const expected = await queue.waiting();
  const found = new Map<string, QueueMessage>();
  let [characters, soughtFound] = [0, 0];
  do {
    const some = await queue.receive(found.size < expected);
    if (some.length === 0) return { messages: [...found.values()], complete: true };
    for (const message of some) {
      const isSought = sought === undefined || sought.has(message.id);
      if (isSought && !found.has(message.id)) soughtFound += 1;
      found.set(message.id, isSought ? message : { ...message, body: '' });
      if (isSought) characters += message.body.length;
    }
    if (soughtFound === sought?.size) return { messages: [...found.values()], complete: true };
  } while (found.size < most.messages && characters < most.characters && !isLate());
  return { messages: [...found.values()], complete: false };
}

function messageOf(received: unknown): QueueMessage {
  const { MessageId, Body, ReceiptHandle, Attributes, MessageAttributes } = record(received);
  const attributes = Object.entries(record(MessageAttributes)).map(([name, value]) => {
    const { StringValue } = record(value);
    return [name, typeof StringValue === 'string' ? StringValue : ''] as const;
  });
  return {
    id: String(MessageId),
    body: String(Body),
    receiptHandle: String(ReceiptHandle),
    sentAt: new Date(Number(record(Attributes)['SentTimestamp'] ?? 0)).toISOString(),
    attributes: Object.fromEntries(attributes),
  };
}
