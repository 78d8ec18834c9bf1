import { callAws, AwsRefusal } from '../aws-call.ts';
import { record } from '../json.ts';
import { describedExecution, FAILURES, failedExecution, orderOf } from './failed-execution.ts';
import type { Letter, Shelf, Waiting, Wanted } from './letter.ts';
import { readLetterId } from './letter-id.ts';

/** Step Functions' API, as far as failed executions need it. */
export type States = (
  operation: 'ListExecutions' | 'DescribeExecution' | 'RedriveExecution',
  members: object,
) => Promise<Readonly<Record<string, unknown>>>;

/** Step Functions on AWS. */
export const awsStates: States = (operation, members) => callAws('states', operation, members);

const CANNOT_GO =
  "An execution can't be removed. Redrive it; once its order is closed, it is no dead letter any more.";

/** Executions that one answer of a listing may hold. */
const PAGE = 1_000;

/** The executions of the workflow that failed. */
export class ExecutionShelf implements Shelf {
  readonly kind = 'execution';
  readonly keepsPlaces = true;
  readonly #states: States;
  readonly #workflowArn: string;
  readonly #statusOf: (orderId: string) => Promise<string | undefined>;
  readonly #now: () => number;

  constructor(given: {
    readonly states: States;
    readonly workflowArn: string;
    /** An order's status; undefined where there is no such order. */
    readonly statusOf: (orderId: string) => Promise<string | undefined>;
    /** Epoch milliseconds. */
    readonly now: () => number;
  }) {
    this.#states = given.states;
    this.#workflowArn = given.workflowArn;
    this.#statusOf = given.statusOf;
    this.#now = given.now;
  }

  async *walk({ after, ids }: Wanted): AsyncGenerator<Waiting[]> {
    if (ids === undefined) return yield* this.#all(after);
    for (const id of [...ids].sort()) {
      const name = readLetterId(id)?.path[0] ?? '';
      if (after !== undefined && id <= after) continue;
      const letter = await this.#describe(this.#arnOf(name), id);
      if (letter !== undefined) yield [letter];
    }
  }

  /** By the end they came to, the newest first, as Step Functions lists them. */
  async *#all(after: string | undefined): AsyncGenerator<Waiting[]> {
    const [from, start, last] = after === undefined ? [0, Infinity, ''] : readPosition(after);
    for (const [index, statusFilter] of FAILURES.entries()) {
      if (index < from) continue;
      for await (const { executionArn, startDate } of this.#list(statusFilter)) {
        const passed = startDate > start || (startDate === start && executionArn >= last);
        if (index === from && passed && after !== undefined) continue;
        const waiting = await this.#describe(executionArn, JSON.stringify([index, startDate, executionArn]));
        if (waiting !== undefined) yield [waiting];
      }
    }
  }

  async *#list(statusFilter: string): AsyncGenerator<{ executionArn: string; startDate: number }> {
    for (let nextToken: unknown; ;) {
      const answer = await this.#states('ListExecutions', {
        stateMachineArn: this.#workflowArn,
        statusFilter,
        maxResults: PAGE,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const { executions } = answer;
      for (const one of Array.isArray(executions) ? executions : []) {
        const { executionArn, startDate } = record(one);
        yield { executionArn: String(executionArn), startDate: Number(startDate) };
      }
      ({ nextToken } = answer);
      if (nextToken === undefined || nextToken === null) return;
    }
  }

  /** Undefined where it is none, or no dead letter (any more). */
  async #describe(executionArn: string, position: string): Promise<Waiting | undefined> {
    const answer = await this.#states('DescribeExecution', { executionArn }).catch((error: unknown) => {
      if (error instanceof AwsRefusal && GONE.has(error.name)) return undefined;
      throw error;
    });
    if (answer === undefined) return undefined;
    const execution = describedExecution(answer);
    if (!FAILURES.some((status) => status === execution.status)) return undefined;
    const letter = failedExecution(execution, await this.#statusOf(orderOf(execution)), this.#now());
    return letter && this.#waiting(letter, executionArn, position, execution);
  }

  #waiting(letter: Letter, executionArn: string, position: string, payload: unknown): Waiting {
    return {
      letter,
      payload,
      position,
      lane: '',
      items: [],
      discard: async () => CANNOT_GO,
      redrive: async () => {
        if (letter.redrivable !== true) return letter.redrivable;
        try {
          await this.#states('RedriveExecution', { executionArn });
          return undefined;
        } catch (error) {
          if (error instanceof AwsRefusal && error.name === 'ExecutionNotRedrivable') return error.message;
          throw error;
        }
      },
    };
  }

  /** `arn:…:stateMachine:<machine>` → `arn:…:execution:<machine>:<name>`. */
  #arnOf(name: string): string {
    return `${this.#workflowArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}

/** What Step Functions says of an execution that is not there, or has no name at all. */
const GONE: ReadonlySet<string> = new Set(['ExecutionDoesNotExist', 'InvalidArn']);

function readPosition(text: string): [number, number, string] {
  const [index, startDate, arn]: [number, number, string] = JSON.parse(text);
  return [index, startDate, arn];
}
