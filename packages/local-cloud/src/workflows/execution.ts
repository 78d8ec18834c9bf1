import type { Clock } from '../clock.ts';
import type { InvokeResult, Invoker } from '../functions/invoker.ts';
import type { JournalRows } from '../journal/rows.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { StateMachine } from '../stack/model.ts';
import type { Definition, Level } from './definition.ts';
import type { EngineMachine } from './engine.ts';
import { executionEndedBadly, executionStarted, executionSucceeded, type EventContent } from './history.ts';
import { Recording } from './recording.ts';
import { Run, type ExecutionHost, type Outcome } from './run.ts';
import type { Invocation } from './task.ts';

/** Status of an execution, as DescribeExecution answers it. */
export type ExecutionStatus = 'RUNNING' | Outcome['status'];

/** A state machine that was read and made ready to run. */
export interface ReadyMachine {
  readonly machine: StateMachine;
  /** Key of its definition in the journal. */
  readonly definitionKey: string;
  readonly definition: Definition;
  readonly engine: EngineMachine;
}

/** What executions need of the cloud. */
export interface ExecutionServices {
  readonly clock: Clock;
  readonly invoker: Invoker;
  readonly journal: JournalWriter;
  readonly region: string;
  /** Asked before a task invokes a function. Throws AwsError when the machine's role may not. */
  readonly authorize?: ((machine: StateMachine, functionReference: string) => void) | undefined;
  /** Told of every event of a history that is written. */
  readonly onEvent?: (machine: StateMachine, type: string) => void;
}

/** What an execution is started with. */
export interface ExecutionRequest {
  readonly arn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  /** X-Ray trace header that the tasks' invocations carry on. */
  readonly trace: string | undefined;
  /** What it did before, when it goes on; undefined for a new one. */
  readonly before?: ExecutionBefore | undefined;
}

/** An execution as the journal has it. */
export interface ExecutionBefore {
  readonly row: JournalRows['executions'];
  /** Its whole history, oldest first. */
  readonly history: readonly JournalRows['history'][];
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: Outcome['status'];
  readonly error: string;
  readonly cause: string;
  /** Epoch milliseconds. */
  readonly endedAt: number;
}

/**
 * History events that an execution may have: the last one is its success, or it fails for having too many.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
export const MOST_EVENTS = 25_000;
const TOO_MANY_EVENTS: Outcome = {
  ...({ status: 'FAILED', output: '', error: 'States.Runtime' } as const),
  cause: `The execution reached the maximum number of history events (${MOST_EVENTS}).`,
};

/** One running execution. Its history and its state are written to the journal as they come about; it keeps neither. */
export class Execution implements ExecutionHost {
  readonly arn: string;
  readonly input: string;
  readonly startedAt: number;
  readonly region: string;
  readonly levels: ReadonlyMap<object, Level>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly recording: Recording | undefined;
  readonly redrives: number;
  /** When it was redriven last, epoch milliseconds. */
  readonly redrivenAt: number | null;
  readonly #ready: ReadyMachine;
  readonly #services: ExecutionServices;
  readonly #request: ExecutionRequest;
  readonly #onEnd: (end: ExecutionEnd) => void;
  readonly #run: Run;
  #lastEventId: number;
  #ended = false;
  #abort: () => void = () => undefined;

