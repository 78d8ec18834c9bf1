import type { Clock, ClockTimer } from '../clock.ts';
import type { InvokeCause, InvokeResult, Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import { calledBy } from '../stack/arns.ts';
import type { Mapping } from '../stack/model.ts';
import { batchEvent, fitting } from './batch-event.ts';
import { failedItems } from './batch-response.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { type QueueFilter, queueFilter } from './queue-filter.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';
import { retryDelay } from './retry-delay.ts';

export interface QueueMappingParts {
  readonly mapping: Mapping;
  /** Asked for when the mapping first receives: a queue is there once the cloud has started. */
  readonly queue: () => QueueSource;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
}

/** Messages that go out in one event. */
interface Batch {
  readonly messages: readonly QueueMessage[];
  readonly payload: string;
}

/** Batches of one queue that are under way at once: what AWS starts with. */
const BATCHES_AT_ONCE = 5;

/**
 * Reads a queue for one function. What the function handled is deleted; the rest is left alone, so that it comes back
 * after the queue's visibility timeout or goes to its dead letters. Woken by the queue; it never polls. The messages
 * themselves are in flight (see QueueSource).
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html.
 */
export class QueueMapping implements RunningMapping {
  readonly #parts: QueueMappingParts;
  readonly #isWanted: QueueFilter;
  #source: QueueSource | undefined;
  #running = false;
  #unsubscribe: (() => void) | undefined;
  /** Received and not yet handed over: a batch that fills up while its window is open. */
  #waiting: QueueMessage[] = [];
  /** When the first of them was received. */
  #receivedAt = 0;
  #window: ClockTimer | undefined;
  #endGathering: (() => void) | undefined;
  #batches = 0;
  #problem = '';

  /** @throws InvalidPattern for a filter that AWS refuses. */
  constructor(parts: QueueMappingParts) {
    this.#parts = parts;
    this.#isWanted = queueFilter(parts.mapping.filters);
  }

  start(): void {
    if (this.#parts.mapping.enabled) this.resume();
  }

  /** Ends for good: messages that wait for their window come back to the queue. */
  stop(): void {
    this.#waiting = [];
    this.pause();
  }

  /** Stops to receive. What is received already is handed over. */
  pause(): void {
    this.#running = false;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#flush();
  }

  resume(): void {
    if (this.#running) return;
    this.#running = true;
    this.#unsubscribe = this.#queue.onMessage(() => this.#receive());
  }

  state(): MappingState {
    const { id, functionName, sourceArn } = this.#parts.mapping;
    const state = this.#running ? 'Enabled' : 'Disabled';
    return {
      id,
      functionName,
      sourceArn,
      state,
      position: undefined,
      behind: this.#waiting.length,
      problem: this.#problem,
    };
  }

  get #queue(): QueueSource {
    return (this.#source ??= this.#parts.queue());
  }

  #receive(): void {
    const queue = this.#queue;
    const { mapping } = this.#parts;
    while (this.#running && this.#batches < BATCHES_AT_ONCE) {
      const room = mapping.batchSize - this.#waiting.length;
      const messages = queue.receive(room);
      if (messages.length === 0) return;
      this.#take(messages);
      if (this.#waiting.length >= mapping.batchSize || mapping.batchWindowSeconds === 0) this.#flush();
      else if (this.#waiting.length > 0) this.#gather();
    }
  }

  /** Keeps what the filters want; what they do not want is deleted, as AWS does. */
  #take(messages: readonly QueueMessage[]): void {
    if (this.#waiting.length === 0) this.#receivedAt = this.#parts.clock.now();
    for (const message of messages) {
      if (this.#isWanted(this.#record(message))) this.#waiting.push(message);
      else this.#queue.delete([message.receiptHandle]);
    }
  }

  /** Lets the messages that were received wait for more, until their window has passed. */
  #gather(): void {
    const { clock, inFlight, mapping } = this.#parts;
    this.#window ??= clock.setTimeout(() => this.#flush(), mapping.batchWindowSeconds * 1000);
    this.#endGathering?.();
    this.#endGathering = inFlight.gather(this.#waiting.length, () => this.#flush());
  }

  #flush(): void {
    this.#parts.clock.clearTimeout(this.#window);
    this.#window = undefined;
    this.#endGathering?.();
    this.#endGathering = undefined;
    if (this.#waiting.length === 0) return;
    const until = this.#receivedAt + this.#queue.visibilityTimeoutMs;
    const batches = this.#batchesOf(this.#waiting);
    this.#waiting = [];
    if (this.#parts.mapping.sourceArn.endsWith('.fifo')) void this.#handOver(batches, until);
    else for (const batch of batches) void this.#handOver([batch], until);
  }

  /** As few as the largest payload allows. */
  #batchesOf(messages: readonly QueueMessage[]): Batch[] {
    const records = messages.map((message) => JSON.stringify(this.#record(message)));
    const batches: Batch[] = [];
    for (let from = 0; from < records.length;) {
      const to = from + fitting(records.slice(from));
      batches.push({ messages: messages.slice(from, to), payload: batchEvent(records.slice(from, to)) });
      from = to;
    }
    return batches;
  }

  /**
   * Delivers batches one after the other. After one with failures the rest is left to come back.
   *
   * @param until when the messages come back by themselves, epoch milliseconds.
   */
  async #handOver(batches: readonly Batch[], until: number): Promise<void> {
    this.#batches++;
    try {
      for (const batch of batches) {
        const isHandled = await this.#deliver(batch, until);
        if (!isHandled || this.#parts.clock.now() >= until) break;
      }
    } catch (error) {
      this.#problem = String(error);
    } finally {
      this.#batches--;
    }
    this.#receive();
  }

  /** @returns whether the function handled every message. */
  async #deliver({ messages, payload }: Batch, until: number): Promise<boolean> {
    const { mapping, clock, journal } = this.#parts;
    const startedAt = clock.now();
    const result = await this.#invoke(payload, until);
    if (!result) return false;
    const failed = new Set(this.#failedOf(result, messages));
    const handled = messages.filter((_message, index) => !failed.has(index));
    this.#queue.delete(handled.map(({ receiptHandle }) => receiptHandle));
    journal.append('deliveries', {
      mapping: mapping.id,
      source: mapping.sourceArn,
      invocation: result.requestId,
      positions: JSON.stringify(messages.map(({ messageId }) => messageId)),
      passed: Math.min(messages.length, ...failed),
      outcome: result.functionError ? 'error' : failed.size > 0 ? 'partial' : 'ok',
      startedAt,
      endedAt: clock.now(),
    });
    return failed.size === 0;
  }

  /**
   * Tries until the function runs. Undefined when it could not before the messages come back by themselves.
   *
   * @param until when they do.
   */
  async #invoke(payload: string, until: number): Promise<InvokeResult | undefined> {
    const { mapping, invoker, clock } = this.#parts;
    const cause: InvokeCause = { kind: 'mapping', name: mapping.id };
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await invoker.invoke(calledBy(mapping), payload, cause);
        this.#problem = result.functionError ? 'Function call failed' : '';
        return result;
      } catch (error) {
        this.#problem = String(error);
        if (clock.now() + retryDelay(attempt) >= until) return undefined;
        await clock.sleep(retryDelay(attempt));
      }
    }
  }

  /** Places in the batch of the messages that are left to come back. */
  #failedOf(result: InvokeResult, batch: readonly QueueMessage[]): Iterable<number> {
    if (result.functionError) return batch.keys();
    if (!this.#parts.mapping.reportBatchItemFailures) return [];
    const identifiers = batch.map(({ messageId }) => messageId);
    const failed = failedItems(result.payload, identifiers);
    return failed === 'all' ? batch.keys() : failed;
  }

  #record(message: QueueMessage) {
    const { sourceArn: arn } = this.#parts.mapping;
    const { messageId, receiptHandle, body, attributes, messageAttributes } = message;
    return {
      messageId,
      receiptHandle,
      body,
      attributes,
      messageAttributes,
      ...(message.md5OfMessageAttributes && { md5OfMessageAttributes: message.md5OfMessageAttributes }),
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: arn.split(':')[3],
    };
  }
}
