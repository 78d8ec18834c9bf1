import type { InvokeResult } from '../functions/invoker.ts';
import type { Level, Task } from './definition.ts';
import type { EngineEvent, Json, RunObserver } from './engine.ts';
import {
  mapIteration,
  stateEntered,
  stateExited,
  stateProgress,
  taskFailed,
  taskScheduled,
  taskStarted,
  taskSucceeded,
  taskTimedOut,
  type EventContent,
} from './history.ts';
import type { Recording } from './recording.ts';
import { recordedTime, repeatedAnswer } from './repeat.ts';
import {
  dataLimitExceeded,
  invocationOf,
  isLargerThan,
  outputOf,
  PAYLOAD_LIMIT_BYTES,
  TaskFailure,
  taskFailureOf,
  type Invocation,
} from './task.ts';

/** How an execution ended. Texts are empty where there is none. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  /** JSON text. */
  readonly output: string;
  readonly error: string;
  readonly cause: string;
}

const NOTHING = { output: '', error: '', cause: '' };

/** What the runs of one execution share. */
export interface ExecutionHost {
  readonly region: string;
  readonly levels: ReadonlyMap<object, Level>;
  /** The context object, without `State`. */
  readonly context: Readonly<Record<string, unknown>>;
  now(): number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Writes a history event, unless it is there already, and answers with its id. */
  record(previousId: number, content: EventContent): number;
  /** What the execution did before, when it is run again. */
  readonly recording: Recording | undefined;
  invoke(stateName: string, invocation: Invocation): Promise<InvokeResult>;
}

/** The Map iteration or Parallel branch that a run is. */
interface Place {
  readonly parent: Run;
  /** The event after which it began, together with those beside it. */
  readonly from: number;
  readonly state: string;
  /** Undefined for a branch. */
  readonly index: number | undefined;
}

/**
 * Follows one run of states, performs its tasks and writes its history. The states of a run follow one another, so
 * each event's predecessor is the run's event before it.
 */
export class Run implements RunObserver {
  readonly context: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, (input: Json) => Promise<Json>>>;
  readonly recordedTime: RunObserver['recordedTime'];
  readonly #host: ExecutionHost;
  readonly #place: Place | undefined;
  /** The event after which its newest branches or iterations began. */
  #partsFrom = 0;
  readonly #onEnd: (outcome: Outcome, previousId: number) => void;
  readonly #state = { Name: '', EnteredTime: '', RetryCount: 0 };
  #previousId: number;
  #ended = false;
  #stateFailed = false;
  #iterations = 0;
  /** The task attempt under way; what a later or abandoned attempt answers is dropped. */
  #attempt: { readonly task: Task } | undefined;
  #lastValue: Json;
  #lastText = '';

  constructor(
    host: ExecutionHost,
    level: Level,
    place: Place | undefined,
    onEnd: (outcome: Outcome, previousId: number) => void = () => undefined,
  ) {
    this.#host = host;
    this.#place = place;
    this.#onEnd = onEnd;
    this.#previousId = place ? place.parent.#previousId : 0;
    this.context = { ...host.context, State: this.#state };
    this.recordedTime = host.recording && recordedTime(host, host.recording, () => this.#previousId);
    const tasks: Record<string, (input: Json) => Promise<Json>> = {};
    for (const task of level.tasks) tasks[task.name] = (input) => this.#perform(task, input);
    this.tasks = tasks;
  }

  inside(definition: object): RunObserver {
    const level = this.#host.levels.get(definition);
    if (!level?.parent) throw new Error('A run inside a run must be of a Parallel or Map state.');
    const index = level.parent.type === 'Map' ? this.#iterations++ : undefined;
    return new Run(this.#host, level, {
      ...{ parent: this, from: this.#partsFrom },
      ...{ state: level.parent.name, index },
    });
  }

  /** @throws TaskFailure, which ends the run, for a state's input or output that is too large. */
  observe(event: EngineEvent): void {
    if (this.#over) return;
    switch (event.type) {
      case 'ExecutionStarted':
        return this.#recordIteration('Started');
      case 'StateEntered':
        return this.#enter(event.state.type, event.state.name, event.state.input);
      case 'StateRetried':
        this.#state.RetryCount += 1;
        this.#iterations = 0;
        this.#stateFailed = false;
        return;
      case 'StateFailed':
        return this.#fail(event.state.type);
      case 'StateExited':
        return this.#exit(event.state.type, event.state.name, event.state.output);
      case 'StateCaught':
        return;
      case 'ExecutionSucceeded':
        return this.#end('Succeeded', {
          ...NOTHING,
          status: 'SUCCEEDED',
          output: this.#textOf(event.output),
        });
      case 'ExecutionFailed':
        return this.#end('Failed', failureOf(event));
      case 'ExecutionAborted':
        return this.#end('Aborted', { ...NOTHING, status: 'ABORTED' });
      case 'ExecutionTimeout':
        return this.#end('Aborted', { ...NOTHING, status: 'TIMED_OUT' });
    }
  }

  /** Ends the run without a word: nothing that is still under way has an effect any more. */
  abandon(): void {
    this.#ended = true;
    this.#attempt = undefined;
  }

  get #over(): boolean {
    return this.#ended || (this.#place !== undefined && this.#place.parent.#over);
  }

