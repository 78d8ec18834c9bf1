import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { startRequest, type WorkflowStart } from '@orderstream/domain';
import type { Execution } from './decide.ts';

/** How an execution ends that did not do its work. */
const ENDED_ILL = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** An execution can be redriven, and then fail again, for 14 days after its start at least; milliseconds. */
const REDRIVABLE = 14 * 24 * 60 * 60 * 1000;

/** Executions that one answer holds. */
const PAGE = 1_000;

/** The executions of the order workflow. What somebody else did first is success. */
export class Executions {
  readonly #client: SFNClient;
  readonly #machineArn: string;

  constructor(client: SFNClient, stateMachineArn: string) {
    this.#client = client;
    this.#machineArn = stateMachineArn;
  }

  /** The execution of this name; `undefined` when there is none, or none any more (90 days after its end). */
  async find(name: string): Promise<Execution | undefined> {
    try {
      const found = await this.#client.send(new DescribeExecutionCommand({ executionArn: this.#arn(name) }));
      // A redrive of ours was taken, and waits for its turn.
      const status = found.status === 'PENDING_REDRIVE' ? 'RUNNING' : found.status;
      if (status === undefined) throw new Error(`Step Functions tells no status of execution ${name}.`);
      return {
        status,
        startedAt: found.startDate?.getTime() ?? 0,
        redrivenAt: found.redriveDate?.getTime(),
        endedAt: found.stopDate?.getTime(),
        redrives: found.redriveCount ?? 0,
        redrivable: found.redriveStatus === 'REDRIVABLE',
        error: found.error,
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  async start(workflow: WorkflowStart): Promise<void> {
    try {
      await this.#client.send(new StartExecutionCommand(startRequest(this.#machineArn, workflow)));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  /** Lets an execution go on from the task in which it failed. */
  async redrive(name: string): Promise<void> {
    try {
      await this.#client.send(new RedriveExecutionCommand({ executionArn: this.#arn(name) }));
    } catch (error) {
      if (!(error instanceof ExecutionNotRedrivable)) throw error;
    }
  }

  /**
   * Names of the executions that have ended ill since a time (epoch milliseconds), read as they are taken. The newest
   * come first, by their start: one that can't be redriven any more since before that time ends the list.
   */
  async *endedIllSince(time: number): AsyncGenerator<string> {
    for (const statusFilter of ENDED_ILL) {
      for await (const { name, startDate, stopDate } of this.#list(statusFilter)) {
        if (startDate !== undefined && startDate.getTime() < time - REDRIVABLE) break;
        if (name !== undefined && stopDate !== undefined && stopDate.getTime() >= time) yield name;
      }
    }
  }

  async *#list(statusFilter: ExecutionStatus): AsyncGenerator<ExecutionListItem> {
    let nextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListExecutionsCommand({
          stateMachineArn: this.#machineArn,
          statusFilter,
          maxResults: PAGE,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      yield* page.executions ?? [];
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  #arn(name: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}
