import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError, type ServiceHandler } from '../endpoint/service.ts';
import type { Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { StateMachine } from '../stack/model.ts';
import { executionExists, readExecution, type WorkflowJournal } from './archive.ts';
import { readDefinition } from './definition.ts';
import { loadEngine } from './engine.ts';
import { Execution, type ExecutionEnd, type ReadyMachine } from './execution.ts';
import { statesHandler } from './operations.ts';
import { checkExecutionInput, checkExecutionName } from './start-rules.ts';

export interface WorkflowsOptions {
  readonly stateMachines: readonly StateMachine[];
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: WorkflowJournal;
  readonly region: string;
  readonly accountId: string;
  /** Told of every execution that failed or timed out. */
  readonly onFailure?: (end: ExecutionEnd) => void;
}

/** What is known of an execution that was started. */
export interface StartedExecution {
  readonly executionArn: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/**
 * Step Functions: runs the stack's state machines. What an execution did is in the journal only, so that memory holds
 * no more than what is running.
 */
export class Workflows {
  /** Answers the calls of service `states`. */
  readonly handler: ServiceHandler;
  /** Epoch milliseconds; the state machines' creation date. */
  readonly createdAt: number;
  readonly #options: WorkflowsOptions;
  readonly #machines = new Map<string, ReadyMachine>();
  readonly #running = new Map<string, { execution: Execution; leave: () => void }>();

  /** @throws Error when a definition can't be run here, naming every field that stands in the way. */
  constructor(options: WorkflowsOptions) {
    this.#options = options;
    this.createdAt = options.clock.now();
    this.handler = statesHandler(this, options.journal);
    if (options.stateMachines.length === 0) return;
    const engine = loadEngine(options.clock);
    for (const machine of options.stateMachines) {
      const definition = readDefinition(machine);
      this.#machines.set(machine.arn, { machine, definition, engine: engine(definition.root) });
    }
  }

  get stateMachines(): readonly StateMachine[] {
    return this.#options.stateMachines;
  }

  /** @throws AwsError StateMachineDoesNotExist */
  stateMachine(arn: string): StateMachine {
    return this.#ready(arn).machine;
  }

  /**
   * Starts an execution. The same name with the same input while it runs is the same execution again.
   * @param name made up when undefined. @param input JSON text. @param trace X-Ray trace header for its tasks.
   * @throws AwsError InvalidName, InvalidExecutionInput, StateMachineDoesNotExist, ExecutionAlreadyExists.
   */
  startExecution(
    stateMachineArn: string,
    name: string | undefined,
    input: string,
    trace?: string,
  ): StartedExecution {
    const executionName = name ?? randomUUID();
    checkExecutionName(executionName);
    checkExecutionInput(input);
    const ready = this.#ready(stateMachineArn);
    const { region, accountId, journal } = this.#options;
    const arn = `arn:aws:states:${region}:${accountId}:execution:${ready.machine.name}:${executionName}`;
    const known = this.#running.get(arn)?.execution;
    if (known?.input === input) return { executionArn: arn, startedAt: known.startedAt };
    if (known || (name !== undefined && executionExists(journal, arn)))
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    const execution = new Execution(ready, { arn, name: executionName, input, trace }, this.#options, (end) =>
      this.#ended(end),
    );
    this.#running.set(arn, { execution, leave: this.#options.inFlight.enter('execution') });
    execution.start();
    return { executionArn: arn, startedAt: execution.startedAt };
  }

  /**
   * Ends a running execution as ABORTED; one that has ended stays as it is.
   * @returns epoch milliseconds of its end. @throws AwsError ExecutionDoesNotExist
   */
  stopExecution(arn: string, error: string, cause: string): number {
    const running = this.#running.get(arn);
    if (running) return running.execution.stop(error, cause);
    return readExecution(this.#options.journal, arn).endedAt ?? this.#options.clock.now();
  }

  /** Leaves what is running as it stands; the journal goes on saying that it runs. */
  stop(): void {
    for (const { execution, leave } of this.#running.values()) {
      execution.abandon();
      leave();
    }
    this.#running.clear();
  }

  #ready(arn: string): ReadyMachine {
    const ready = this.#machines.get(arn);
    if (!ready) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return ready;
  }

  #ended(end: ExecutionEnd): void {
    const leave = this.#running.get(end.arn)?.leave;
    this.#running.delete(end.arn);
    if (end.status === 'FAILED' || end.status === 'TIMED_OUT') this.#options.onFailure?.(end);
    leave?.();
  }
}
