import { isOpen } from '@orderstream/domain';
import type { StoredOrder } from '@orderstream/lambda-kit';

/** The newest execution of an order, as Step Functions describes it. Times are epoch milliseconds. */
export interface Execution {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly startedAt: number;
  readonly redrivenAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly redrives: number;
  /** Whether Step Functions would take a redrive: it ended ill, less than 14 days ago, and its history is not full. */
  readonly redrivable: boolean;
  readonly error: string | undefined;
}

/** What a sweep keeps to: how long is long, in milliseconds, and whether it may begin anything. */
export interface Limits {
  /** Whoever stands still for so long is looked after: longer than a stage is tried again. */
  readonly still: number;
  /** An execution that runs for so long without a change of its order is reported: longer than compensation is tried again. */
  readonly running: number;
  /** Not while dispatching is paused: whoever paused it wants no execution to begin. What was begun goes on. */
  readonly mayStart: boolean;
}

/**
 * What helps an order. `start`: it has no execution of its newest name, and gets it. `restart`: that one has ended and
 * can't go on, and the next one is started. `hold`: it would be started, or started again, if that were allowed.
 */
export type Remedy = 'leave' | 'redrive' | 'start' | 'restart' | 'hold';

/** Why a person should know of an order. */
export type Concern =
  | 'CompensationUnfinished'
  | 'ChargeWithoutProgress'
  | 'TriedInVain'
  | 'RunningTooLong'
  | 'OrderGone'
  | 'BegunElsewhere'
  | 'NotUnderstood';

export interface Verdict {
  readonly remedy: Remedy;
  readonly concern?: Concern;
}

type Standing = Pick<
  StoredOrder,
  'status' | 'updatedAt' | 'closing' | 'restarts' | 'chargeIntent' | 'charge'
>;

/** Redrives and restarts of one order after which a person should look why none helps. */
const TRIES_IN_VAIN = 3;

const MINUTE = 60_000;
const FIRST_PAUSE = 30 * MINUTE;
const LONGEST_PAUSE = 24 * 60 * MINUTE;

/** An execution that ends with this error stands at its Fail state: a redrive would only fail there again. */
const AT_ITS_END = 'OrderFailed';

/**
 * What is to be done about an order that was found standing still.
 *
 * @param execution the newest of the order; `undefined` when there is none.
 * @param now epoch milliseconds.
 */
export function decide(
  order: Standing,
  execution: Execution | undefined,
  now: number,
  limits: Limits,
): Verdict {
  const time = Date.parse(order.updatedAt);
  // Whoever wrote the item may have written a time that is to come, or none.
  const changedAt = time < now + limits.still ? time : 0;
  // The index shows orders a moment late.
  if (!isOpen(order.status) || now - changedAt < limits.still) return { remedy: 'leave' };
  if (execution?.status === 'RUNNING') {
    const since = Math.max(changedAt, execution.startedAt, execution.redrivenAt ?? 0);
    return told('leave', now - since < limits.running ? undefined : 'RunningTooLong');
  }
  if (execution === undefined && !isOurs(order)) return { remedy: 'leave', concern: 'BegunElsewhere' };
  const remedy = remedyFor(order, execution, now);
  const isHeld = !limits.mayStart && (remedy === 'start' || remedy === 'restart');
  return told(isHeld ? 'hold' : remedy, concernFor(order, execution));
}

/**
 * Whether the workflow brought the order to where it stands, by what it leaves on it. Another was written half way: its
 * next stages would take its status for proof of a check and a charge that never were.
 */
function isOurs({ status, closing, restarts, chargeIntent, charge }: Standing): boolean {
  if (status === 'PLACED' || closing !== undefined) return true;
  return status === 'VALIDATED' ? (restarts ?? chargeIntent) !== undefined : charge !== undefined;
}

function told(remedy: Remedy, concern: Concern | undefined): Verdict {
  return concern === undefined ? { remedy } : { remedy, concern };
}

function remedyFor({ restarts = 0 }: Standing, execution: Execution | undefined, now: number): Remedy {
  if (execution === undefined) return 'start';
  const restart = !execution.redrivable || execution.error === AT_ITS_END;
  const pause = pauseAfter(restart ? restarts : execution.redrives);
  if (now - (execution.endedAt ?? 0) < pause) return 'leave';
  return restart ? 'restart' : 'redrive';
}

/** The first redrive, and the first restart, is at once; each next one waits twice as long, up to a day. */
function pauseAfter(tries: number): number {
  return tries === 0 ? 0 : Math.min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE);
}

/** No execution runs: what is begun and not ended matters most. */
function concernFor(order: Standing, execution: Execution | undefined): Concern | undefined {
  if (order.closing !== undefined) return 'CompensationUnfinished';
  if (order.chargeIntent !== undefined) return 'ChargeWithoutProgress';
  const tries = (order.restarts ?? 0) + (execution?.redrives ?? 0);
  return tries < TRIES_IN_VAIN ? undefined : 'TriedInVain';
}
