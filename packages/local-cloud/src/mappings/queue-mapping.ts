import type { Clock, ClockTimer } from '../clock.ts';
import type { InvokeCause, InvokeResult, Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import { batchEvent, fitting } from './batch-event.ts';
import { failedItems } from './batch-response.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';
import { type QueueFilter, queueFilter } from './queue-filter.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';
import { retryDelay } from './stream-batching.ts';

export interface QueueMappingParts {
  readonly mapping: Mapping;
  /** Asked for when the mapping first receives: a queue is there once the cloud has started. */
  readonly queue: () => QueueSource;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
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
    while (this.#waiting.length > 0) {
      const records = this.#waiting.map((message) => JSON.stringify(this.#record(message)));
      const length = fitting(records);
      void this.#deliver(this.#waiting.splice(0, length), batchEvent(records.slice(0, length)));
    }
  }

  async #deliver(batch: readonly QueueMessage[], payload: string): Promise<void> {
    const queue = this.#queue;
    const { mapping, clock, journal } = this.#parts;
    this.#batches++;
    const startedAt = clock.now();
    const result = await this.#invoke(payload, this.#receivedAt + queue.visibilityTimeoutMs);
    const failed = new Set(result ? this.#failedOf(result, batch) : batch.keys());
    const handled = batch.filter((_message, index) => !failed.has(index));
    queue.delete(handled.map(({ receiptHandle }) => receiptHandle));
    if (result) {
      journal.append('deliveries', {
        mapping: mapping.id,
        source: mapping.sourceArn,
        invocation: result.requestId,
        positions: JSON.stringify(batch.map(({ messageId }) => messageId)),
        passed: Math.min(batch.length, ...failed),
        outcome: result.functionError ? 'error' : failed.size > 0 ? 'partial' : 'ok',
        startedAt,
        endedAt: clock.now(),
      });
    }
    this.#batches--;
    this.#receive();
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
        const result = await invoker.invoke(mapping.functionName, payload, cause);
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
