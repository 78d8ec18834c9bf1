import { AwsError } from '../endpoint/service.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { ExecutionBefore } from './execution.ts';
import { executionRedriven } from './history.ts';

/** How long after its end an execution can be redriven: 14 days. */
const REDRIVABLE_MS = 14 * 24 * 60 * 60 * 1000;
/** Events with which an execution can't go on: it would reach the most that it may have. */
const TOO_MANY_EVENTS = 24_999;

type Ended = Pick<JournalRows['executions'], 'status' | 'endedAt'>;

/**
 * Why an execution can't be redriven, in the words of DescribeExecution; undefined when it can.
 *
 * @param events in its history. @param now epoch milliseconds.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export function redriveProblem({ status, endedAt }: Ended, events: number, now: number): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven.`;
  if (now - (endedAt ?? now) > REDRIVABLE_MS) return 'Execution redrivable period exceeded.';
  return events >= TOO_MANY_EVENTS ? 'Execution history event limit exceeded.' : undefined;
}

/**
 * The execution as it stands once it is redriven: it runs again, and its history says so.
 *
 * @param now epoch milliseconds.
 * @throws AwsError ExecutionNotRedrivable
 */
export function redriven({ row, history }: ExecutionBefore, now: number): ExecutionBefore {
  const problem = redriveProblem(row, history.length, now);
  if (problem !== undefined) throw new AwsError('ExecutionNotRedrivable', problem);
  const last = history.at(-1)?.id ?? 0;
  const redrives = row.redrives + 1;
  const { type, details } = executionRedriven(redrives);
  const event = { execution: row.arn, id: last + 1, previousId: last, type, at: now };
  return {
    row: { ...row, status: 'RUNNING', endedAt: null, redrives, redrivenAt: now },
    history: [...history, { ...event, details: JSON.stringify(details) }],
  };
}
