import type { Clock, ClockTimer } from '../clock.ts';
import type { InFlight } from '../in-flight.ts';
import type { State } from '../journal/state.ts';
import type { QueueMessage, QueueSource } from '../mappings/queue-source.ts';
import { Deduplication } from './deduplication.ts';
import type { ReceivedMessage, SentMessage, SqsQueue } from './fauxqs.ts';
import type { KeptQueue } from './kept-queue.ts';
import { QueueKeeper } from './queue-keeper.ts';
import { toQueueMessage } from './queue-message.ts';

/** Shortest step of the clock that is followed: two readings of the system's time may lie a millisecond apart. */
const SHORTEST_STEP_MS = 2;

type DeadLetterQueues = (arn: string) => SqsQueue | undefined;

export interface LocalQueueOptions {
  readonly queue: SqsQueue;
  readonly deadLetterQueues: DeadLetterQueues;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** Where what the queue holds is kept, and what it held before; undefined when all ends with the process. */
  readonly kept: { readonly state: State; readonly before: KeptQueue } | undefined;
  /** Told whenever a message comes, is received or goes. */
  readonly onChange?: (() => void) | undefined;
}

/**
 * Ties one of fauxqs' queues to the cloud: it follows the movable clock (fauxqs compares with the system's, so every
 * step of ours brings its deadlines nearer), it wakes who listens, it keeps each message in flight for as long
 * as someone listens, and it keeps what the queue holds in the cloud's state. It does so around the queue's own methods, so that it makes no difference where a message
 * comes from: the endpoint, a topic, a rule, or another queue's redrive.
 */
export class LocalQueue implements QueueSource {
  readonly arn: string;
  readonly name: string;
  readonly #queue: SqsQueue;
  readonly #deadLetterQueues: DeadLetterQueues;
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #listeners = new Set<() => void>();
  /** Closes one in-flight entry each. */
  readonly #entries: (() => void)[] = [];
  readonly #keeper: QueueKeeper | undefined;
  readonly #onChange: (() => void) | undefined;
  /** Whether it is a mapping that receives now: what it holds, nobody holds after a restart. */
  #mappingReceives = false;
  #wakeUp: NodeJS.Immediate | undefined;
  #timer: ClockTimer | undefined;
  #offset: number;

  constructor({ queue, deadLetterQueues, clock, inFlight, kept, onChange }: LocalQueueOptions) {
    this.arn = queue.arn;
    this.name = queue.name;
    this.#queue = queue;
    this.#deadLetterQueues = deadLetterQueues;
    this.#clock = clock;
    this.#inFlight = inFlight;
    this.#onChange = onChange;
    this.#offset = clock.now() - Date.now();
    const now = () => clock.now();
    this.#keeper = kept && new QueueKeeper(queue, kept.state, () => this.#offset);
    if (kept) this.#keeper?.putBack(kept.before);
    if (queue.isFifo())
      this.#useDeduplication(
        (kept && this.#keeper?.deduplication(now, kept.before)) ?? new Deduplication(now),
      );
    this.#surroundMethods();
  }

  /** Messages that it holds, also those that are in flight or delayed. */
  get size(): number {
    const { messages, delayedMessages, inflightMessages, fifoMessages, fifoDelayed } = this.#queue;
    let size = messages.length + delayedMessages.length + inflightMessages.size;
    for (const group of fifoMessages.values()) size += group.length;
    for (const group of fifoDelayed.values()) size += group.length;
    return size;
  }

  /** Messages that can be received now, and all of them. */
  get depth(): { readonly visible: number; readonly size: number } {
    this.#queue.processTimers();
    const { messages, fifoMessages } = this.#queue;
    let visible = messages.length;
    for (const group of fifoMessages.values()) visible += group.length;
    return { visible, size: this.size };
  }

