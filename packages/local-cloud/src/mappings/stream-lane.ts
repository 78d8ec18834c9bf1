import type { InvokeCause, InvokeResult } from '../functions/invoker.ts';
import { calledBy } from '../stack/arns.ts';
import type { Change } from '../tables/change.ts';
import { batchEvent, fitting, LARGEST_BATCH, recordBytes } from './batch-event.ts';
import { giveUp } from './give-up.ts';
import type { LaneFeed, LaneParts } from './lane-parts.ts';
import { LaneWait } from './lane-wait.ts';
import { LaneWindow } from './lane-window.ts';
import type { LanePlace } from './places.ts';
import { retryDelay } from './retry-delay.ts';
import {
  type Discard,
  expiredPrefix,
  fresh,
  judge,
  judgeExpired,
  type Outcome,
  type Segment,
  type Verdict,
  windowRest,
} from './stream-batching.ts';
import { stateIn, WINDOW_MEMBERS_SIZE } from './tumbling-window.ts';

/**
 * Least time between two batches of a lane that are not retries. AWS polls a shard four times a second; here a change
 * that finds its lane idle goes out at once, and those that follow on its heels go together: fewer invocations.
 */
const POLL_PAUSE_MS = 25;

/**
 * One ordered sequence of changes, delivered batch by batch: the next one goes out when the one before is done with.
 * A change leaves the lane only when it was handled or given up: after its retries, when it is too old for the mapping,
 * and at the latest when it has left the stream. With tumbling windows, the final delivery of a window
 * is one without records, between the window's last batch and the next one's first. While there is something to
 * deliver the lane holds an entry in flight; a window that is merely open is nothing to deliver.
 */
export class StreamLane {
  readonly #parts: LaneParts;
  readonly #feed: LaneFeed;
  /** Set for a mapping with tumbling windows. */
  readonly #window: LaneWindow | undefined;
  readonly #changes: Change[] = [];
  #bytes = 0;
  /** Position of the newest change that is done with. */
  #passed = 0;
  /** What must be delivered before a new batch is made, from the head on. */
  #segments: readonly Segment[] = [];
  /** How often in a row the same records came again. */
  #again = 0;
  #requestId: string | undefined;
  /** The version that the function ran last. */
  #executedVersion: string | undefined;
  /** When the newest delivery began. */
  #startedAt = 0;
  /** When the newest invocation completed. */
  #completedAt = -Infinity;
  #problem = '';
  #running = false;
  #open = false;
  readonly #wait: LaneWait;
  #leaveFlight: (() => void) | undefined;

  constructor(parts: LaneParts, feed: LaneFeed) {
    this.#parts = parts;
    this.#feed = feed;
    this.#wait = new LaneWait(parts.clock, () => this.#open);
    if (parts.mapping.tumblingWindowSeconds > 0) this.#window = new LaneWindow(parts, () => this.goOn());
  }

  /** How many changes wait or are under way. */
  get size(): number {
    return this.#changes.length;
  }

  /** Position of the first change that is not done with; undefined when there is none. */
  get firstPosition(): number | undefined {
    return this.#changes[0]?.position;
  }

  get place(): LanePlace {
    const length = this.#segments.reduce((sum, segment) => sum + segment.length, 0);
    return {
      passed: this.#passed,
      segments: this.#segments,
      upTo: this.#changes[length - 1]?.position ?? this.#passed,
      again: this.#again,
      windows: this.#window?.windows ?? [],
    };
  }

