import type { Clock } from '../clock.ts';
import type { InvokeCause, InvokeResult, Invoker } from '../functions/invoker.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Mapping } from '../stack/model.ts';
import type { Change, ChangeStream } from '../tables/change.ts';
import { batchEvent, fitting, LARGEST_BATCH, recordBytes } from './batch-event.ts';
import { type DeliverFailure, failureMessage } from './failure-message.ts';
import {
  expiredPrefix,
  fresh,
  judge,
  judgeExpired,
  type Outcome,
  retryDelay,
  type Segment,
  type Verdict,
} from './stream-batching.ts';

/** What the lanes of a stream mapping work with. */
export interface LaneParts {
  readonly mapping: Mapping;
  readonly stream: ChangeStream;
  readonly invoker: Invoker;
  readonly deliverFailure: DeliverFailure;
  readonly clock: Clock;
  readonly journal: JournalWriter;
}

/** Attempts to reach an on-failure destination; AWS gives up on one that refuses, too. */
const DESTINATION_ATTEMPTS = 5;

/**
 * Least time between two batches of a lane that are not retries. AWS polls a shard four times a second; here a change
 * that finds its lane idle goes out at once, and those that follow on its heels go together: fewer invocations.
 */
const POLL_PAUSE_MS = 25;

/**
 * One ordered sequence of changes, delivered batch by batch: the next one goes out when the one before is done with.
 * A change leaves the lane only when it was handled or given up.
 */
export class StreamLane {
  readonly #parts: LaneParts;
  readonly #onMoved: () => void;
  readonly #changes: Change[] = [];
  #bytes = 0;
  /** What must be delivered before a new batch is made, from the head on. */
  #segments: readonly Segment[] = [];
  /** How often in a row the same records came again. */
  #again = 0;
  #requestId: string | undefined;
  /** When the newest delivery began. */
  #startedAt = 0;
  #problem = '';
  #running = false;
  #open = false;
  #wakeUp: (() => void) | undefined;

  /** @param onMoved called whenever changes have left the lane. */
  constructor(parts: LaneParts, onMoved: () => void) {
    this.#parts = parts;
    this.#onMoved = onMoved;
  }

  /** How many changes wait or are under way. */
  get size(): number {
    return this.#changes.length;
  }

  /** Position of the first change that is not done with; undefined when there is none. */
  get firstPosition(): number | undefined {
    return this.#changes[0]?.position;
  }

  /** What went wrong with the newest delivery; empty when it went well. */
  get problem(): string {
    return this.#problem;
  }

