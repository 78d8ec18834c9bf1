import { isOpen, isOrderStatus, orderOfExecution } from '@orderstream/domain';
import { parsed, record } from '../json.ts';
import { WORKFLOW } from './deployment.ts';
import { letterId } from './letter-id.ts';
import type { Letter } from './letter.ts';

/** The ends of an execution that are failures. */
export const FAILURES = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** Days in which an execution can be redriven. */
const REDRIVABLE_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** An execution as DescribeExecution tells it. Times are epoch seconds. */
export interface DescribedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate: number;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly input: unknown;
  /** Why Step Functions would not redrive it; undefined where it would. */
  readonly notRedrivable: string | undefined;
}

/** Reads an answer of DescribeExecution. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export function describedExecution(answer: Readonly<Record<string, unknown>>): DescribedExecution {
  const { executionArn, name, status, startDate, stopDate, error, cause, input } = answer;
  const { redriveStatus, redriveStatusReason: reason } = answer;
  return {
    executionArn: String(executionArn),
    name: String(name),
    status: String(status),
    startDate: Number(startDate),
    stopDate: Number(stopDate ?? startDate),
    error: typeof error === 'string' && error !== '' ? error : undefined,
    cause: typeof cause === 'string' ? cause : undefined,
    input: typeof input === 'string' ? parsed(input) : undefined,
    notRedrivable: redriveStatus === 'NOT_REDRIVABLE' ? String(reason ?? 'no reason given') : undefined,
  };
}

/** The order that an execution is for; an execution is named after it. */
export function orderOf({ input, name }: Pick<DescribedExecution, 'input' | 'name'>): string {
  const { orderId } = record(input);
  return typeof orderId === 'string' ? orderId : (orderOfExecution(name) ?? name);
}

/**
 * Whether nothing waits for an execution any more: its order came to its end otherwise, or was closed as FAILED more
 * than 14 days ago.
 *
 * @param stopDate epoch seconds. @param now epoch milliseconds.
 */
export function isOver(stopDate: number, status: string | undefined, now: number): boolean {
  return isClosed(status) && (status !== 'FAILED' || isOld(stopDate, now));
}

function isClosed(status: string | undefined): boolean {
  return isOrderStatus(status) && !isOpen(status);
}

function isOld(stopDate: number, now: number): boolean {
  return now - stopDate * 1_000 > REDRIVABLE_DAYS * DAY_MS;
}

/**
 * An execution as a dead letter; undefined where nothing waits for it any more.
 *
 * @param status of the order; undefined where there is none. @param now epoch milliseconds.
 */
export function failedExecution(
  execution: DescribedExecution,
  status: string | undefined,
  now: number,
): Letter | undefined {
  const { name, error, notRedrivable, stopDate } = execution;
  if (isOver(stopDate, status, now)) return undefined;
  const cause = (error ?? execution.status).slice(0, 100);
  const stands = status === undefined ? 'there is no such order' : `its order stands at ${status}`;
  return {
    id: letterId('execution', [name]),
    kind: 'execution',
    source: WORKFLOW,
    cause,
    message: `Execution ${name} ended ${execution.status} with ${cause}; ${stands}.`,
    at: new Date(stopDate * 1_000).toISOString(),
    records: 1,
    subjects: [`order ${orderOf(execution)}`.slice(0, 70)],
    redrivable: isClosed(status) ? CLOSED : isOld(stopDate, now) ? TOO_OLD : (notRedrivable ?? true),
  };
}

const CLOSED =
  'Its order is closed as FAILED: everything was undone and nothing is left to do. It is listed for 14 days.';
const TOO_OLD =
  'It ended more than 14 days ago, which Step Functions does not redrive: sweep-orders starts its order anew.';