  constructor(
    ready: ReadyMachine,
    request: ExecutionRequest,
    services: ExecutionServices,
    onEnd: (end: ExecutionEnd) => void,
  ) {
    const { machine, definition } = ready;
    const { arn, name, input, before } = request;
    this.arn = arn;
    this.input = input;
    this.startedAt = before?.row.startedAt ?? services.clock.now();
    this.redrives = before?.row.redrives ?? 0;
    this.redrivenAt = before?.row.redrivenAt ?? null;
    this.recording = before && new Recording(before.history);
    this.#lastEventId = before?.history.at(-1)?.id ?? 0;
    this.region = services.region;
    this.levels = definition.levels;
    this.context = {
      Execution: { Id: arn, Name: name, RoleArn: machine.roleArn, RedriveCount: this.redrives },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    this.#ready = ready;
    this.#request = request;
    this.#services = services;
    this.#onEnd = onEnd;
    const level = definition.levels.get(definition.root) ?? { tasks: [], parent: undefined };
    this.#run = new Run(this, level, undefined, (outcome, previousId) => this.#end(outcome, previousId));
  }

  /** Runs up to the first task or wait before it returns; one that goes on repeats what is recorded first. */
  start(): void {
    const { machine, engine } = this.#ready;
    this.#writeRow({ status: 'RUNNING', output: '', error: '', cause: '' }, null);
    this.record(0, executionStarted(this.input, machine.roleArn));
    this.#abort = engine.run(JSON.parse(this.input), this.#run);
  }

  /** Ends the execution as ABORTED; an invocation under way goes on and its result is dropped. @returns epoch milliseconds of its end. */
  stop(error: string, cause: string): number {
    this.abandon();
    return this.#end({ status: 'ABORTED', output: '', error, cause }, 0);
  }

  /** Leaves the execution as it stands, as a crash would: it stays RUNNING in the journal. */
  abandon(): void {
    this.#run.abandon();
    this.#abort();
  }

  now(): number {
    return this.#services.clock.now();
  }

  record(previousId: number, content: EventContent): number {
    const recorded = this.recording?.take(previousId, content);
    if (recorded) return recorded.id;
    if (this.#ended) return this.#lastEventId;
    if (this.#lastEventId === MOST_EVENTS - 1 && content.type !== 'ExecutionSucceeded') {
      this.abandon();
      this.#end(TOO_MANY_EVENTS, previousId);
      return this.#lastEventId;
    }
    return this.#write(previousId, content);
  }

  async invoke(stateName: string, { functionName, payload }: Invocation): Promise<InvokeResult> {
    const { name, trace } = this.#request;
    this.#services.authorize?.(this.#ready.machine, functionName);
    return this.#services.invoker.invoke(functionName, payload, {
      kind: 'task',
      name: `${name}/${stateName}`,
      trace,
    });
  }

  #write(previousId: number, { type, details }: EventContent): number {
    const id = ++this.#lastEventId;
    this.#services.onEvent?.(this.#ready.machine, type);
    this.#services.journal.append('history', {
      execution: this.arn,
      id,
      previousId,
      type,
      at: this.now(),
      details: JSON.stringify(details),
    });
    return id;
  }

  #end(outcome: Outcome, previousId: number): number {
    this.#ended = true;
    const { status, error, cause } = outcome;
    const { arn, name } = this.#request;
    const stateMachineArn = this.#ready.machine.arn;
    const endedAt = this.now();
    const event = endEvent(outcome);
    if (!this.recording?.take(previousId, event)) this.#write(previousId, event);
    this.#writeRow(outcome, endedAt);
    this.#onEnd({ arn, name, stateMachineArn, status, error, cause, endedAt });
    return endedAt;
  }

  #writeRow(
    state: { status: ExecutionStatus; output: string; error: string; cause: string },
    endedAt: number | null,
  ): void {
    const { status, output, error, cause } = state;
    const { arn, name, input, trace = '' } = this.#request;
    this.#services.journal.append('executions', {
      arn,
      stateMachine: this.#ready.machine.arn,
      name,
      status,
      input,
      output,
      error,
      cause,
      startedAt: this.startedAt,
      endedAt,
      trace,
      definition: this.#ready.definitionKey,
      redrives: this.redrives,
      redrivenAt: this.redrivenAt,
    });
  }
}

function endEvent({ status, output, error, cause }: Outcome): EventContent {
  if (status === 'SUCCEEDED') return executionSucceeded(output);
  return executionEndedBadly(END_EVENTS[status], error, cause);
}

const END_EVENTS = { FAILED: 'Failed', ABORTED: 'Aborted', TIMED_OUT: 'TimedOut' } as const;
