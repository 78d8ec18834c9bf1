import type { Mapping } from '../stack/model.ts';
import { failedItems } from './batch-response.ts';

/** The settings of a mapping that say what a failed batch leads to. */
export type FailureRules = Pick<
  Mapping,
  'bisectOnError' | 'reportBatchItemFailures' | 'maximumRetryAttempts' | 'maximumRecordAgeSeconds'
>;

/** Records at the head of a lane that are delivered together until they are done with. */
export interface Segment {
  readonly length: number;
  /** Failed deliveries that count against the retries. */
  readonly failures: number;
  /** How often the function ran with it: what a failure message calls approximateInvokeCount. */
  readonly invocations: number;
}

/** What became of one delivery. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'functionError' }
  /** A throttle, or anything else before the function ran. */
  | { readonly kind: 'notRun' };

/** Why records are given up, as the failure message says it. */
export interface Discard {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invocations: number;
  /** Absent where age alone decided: such a message has no response context. */
  readonly response?: { readonly functionError: 'Unhandled' | null };
}

/** What follows from a delivery. */
export interface Verdict {
  readonly outcome: 'ok' | 'partial' | 'error' | 'discarded' | 'notRun';
  /** How many records from the head are done with: the lane moves on by so many. */
  readonly passed: number;
  /** What comes next, in this order, before any later record. */
  readonly next: readonly Segment[];
  /** Whether the same records come again, which is done after a pause. */
  readonly again: boolean;
  /** Set when the passed records were not handled but given up. */
  readonly discard?: Discard;
}

/** A segment that was never delivered. */
export function fresh(length: number): Segment {
  return { length, failures: 0, invocations: 0 };
}

/**
 * Decides what follows from a delivery of `segment`, whose records have these sequence numbers.
 *
 * A partial success moves on to the lowest reported record and starts its retries anew. A function error splits the
 * batch where bisecting is on, without using up a retry; the halves are not merged with what follows. Otherwise the
 * same records come again until their retries are used up. What never ran uses up nothing.
 *
 * Sources: docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html, services-dynamodb-errors.html.
 */
export function judge(
  segment: Segment,
  outcome: Outcome,
  sequenceNumbers: readonly string[],
  rules: FailureRules,
): Verdict {
  if (outcome.kind === 'notRun') return { outcome: 'notRun', passed: 0, next: [segment], again: true };
  if (outcome.kind === 'functionError') {
    if (rules.bisectOnError && segment.length > 1)
      return { outcome: 'error', passed: 0, next: halves(segment), again: false };
    return retry(segment, 'Unhandled', rules);
  }
  const failed = rules.reportBatchItemFailures ? failedItems(outcome.payload, sequenceNumbers) : [];
  if (failed === 'all') return retry(segment, null, rules);
  const lowest = Math.min(segment.length, ...failed);
  if (lowest === segment.length) return { outcome: 'ok', passed: lowest, next: [], again: false };
  if (lowest > 0)
    return { outcome: 'partial', passed: lowest, next: [fresh(segment.length - lowest)], again: false };
  return retry(segment, null, rules);
}

/**
 * How many records from the start are older than the mapping takes.
 *
 * @param createdAt creation times in epoch seconds, oldest first. @param now epoch milliseconds.
 */
export function expiredPrefix(createdAt: readonly number[], now: number, rules: FailureRules): number {
  if (rules.maximumRecordAgeSeconds < 0) return 0;
  const young = createdAt.findIndex(
    (seconds) => now - seconds * 1000 <= rules.maximumRecordAgeSeconds * 1000,
  );
  return young < 0 ? createdAt.length : young;
}

/** What follows when that many records from the start have expired; the rest starts anew. */
export function judgeExpired(segment: Segment, expired: number): Verdict {
  return {
    outcome: 'discarded',
    passed: expired,
    next: expired < segment.length ? [fresh(segment.length - expired)] : [],
    again: false,
    discard: { condition: 'RecordAgeExceeded', invocations: Math.max(1, segment.invocations) },
  };
}

/**
 * Milliseconds that a batch still gathers. A batching window begins when the invocation before has completed; where that
 * is longer ago than a window lasts, or nothing was invoked yet, AWS says nothing, and it begins with the first change.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (batching behavior).
 *
 * @param completedAt when the newest invocation completed, and `now`: epoch milliseconds.
 */
export function windowRest(completedAt: number, now: number, windowSeconds: number): number {
  const length = windowSeconds * 1000;
  const passed = now - completedAt;
  return passed < length ? length - passed : length;
}

function halves({ length }: Segment): Segment[] {
  const first = Math.ceil(length / 2);
  return [fresh(first), fresh(length - first)];
}

function retry(segment: Segment, functionError: 'Unhandled' | null, rules: FailureRules): Verdict {
  const failures = segment.failures + 1;
  const invocations = segment.invocations + 1;
  if (rules.maximumRetryAttempts < 0 || failures <= rules.maximumRetryAttempts) {
    const outcome = functionError ? 'error' : 'partial';
    return { outcome, passed: 0, next: [{ length: segment.length, failures, invocations }], again: true };
  }
  return {
    outcome: 'discarded',
    passed: segment.length,
    next: [],
    again: false,
    discard: { condition: 'RetryAttemptsExhausted', invocations, response: { functionError } },
  };
}