  /**
   * Stands where it stood. The changes up to there are pushed already; where they are not the same any more (filters were
   * changed, or some have left the stream), their retries begin anew.
   */
  restore({ passed, segments, upTo, again, windows }: LanePlace): void {
    const length = segments.reduce((sum, segment) => sum + segment.length, 0);
    const isSame = this.#changes.filter(({ position }) => position <= upTo).length === length;
    this.#passed = passed;
    this.#window?.restore(windows);
    const ofWindows = this.#window ? segments.filter((segment) => segment.length === 0) : [];
    this.#segments = isSame && length > 0 ? segments : ofWindows;
    this.#again = isSame ? again : 0;
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
    if (this.#running) this.#wait.check();
    else this.goOn();
  }

  /** Starts to deliver, where it stopped. */
  open(): void {
    this.#open = true;
    if (this.#running) this.#enterFlight();
    else this.goOn();
  }

  /** Delivers nothing more; a delivery under way ends and counts. */
  close(): void {
    this.#open = false;
    if (!this.#running || this.#wait.isUnderWay) this.#endFlight();
    this.#wait.interrupt();
  }

  /** Delivers what there is to deliver, if it is not about that already. */
  goOn(): void {
    if (this.#open && !this.#running && this.#hasWork()) void this.#run();
  }

  /** A window ends by the clock when all that was created in it is here. */
  #hasWork(): boolean {
    if (this.#changes.length > 0 || this.#segments.length > 0) return true;
    return this.#window !== undefined && this.#window.hasEnded && this.#feed.isCaughtUp();
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#enterFlight();
    try {
      while (this.#open && this.#hasWork()) {
        const segment = this.#segments[0] ?? (await this.#nextBatch());
        if (this.#open) await this.#deliver(segment);
      }
    } catch (error) {
      this.#problem = String(error);
    } finally {
      this.#running = false;
      this.#endFlight();
    }
  }

  #enterFlight(): void {
    this.#leaveFlight ??= this.#parts.inFlight.enter('change');
  }

  #endFlight(): void {
    this.#leaveFlight?.();
    this.#leaveFlight = undefined;
  }

  /** Waits out the batch window, unless a batch is full before; without one, what is left of the pause between polls. */
  async #nextBatch(): Promise<Segment> {
    const { clock, mapping, inFlight } = this.#parts;
    const [next] = this.#changes;
    if (!next || this.#window?.endsBefore(next)) return fresh(0);
    const pause = this.#startedAt + POLL_PAUSE_MS - clock.now();
    if (mapping.batchWindowSeconds > 0 && !this.#isFull()) {
      const endGathering = inFlight.gather(1, () => this.#wait.end());
      const rest = windowRest(this.#completedAt, clock.now(), mapping.batchWindowSeconds);
      await this.#wait.sleep(rest, () => this.#isFull());
      endGathering();
    } else if (pause > 0 && !this.#isFull()) await this.#wait.sleep(pause, () => this.#isFull());
    return fresh(this.#batchLength());
  }

  /** @param segment one without records is the final delivery of the open window. */
  async #deliver(segment: Segment): Promise<void> {
    let verdict: Verdict;
    try {
      verdict = await this.#attempt(segment);
    } catch (error) {
      this.#problem = String(error);
      verdict = judge(segment, { kind: 'notRun' }, [], this.#parts.mapping);
    }
    if (segment.length === 0 && verdict.next.length === 0) this.#window?.close();
    this.#moveOn(verdict);
    if (this.#again > 0 && this.#open) await this.#wait.sleep(retryDelay(this.#again));
  }

  /** Delivers and records it. What throws, here or before the function ran, counts as not run. */
  async #attempt(segment: Segment): Promise<Verdict> {
    const { clock, mapping } = this.#parts;
    const batch = this.#changes.slice(0, segment.length);
    const startedAt = clock.now();
    this.#startedAt = startedAt;
    const expired = Math.max(
      this.#goneFromStream(batch),
      expiredPrefix(this.#createdAt(batch), startedAt, mapping),
    );
    const passed = Math.min(expired, segment.length);
    const verdict = expired > 0 ? judgeExpired(segment, passed) : await this.#invoke(segment, batch);
    const concerned = expired > 0 ? batch.slice(0, expired) : batch;
    if (verdict.discard) await this.#giveUp(concerned, verdict.discard);
    if (verdict.outcome !== 'notRun') this.#record(concerned, verdict.outcome, verdict.passed, startedAt);
    return verdict;
  }

  /** How many of these, from the first on, the stream has dropped since they were read: nobody can deliver them again. */
  #goneFromStream(batch: readonly Change[]): number {
    const { horizon } = this.#parts.stream;
    const there = batch.findIndex(({ position }) => position > horizon);
    return there < 0 ? batch.length : there;
  }

  /** Epoch seconds by which age is judged; a final delivery is as old as the end of its window. */
  #createdAt(batch: readonly Change[]): number[] {
    if (batch.length === 0) return [this.#window?.end ?? Infinity];
    return batch.map(({ record }) => record.dynamodb.ApproximateCreationDateTime);
  }

  async #invoke(segment: Segment, batch: readonly Change[]): Promise<Verdict> {
    const { mapping, invoker } = this.#parts;
    if (batch[0]) this.#window?.open(batch[0]);
    this.#tellAge(batch);
    const cause: InvokeCause = { kind: 'mapping', name: mapping.id };
    try {
      const result = await invoker.invoke(calledBy(mapping), this.#payloadOf(batch), cause);
      this.#requestId = result.requestId;
      this.#executedVersion = result.executedVersion;
      const outcome = this.#outcomeOf(result);
      const sequenceNumbers = batch.map(({ record }) => record.dynamodb.SequenceNumber);
      return this.#keepState(outcome, judge(segment, outcome, sequenceNumbers, mapping));
    } finally {
      this.#completedAt = this.#parts.clock.now();
    }
  }

  #tellAge(batch: readonly Change[]): void {
    const { onBatch, mapping, clock } = this.#parts;
    const created = batch.at(-1)?.record.dynamodb.ApproximateCreationDateTime;
    if (created !== undefined) onBatch?.(mapping.functionName, clock.now() - created * 1_000);
  }

  #payloadOf(batch: readonly Change[]): string {
    const records = batch.map(({ json }) => json);
    return batchEvent(records, this.#window?.members(batch[0]));
  }

  #outcomeOf({ functionError, payload }: InvokeResult): Outcome {
    this.#problem = functionError ? 'Function call failed' : '';
    if (functionError) return { kind: 'functionError' };
    if (!this.#window || stateIn(payload) !== undefined) return { kind: 'answered', payload };
    this.#problem = 'Function call failed: with a tumbling window, its answer must hold "state", an object';
    return { kind: 'functionError' };
  }

  /** Keeps the state of an answer with which records were handled; too much of it ends the window before what follows. */
  #keepState(outcome: Outcome, verdict: Verdict): Verdict {
    if (!this.#window || outcome.kind !== 'answered' || verdict.discard || verdict.passed === 0)
      return verdict;
    const state = stateIn(outcome.payload);
    if (state === undefined || !this.#window.keep(state)) return verdict;
    return { ...verdict, next: [fresh(0), ...verdict.next] };
  }

  #giveUp(batch: readonly Change[], discard: Discard): Promise<void> {
    const requestId = discard.condition === 'RetryAttemptsExhausted' ? this.#requestId : undefined;
    const executedVersion = this.#executedVersion;
    const given = { batch, discard, requestId, executedVersion, payload: this.#payloadOf(batch) };
    return giveUp(this.#parts, given, (problem) => (this.#problem = problem));
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

  #moveOn({ passed, next, again }: Verdict): void {
    this.#segments = [...next, ...this.#segments.slice(1)];
    this.#again = again ? this.#again + 1 : 0;
    for (const { json, position } of this.#changes.splice(0, passed)) {
      this.#bytes -= recordBytes(json);
      this.#passed = position;
    }
    this.#feed.onDelivered();
    if (passed === 0) return;
    this.#requestId = undefined;
    this.#feed.onMoved();
  }

  /** As many as the batch size, the largest payload and the tumbling window allow. */
  #batchLength(): number {
    const batch = this.#changes.slice(0, this.#parts.mapping.batchSize);
    const room = this.#window ? LARGEST_BATCH - WINDOW_MEMBERS_SIZE : LARGEST_BATCH;
    const length = fitting(
      batch.map(({ json }) => json),
      room,
    );
    return this.#window ? Math.min(length, this.#window.leading(batch)) : length;
  }

  /** Whether nothing can join the next batch. */
  #isFull(): boolean {
    if (this.#changes.length >= this.#parts.mapping.batchSize || this.#bytes > LARGEST_BATCH) return true;
    const [first, last] = [this.#changes[0], this.#changes.at(-1)];
    return this.#window !== undefined && !!first && !!last && !this.#window.holdsBoth(first, last);
  }
}
