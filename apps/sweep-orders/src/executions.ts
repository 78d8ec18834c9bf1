import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { startRequest, type WorkflowStart } from '@orderstream/domain';
import type { Execution } from './decide.ts';

/** Failed executions that one sweep looks at, the newest. */
const MOST_FAILED = 100;

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

  /** Names of the newest executions that have failed since a time; epoch milliseconds. */
  async failedSince(time: number): Promise<string[]> {
    const { executions = [] } = await this.#client.send(
      new ListExecutionsCommand({
        stateMachineArn: this.#machineArn,
        statusFilter: 'FAILED',
        maxResults: MOST_FAILED,
      }),
    );
    return executions
      .filter(({ stopDate }) => stopDate !== undefined && stopDate.getTime() >= time)
      .flatMap(({ name }) => name ?? []);
  }

  #arn(name: string): string {
    return `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}
