import { orderOfExecution } from '@orderstream/domain';
import * as z from 'zod/mini';
import { callAws, AwsRefusal } from '../aws-call.ts';
import { record } from '../json.ts';
import { describedExecution, FAILURES, failedExecution, isOver, orderOf } from './failed-execution.ts';
import type { Group, Letter, Shelf, Waiting, Wanted } from './letter.ts';
import { readLetterId } from './letter-id.ts';
import { markOf, positionAs } from './place.ts';

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

  async *walk({ after, ids }: Wanted): AsyncGenerator<Group> {
    if (ids === undefined) return yield* this.#all(after);
    const from = after === undefined ? '' : positionAs(z.string(), after);
    for (const id of [...ids].sort()) {
      const name = readLetterId(id)?.path[0] ?? '';
      if (id > from) yield this.#group(this.#arnOf(name), JSON.stringify(id));
    }
  }

  /** By the end they came to, the newest first, as Step Functions lists them. */
  async *#all(after: string | undefined): AsyncGenerator<Group> {
    let [at, second, marks]: Position =
      after === undefined ? [0, Infinity, []] : positionAs(positionSchema, after);
    for (const [index, statusFilter] of FAILURES.entries()) {
      if (index < at) continue;
      for await (const { executionArn, name, startDate, stopDate } of this.#list(statusFilter)) {
        const mark = markOf(executionArn);
        const isPassed = startDate > second || (startDate === second && marks.includes(mark));
        if (index === at && isPassed) continue;
        marks = index === at && startDate === second ? [...marks, mark] : [mark];
        [at, second] = [index, startDate];
        const position = JSON.stringify([at, second, marks]);
        yield (await this.#isOver(name, stopDate))
          ? { waiting: [], position }
          : this.#group(executionArn, position);
      }
    }
  }

  /** Known without a description, of which few can be asked for: an execution is named after its order. */
  async #isOver(name: string, stopDate: number): Promise<boolean> {
    const orderId = orderOfExecution(name);
    return orderId !== undefined && isOver(stopDate, await this.#statusOf(orderId), this.#now());
  }

  async *#list(statusFilter: string): AsyncGenerator<Listed> {
    for (let nextToken: unknown; ;) {
      const answer = await this.#states('ListExecutions', {
        stateMachineArn: this.#workflowArn,
        statusFilter,
        maxResults: PAGE,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const { executions } = answer;
      for (const one of Array.isArray(executions) ? executions : []) {
        const { executionArn, name, startDate, stopDate = startDate } = record(one);
        yield {
          ...{ executionArn: String(executionArn), name: String(name) },
          ...{ startDate: Number(startDate), stopDate: Number(stopDate) },
        };
      }
      ({ nextToken } = answer);
      if (nextToken === undefined || nextToken === null) return;
    }
  }

  async #group(executionArn: string, position: string): Promise<Group> {
    const waiting = await this.#describe(executionArn, position);
    return { waiting: waiting === undefined ? [] : [waiting], position };
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

/** An execution in a list. Times are epoch seconds. */
interface Listed {
  readonly executionArn: string;
  readonly name: string;
  readonly startDate: number;
  readonly stopDate: number;
}

/** Which end, when the last one began, and marks of those that began then: they come in any order. */
const positionSchema = z.tuple([z.number(), z.number(), z.array(z.string())]);
type Position = z.infer<typeof positionSchema>;