  push(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      this.#bytes += recordBytes(change.json);
    }
    if (this.#running) this.#wakeIfFull();
    else if (this.#open) void this.#run();
  }

  /** Starts to deliver, where it stopped. */
  open(): void {
    this.#open = true;
    if (!this.#running && this.#changes.length > 0) void this.#run();
  }

  /** Delivers nothing more; a delivery under way ends and counts. */
  close(): void {
    this.#open = false;
    this.#wakeUp?.();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#open && this.#changes.length > 0) {
      const segment = this.#segments[0] ?? (await this.#nextBatch());
      if (this.#open) await this.#deliver(segment);
    }
    this.#running = false;
  }

  /** Waits out the batch window, unless a batch is full before; without one, what is left of the pause between polls. */
  async #nextBatch(): Promise<Segment> {
    const { clock, mapping } = this.#parts;
    const pause = this.#startedAt + POLL_PAUSE_MS - clock.now();
    const wait = mapping.batchWindowSeconds > 0 ? mapping.batchWindowSeconds * 1000 : pause;
    if (wait > 0 && !this.#isFull()) await this.#wait(wait);
    return fresh(this.#batchLength());
  }

  async #deliver(segment: Segment): Promise<void> {
    const { clock, mapping } = this.#parts;
    const batch = this.#changes.slice(0, segment.length);
    const startedAt = clock.now();
    this.#startedAt = startedAt;
    const createdAt = batch.map(({ record }) => record.dynamodb.ApproximateCreationDateTime);
    const expired = expiredPrefix(createdAt, startedAt, mapping);
    const verdict = expired > 0 ? judgeExpired(segment, expired) : await this.#invoke(segment, batch);
    const concerned = expired > 0 ? batch.slice(0, expired) : batch;
    if (verdict.discard) await this.#giveUp(concerned, verdict.discard);
    if (verdict.outcome !== 'notRun') this.#record(concerned, verdict.outcome, verdict.passed, startedAt);
    this.#moveOn(verdict);
    if (!verdict.again) this.#again = 0;
    else if (this.#open) await this.#wait(retryDelay(++this.#again));
  }

  async #invoke(segment: Segment, batch: readonly Change[]): Promise<Verdict> {
    const { mapping, invoker } = this.#parts;
    const cause: InvokeCause = { kind: 'mapping', name: mapping.id };
    let outcome: Outcome;
    try {
      const result = await invoker.invoke(mapping.functionName, payloadOf(batch), cause);
      this.#requestId = result.requestId;
      outcome = outcomeOf(result);
      this.#problem = result.functionError ? 'Function call failed' : '';
    } catch (error) {
      outcome = { kind: 'notRun' };
      this.#problem = String(error);
    }
    const sequenceNumbers = batch.map(({ record }) => record.dynamodb.SequenceNumber);
    return judge(segment, outcome, sequenceNumbers, mapping);
  }

  async #giveUp(batch: readonly Change[], discard: NonNullable<Verdict['discard']>): Promise<void> {
    const { mapping, stream, clock, deliverFailure } = this.#parts;
    if (mapping.onFailureDestination === undefined) return;
    const message = failureMessage({
      mappingId: mapping.id,
      functionName: mapping.functionName,
      requestId: discard.condition === 'RetryAttemptsExhausted' ? this.#requestId : undefined,
      discard,
      records: batch.map(({ record }) => record),
      payload: payloadOf(batch),
      stream,
      now: clock.now(),
    });
    for (let attempt = 1; attempt <= DESTINATION_ATTEMPTS; attempt++) {
      try {
        await deliverFailure(mapping.onFailureDestination, message);
        return;
      } catch (error) {
        this.#problem = `On-failure destination: ${String(error)}`;
        await clock.sleep(retryDelay(attempt));
      }
    }
  }

  #record(
    batch: readonly Change[],
    outcome: Exclude<Verdict['outcome'], 'notRun'>,
    passed: number,
    startedAt: number,
  ): void {
    const { mapping, stream, clock, journal } = this.#parts;
    journal.append('deliveries', {
      mapping: mapping.id,
      source: stream.arn,
      invocation: this.#requestId ?? '',
      positions: `[${batch.map(({ position }) => position).join(',')}]`,
      passed,
      outcome,
      startedAt,
      endedAt: clock.now(),
    });
  }

  #moveOn({ passed, next }: Verdict): void {
    this.#segments = [...next, ...this.#segments.slice(1)];
    if (passed === 0) return;
    for (const change of this.#changes.splice(0, passed)) this.#bytes -= recordBytes(change.json);
    this.#requestId = undefined;
    this.#onMoved();
  }

  /** As many as the batch size and the largest payload allow. */
  #batchLength(): number {
    return fitting(this.#changes.slice(0, this.#parts.mapping.batchSize).map(({ json }) => json));
  }

  #isFull(): boolean {
    return this.#changes.length >= this.#parts.mapping.batchSize || this.#bytes > LARGEST_BATCH;
  }

  #wakeIfFull(): void {
    if (this.#wakeUp && this.#segments.length === 0 && this.#isFull()) this.#wakeUp();
  }

  /** Waits on the cloud's clock; {@link close} and a full batch end it early. */
  async #wait(delayMs: number): Promise<void> {
    const { clock } = this.#parts;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(() => this.#wakeUp?.(), delayMs);
      this.#wakeUp = () => {
        clock.clearTimeout(timer);
        this.#wakeUp = undefined;
        resolve();
      };
    });
  }
}

function payloadOf(batch: readonly Change[]): string {
  return batchEvent(batch.map(({ json }) => json));
}

function outcomeOf({ functionError, payload }: InvokeResult): Outcome {
  return functionError ? { kind: 'functionError' } : { kind: 'answered', payload };
}