  get visibilityTimeoutMs(): number {
    return Number(this.#queue.attributes['VisibilityTimeout'] ?? 30) * 1000;
  }

  receive(max: number): QueueMessage[] {
    const messages: QueueMessage[] = [];
    this.#mappingReceives = true;
    try {
      while (messages.length < max) {
        const received = this.#queue.dequeue(max - messages.length, undefined, this.#deadLetterQueues);
        if (received.length === 0) break;
        for (const message of received) {
          messages.push(
            toQueueMessage(message, this.#queue.inflightMessages.get(message.ReceiptHandle)?.message),
          );
        }
      }
    } finally {
      this.#mappingReceives = false;
    }
    return messages;
  }

  delete(receiptHandles: readonly string[]): void {
    for (const handle of receiptHandles) this.#queue.deleteMessage(handle);
  }

  onMessage(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#wakeSoon();
    this.#wakeWhenDue();
    this.#countMessages();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop();
    };
  }

  /** Wakes nobody any more and holds nothing in flight. */
  stop(): void {
    this.#listeners.clear();
    clearImmediate(this.#wakeUp);
    this.#wakeUp = undefined;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#countMessages();
  }

  #surroundMethods(): void {
    const queue = this.#queue;
    const enqueue = queue.enqueue.bind(queue);
    const dequeue = queue.dequeue.bind(queue);
    const deleteMessage = queue.deleteMessage.bind(queue);
    const changeVisibility = queue.changeVisibility.bind(queue);
    const purge = queue.purge.bind(queue);
    const processTimers = queue.processTimers.bind(queue);

    queue.enqueue = (message) => {
      this.#followClock();
      if (message.approximateReceiveCount === 0) message.sentTimestamp = this.#clock.now();
      enqueue(message);
      this.#keeper?.put(message);
      this.#countMessages();
      this.#wakeAt(message.delayUntil);
      this.#wakeSoon();
    };
    queue.dequeue = (max, ...rest) => {
      const received = queue.isFifo()
        ? this.#severalOfGroup(max, (most) => dequeue(most, ...rest))
        : dequeue(max, ...rest);
      for (const { ReceiptHandle } of received) {
        const entry = queue.inflightMessages.get(ReceiptHandle);
        if (!entry) continue;
        if (entry.message.approximateReceiveCount === 1) {
          entry.message.approximateFirstReceiveTimestamp = this.#clock.now();
        }
        if (this.#mappingReceives) this.#keeper?.put(beforeReceive(entry.message));
        else this.#keeper?.put(entry.message, entry);
        this.#wakeAt(entry.visibilityDeadline);
      }
      this.#countMessages();
      return received;
    };
    queue.deleteMessage = (handle) => {
      const deleted = deleteMessage(handle);
      this.#countMessages();
      if (queue.isFifo()) this.#wakeSoon();
      return deleted;
    };
    queue.changeVisibility = (handle, seconds) => {
      this.#followClock();
      const before = queue.inflightMessages.get(handle);
      changeVisibility(handle, seconds);
      const entry = queue.inflightMessages.get(handle);
      if (before) this.#keeper?.put(before.message, entry);
      this.#wakeAt(entry?.visibilityDeadline);
      this.#wakeSoon();
    };
    queue.purge = () => {
      this.#keeper?.purge();
      purge();
      this.#countMessages();
    };
    queue.processTimers = () => {
      this.#followClock();
      const held = queue.inflightMessages.size;
      processTimers();
      if (queue.isFifo() && queue.inflightMessages.size < held) this.#sortGroups();
    };
  }

  /** fauxqs remembers deduplication ids by the system's time. */
  #useDeduplication(deduplication: Deduplication): void {
    this.#queue.checkDeduplication = (id) => deduplication.check(id);
    this.#queue.recordDeduplication = (id, ...sent) => deduplication.record(id, ...sent);
  }

  /**
   * fauxqs hands out one message of a FIFO group and locks the group. SQS hands out as many as are asked for, in order,
   * and then none until all of these are deleted or have come back.
   */
  #severalOfGroup(max: number, dequeue: (max: number) => ReceivedMessage[]): ReceivedMessage[] {
    const { inflightMessages, fifoLockedGroups } = this.#queue;
    const taken: ReceivedMessage[] = [];
    const locks = new Map<string, number>();
    for (
      let more = dequeue(max);
      more.length > 0;
      more = taken.length < max ? dequeue(max - taken.length) : []
    ) {
      taken.push(...more);
      for (const { ReceiptHandle } of more) {
        const group = inflightMessages.get(ReceiptHandle)?.message.messageGroupId;
        if (group === undefined) continue;
        locks.set(group, (locks.get(group) ?? 0) + 1);
        fifoLockedGroups.delete(group);
      }
    }
    for (const [group, count] of locks) fifoLockedGroups.set(group, count);
    return taken;
  }

  /** fauxqs puts each message that comes back in front of its group, whenever it does: their order is that of sending. */
  #sortGroups(): void {
    const numberOf = ({ sequenceNumber }: SentMessage) => BigInt(sequenceNumber ?? 0);
    for (const group of this.#queue.fifoMessages.values()) {
      const isSorted = group.every((message, place) => {
        const before = group[place - 1];
        return before === undefined || numberOf(before) < numberOf(message);
      });
      if (!isSorted) group.sort((one, other) => (numberOf(one) < numberOf(other) ? -1 : 1));
    }
  }

  #followClock(): void {
    const offset = this.#clock.now() - Date.now();
    const step = offset - this.#offset;
    if (step < SHORTEST_STEP_MS) return;
    this.#offset = offset;
    for (const entry of this.#queue.inflightMessages.values()) entry.visibilityDeadline -= step;
    for (const message of this.#delayed()) {
      if (message.delayUntil !== undefined) message.delayUntil -= step;
    }
  }

  #delayed(): SentMessage[] {
    return [...this.#queue.delayedMessages, ...[...this.#queue.fifoDelayed.values()].flat()];
  }

  #countMessages(): void {
    this.#onChange?.();
    const size = this.#listeners.size > 0 ? this.size : 0;
    while (this.#entries.length < size) this.#entries.push(this.#inFlight.enter('message'));
    while (this.#entries.length > size) this.#entries.pop()?.();
  }

  /** One call of the listeners for all that arrives in this turn of the event loop. */
  #wakeSoon(): void {
    if (this.#listeners.size === 0) return;
    this.#wakeUp ??= setImmediate(() => {
      this.#wakeUp = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  /** @param time on fauxqs' clock, epoch milliseconds. */
  #wakeAt(time: number | undefined): void {
    if (time === undefined || this.#listeners.size === 0) return;
    const delay = time - Date.now();
    if (this.#timer && this.#timer.dueAt <= this.#clock.now() + delay) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#wakeSoon();
      this.#wakeWhenDue();
    }, delay);
  }

  /** Arms the timer for the next message that comes back or whose delay ends. */
  #wakeWhenDue(): void {
    this.#followClock();
    const now = Date.now();
    for (const { visibilityDeadline } of this.#queue.inflightMessages.values()) {
      if (visibilityDeadline > now) this.#wakeAt(visibilityDeadline);
    }
    for (const { delayUntil } of this.#delayed()) {
      if (delayUntil !== undefined && delayUntil > now) this.#wakeAt(delayUntil);
    }
  }
}

/** The message as it is again after a crash: a receive of a mapping that died with the process was nobody's failure. */
function beforeReceive(message: SentMessage): SentMessage {
  return { ...message, approximateReceiveCount: message.approximateReceiveCount - 1 };
}
