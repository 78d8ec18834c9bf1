import type { State } from '../journal/state.ts';
import { Deduplication } from './deduplication.ts';
import type { SentMessage, SqsQueue } from './fauxqs.ts';
import { keyOf, type KeptMessage, type KeptQueue } from './kept-queue.ts';

/** A received message that is hidden from others. */
export type InflightEntry = Pick<
  ReturnType<SqsQueue['inspectMessages']>['inflight'][number],
  'receiptHandle' | 'visibilityDeadline'
>;

/** Keeps what a queue holds, beyond the process. */
export class QueueKeeper {
  readonly #queue: SqsQueue;
  readonly #state: State;
  readonly #offset: () => number;

  /**
   * @param offset how far the cloud's time is ahead of the queue's now, in milliseconds: what is kept bears the cloud's.
   */
  constructor(queue: SqsQueue, state: State, offset: () => number) {
    this.#queue = queue;
    this.#state = state;
    this.#offset = offset;
  }

  /**
   * Puts back what the queue held, and keeps from now on what fauxqs alone knows: which message leaves for the dead
   * letters, and how far the sequence has come. Call it before the queue's methods are surrounded.
   */
  putBack({ messages, sequence }: KeptQueue): void {
    this.#queue.sequenceCounter = sequence;
    for (const message of messages) this.#putBackOne(message);
    const nothing = () => undefined;
    Object.assign(this.#queue, {
      persistence: {
        insertMessage: nothing,
        updateMessageInflight: nothing,
        updateMessageReady: nothing,
        deleteQueueMessages: nothing,
        deleteMessage: (messageId: string) => this.#remove(messageId),
        updateQueueSequenceCounter: (name: string, counter: number) =>
          this.#state.put('sequence', name, counter),
      },
    });
  }

  /** @param inflight of a message that its receiver holds also after a restart. */
  put(message: SentMessage, inflight?: InflightEntry): void {
    const offset = this.#offset();
    const kept: KeptMessage = {
      ...message,
      ...(message.delayUntil !== undefined && { delayUntil: message.delayUntil + offset }),
      ...(inflight && {
        receipt: { handle: inflight.receiptHandle, until: inflight.visibilityDeadline + offset },
      }),
    };
    this.#state.put('message', keyOf(this.#queue.name, message.messageId), kept);
  }

  /** Forgets all messages: the queue is about to be purged. */
  purge(): void {
    const { ready, delayed, inflight } = this.#queue.inspectMessages();
    for (const { messageId } of [...ready, ...delayed, ...inflight.map(({ message }) => message)])
      this.#remove(messageId);
  }

  /** What a FIFO queue remembers of deduplication ids. */
  deduplication(now: () => number, { sent }: KeptQueue): Deduplication {
    const name = this.#queue.name;
    return new Deduplication(now, sent, {
      put: (id, message) => this.#state.put('deduplication', keyOf(name, id), message),
      remove: (id) => this.#state.remove('deduplication', keyOf(name, id)),
    });
  }

  #remove(messageId: string): void {
    this.#state.remove('message', keyOf(this.#queue.name, messageId));
  }

  #putBackOne({ receipt, ...kept }: KeptMessage): void {
    const queue = this.#queue;
    const offset = this.#offset();
    const delayUntil = kept.delayUntil === undefined ? undefined : kept.delayUntil - offset;
    const message: SentMessage = { ...kept, ...(delayUntil !== undefined && { delayUntil }) };
    if (receipt === undefined || receipt.until - offset <= Date.now()) {
      queue.enqueue(message);
      return;
    }
    const { handle: receiptHandle, until } = receipt;
    const visibilityDeadline = until - offset;
    queue.inflightMessages.set(receiptHandle, { message, receiptHandle, visibilityDeadline });
    const { messageGroupId: group } = message;
    if (group === undefined || !queue.isFifo()) return;
    queue.fifoLockedGroups.set(group, (queue.fifoLockedGroups.get(group) ?? 0) + 1);
  }
}
