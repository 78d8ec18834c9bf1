import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError, type ServiceHandler } from '../endpoint/service.ts';
import type { Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { StateMachine } from '../stack/model.ts';
import {
  countEvents,
  definitionOf,
  executionExists,
  readExecution,
  runningExecutions,
  wholeHistory,
  type WorkflowJournal,
} from './archive.ts';
import { readDefinition } from './definition.ts';
import { type Engine, loadEngine } from './engine.ts';
import {
  Execution,
  type ExecutionBefore,
  type ExecutionEnd,
  type ExecutionRequest,
  type ReadyMachine,
} from './execution.ts';
import { executionEndedBadly } from './history.ts';
import { statesHandler } from './operations.ts';
import { redriven } from './redrive.ts';
import { checkExecutionInput, checkExecutionName } from './start-rules.ts';

export interface WorkflowsOptions {
  readonly stateMachines: readonly StateMachine[];
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: WorkflowJournal;
  readonly region: string;
  readonly accountId: string;
  /** Asked before a task invokes a function. Throws AwsError when the machine's role may not. */
  readonly authorize?: ((machine: StateMachine, functionReference: string) => void) | undefined;
  /** Told of every execution that failed or timed out. */
  readonly onFailure?: (end: ExecutionEnd) => void;
  /** Told of every event of a history that is written. */
  readonly onEvent?: (machine: StateMachine, type: string) => void;
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
  readonly #engine: Engine | undefined;
  /** By the state machine's ARN. */
  readonly #machines = new Map<string, ReadyMachine>();
  /** By the key of their definitions, also those that the stack no longer has. */
  readonly #definitions = new Map<string, ReadyMachine>();
  readonly #running = new Map<string, { execution: Execution; leave: () => void; redriveToken?: string }>();

  /** @throws Error when a definition can't be run here, naming every field that stands in the way. */
  constructor(options: WorkflowsOptions) {
    this.#options = options;
    this.createdAt = options.clock.now();
    this.handler = statesHandler(this, options.journal);
    if (options.stateMachines.length === 0) return;
    this.#engine = loadEngine(options.clock);
    for (const machine of options.stateMachines) this.#machines.set(machine.arn, this.#makeReady(machine));
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#options.clock.now();
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
    const execution = this.#run(ready, { arn, name: executionName, input, trace });
    return { executionArn: arn, startedAt: execution.startedAt };
  }

  /**
   * Has the executions go on that an earlier process left running: tasks that had ended are not run again. Those of
   * state machines that the stack has no more fail.
   */
  resume(): void {
    const { journal } = this.#options;
    for (const row of runningExecutions(journal)) {
      if (!this.#machines.has(row.stateMachine)) this.#failOrphan(row);
      else this.#goOn(this.#readyFor(row), { row, history: wholeHistory(journal, row.arn) });
    }
  }

  /**
   * Has an execution that failed, timed out or was stopped go on from the state that did.
   *
   * @param token makes the same call, sent again, the same redrive.
   * @returns epoch milliseconds of the redrive.
   * @throws AwsError ExecutionDoesNotExist, ExecutionNotRedrivable.
   */
  redriveExecution(arn: string, token: string | undefined): number {
    const { journal, clock } = this.#options;
    const running = this.#running.get(arn);
    const { redrivenAt } = running?.execution ?? {};
    if (token !== undefined && running?.redriveToken === token && redrivenAt) return redrivenAt;
    const before = redriven(
      { row: readExecution(journal, arn), history: wholeHistory(journal, arn) },
      clock.now(),
    );
    const ready = this.#readyFor(before.row);
    const event = before.history.at(-1);
    // Nothing is read from here on: that would write the event before the execution runs.
    if (event) journal.append('history', event);
    this.#goOn(ready, before, token);
    return before.row.redrivenAt ?? clock.now();
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

  /** Ends an execution whose state machine is gone. */
  #failOrphan(row: ExecutionBefore['row']): void {
    const { journal } = this.#options;
    const { arn, name, stateMachine: stateMachineArn } = row;
    const endedAt = this.now();
    const error = 'StateMachineDoesNotExist';
    const cause = `The stack has no state machine ${stateMachineArn} any more. Put it back and redrive this execution.`;
    const { type, details } = executionEndedBadly('Failed', error, cause);
    const last = countEvents(journal, arn);
    const event = { id: last + 1, previousId: last, type, at: endedAt, details: JSON.stringify(details) };
    journal.append('history', { execution: arn, ...event });
    journal.append('executions', { ...row, status: 'FAILED', error, cause, endedAt });
    this.#ended({ arn, name, stateMachineArn, status: 'FAILED', error, cause, endedAt });
  }

  /** With the definition that the execution was started with. */
  #readyFor({ stateMachine, definition }: ExecutionBefore['row']): ReadyMachine {
    const machine = this.stateMachine(stateMachine);
    const text = definitionOf(this.#options.journal, definition);
    return this.#definitions.get(definition) ?? this.#makeReady({ ...machine, definition: text });
  }

  #goOn(ready: ReadyMachine, before: ExecutionBefore, redriveToken?: string): void {
    const { arn, name, input, trace } = before.row;
    const request = { arn, name, input, trace: trace === '' ? undefined : trace, before };
    this.#run(ready, request, redriveToken);
  }

  #run(ready: ReadyMachine, request: ExecutionRequest, redriveToken?: string): Execution {
    const execution = new Execution(ready, request, this.#options, (end) => this.#ended(end));
    const leave = this.#options.inFlight.enter('execution');
    this.#running.set(request.arn, { execution, leave, ...(redriveToken !== undefined && { redriveToken }) });
    execution.start();
    return execution;
  }

  /** Reads a definition, and keeps it in the journal for the executions that start with it. */
  #makeReady(machine: StateMachine): ReadyMachine {
    const definition = readDefinition(machine);
    if (!this.#engine) throw new Error(`State machine ${machine.name} is in no stack that runs here.`);
    const definitionKey = createHash('sha256').update(machine.definition).digest('base64url');
    this.#options.journal.append('definitions', { key: definitionKey, definition: machine.definition });
    const ready = { machine, definitionKey, definition, engine: this.#engine(definition.root) };
    this.#definitions.set(definitionKey, ready);
    return ready;
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