  /** Whether a repeated run had been aborted, because one beside it or around it failed: that it will be again. */
  get #wasAborted(): boolean {
    if (this.#place === undefined) return false;
    const { parent, from } = this.#place;
    return this.#host.recording?.hasFailedFrom(from) === true || parent.#wasAborted;
  }

  #record(content: EventContent): void {
    this.#previousId = this.#host.record(this.#previousId, content);
  }

  #recordIteration(what: string): void {
    if (this.#place?.index !== undefined)
      this.#record(mapIteration(what, this.#place.state, this.#place.index));
  }

  #enter(type: string, name: string, input: Json): void {
    this.#state.Name = name;
    this.#state.RetryCount = 0;
    this.#iterations = 0;
    this.#stateFailed = false;
    const text = this.#textOf(input);
    if (isLargerThan(text, PAYLOAD_LIMIT_BYTES)) throw dataLimitExceeded(name, true);
    this.#record(stateEntered(type, name, text));
    this.#state.EnteredTime = new Date((this.recordedTime ?? this.#host).now()).toISOString();
    this.#recordParts(type, 'Started');
  }

  /** After its start, and after its failure where it is retried, a Parallel or Map state's parts begin. */
  #recordParts(type: string, what: 'Started' | 'Failed'): void {
    if (type !== 'Parallel' && type !== 'Map') return;
    this.#record(stateProgress(type, what));
    this.#partsFrom = this.#previousId;
  }

  #fail(type: string): void {
    this.#stateFailed = true;
    if (this.#attempt) this.#record(taskTimedOut(this.#attempt.task));
    this.#attempt = undefined;
    this.#recordParts(type, 'Failed');
  }

  #exit(type: string, name: string, output: Json): void {
    const text = this.#textOf(output);
    if (isLargerThan(text, PAYLOAD_LIMIT_BYTES)) {
      this.#fail(type);
      throw dataLimitExceeded(name, true);
    }
    if ((type === 'Parallel' || type === 'Map') && !this.#stateFailed)
      this.#record(stateProgress(type, 'Succeeded'));
    this.#record(stateExited(type, name, text));
  }

  #end(what: string, outcome: Outcome): void {
    this.#recordIteration(what);
    // The state around it goes on after what ended it, not after what was aborted for that.
    if (this.#place && what !== 'Aborted') this.#place.parent.#previousId = this.#previousId;
    this.abandon();
    this.#onEnd(outcome, this.#previousId);
  }

  async #perform(task: Task, input: Json): Promise<Json> {
    if (this.#over) throw abandoned();
    const invocation = invocationOf(task, input);
    const attempt = { task };
    this.#attempt = attempt;
    this.#record(taskScheduled(task, invocation, this.#host.region));
    this.#record(taskStarted(task));
    if (this.#over) throw abandoned();
    const output = await this.#outputOf(task, invocation);
    if (this.#attempt !== attempt) throw abandoned();
    this.#attempt = undefined;
    if (output instanceof TaskFailure) {
      this.#record(taskFailed(task, output.name, output.message));
      throw output;
    }
    this.#record(taskSucceeded(task, output));
    this.#lastText = output;
    this.#lastValue = JSON.parse(output);
    return this.#lastValue;
  }

  async #outputOf(task: Task, invocation: Invocation): Promise<string | TaskFailure> {
    const ended = this.#host.recording?.endOfAttempt(this.#previousId);
    if (ended) return repeatedAnswer(ended);
    if (this.#wasAborted) return new Promise(() => undefined);
    try {
      return outputOf(task, await this.#host.invoke(task.name, invocation));
    } catch (error) {
      return taskFailureOf(error);
    }
  }

  /** JSON text of a value; a state's output is the next one's input, so the last text often serves again. */
  #textOf(value: Json): string {
    if (value !== this.#lastValue || this.#lastText === '') {
      this.#lastValue = value;
      this.#lastText = JSON.stringify(value);
    }
    return this.#lastText;
  }
}

/** Ends what the engine still does for an attempt or a run that is over; nobody sees it. */
function abandoned(): TaskFailure {
  return new TaskFailure('States.Runtime', 'The attempt was given up.');
}

/** The library repeats the name of an error that has no cause as its message. */
function failureOf({ Error, Cause }: { Error: string; Cause: unknown }): Outcome {
  return {
    ...NOTHING,
    status: 'FAILED',
    error: Error,
    cause: typeof Cause === 'string' && Cause !== Error ? Cause : '',
  };
}
