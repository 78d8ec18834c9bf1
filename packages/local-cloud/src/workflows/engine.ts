import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Clock, ClockTimer } from '../clock.ts';

/** Any JSON value; the engine hands on what it is given. */
export type Json = unknown;

/** Seconds after which AWS ends a task that sets no timeout (three years): here it means never. */
export const NO_TIMEOUT_SECONDS = 99_999_999;

/** What the engine tells of a run, at the moment it happens. */
export type EngineEvent =
  | { readonly type: 'ExecutionStarted' | 'ExecutionAborted' | 'ExecutionTimeout' }
  | { readonly type: 'ExecutionSucceeded'; readonly output: Json }
  | { readonly type: 'ExecutionFailed'; readonly Error: string; readonly Cause: unknown }
  | {
      readonly type: 'StateEntered' | 'StateExited' | 'StateFailed' | 'StateRetried' | 'StateCaught';
      readonly state: {
        readonly name: string;
        readonly type: string;
        readonly input: Json;
        readonly output?: Json;
      };
    };

/** The time of a run that is repeated, in milliseconds. */
export interface RecordedTime {
  /** Epoch milliseconds. */
  now(): number;
  /** How long it waits where the definition says this long: no longer than is left of it. */
  waitOf(delayMs: number): number;
}

/** Follows one run: a whole execution, a branch of a Parallel state or an iteration of a Map state. */
export interface RunObserver {
  /** The context object (`$$`) of the run; the engine adds `Execution.Input` and `Execution.StartTime`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** What the run's tasks do, by state name. An error's `name` and `message` become Error and Cause. */
  readonly tasks: Readonly<Record<string, (input: Json) => Promise<Json>>>;
  /** Called synchronously, so that what tasks record falls into its place among these events. */
  observe(event: EngineEvent): void;
  /** The observer of a run that starts inside this one; `definition` is its part of the definition. */
  inside(definition: object): RunObserver;
  /** Set for a run that is repeated: its time, until it goes on for real, is that of what is recorded. */
  readonly recordedTime?: RecordedTime | undefined;
}

/** A definition made ready once, to be run any number of times. */
export interface EngineMachine {
  /** Starts a run and answers with what aborts it. */
  run(input: Json, observer: RunObserver): () => void;
}

/** Makes definitions ready; they are not validated again. */
export type Engine = (definition: object) => EngineMachine;

interface RunOptions {
  readonly observerOf: (definition: object) => RunObserver;
}

interface ExecuteOptions {
  readonly runOptions: RunOptions;
  readonly eventLogger: { dispatch: (event: EngineEvent) => void };
}

interface LibraryMachine {
  readonly definition: object;
  run(input: Json, options: RunOptions): { abort(): void; result: Promise<Json> };
  execute(input: Json, options: ExecuteOptions, cleanUp: () => void): Promise<Json>;
}

interface Library {
  readonly StateMachine: {
    new (definition: object, options: object): LibraryMachine;
    readonly prototype: LibraryMachine;
  };
}

/** The library's requirements that are never reached here: every task is ours, definitions are read by us. */
const UNREACHED = new Set(['@aws-sdk/client-lambda', '@aws-sdk/credential-providers', 'asl-validator']);

/**
 * Loads a copy of aws-local-stepfunctions that waits and stamps by the cloud's clock. The library has no option for
 * that, so its CommonJS build is evaluated with our own `setTimeout`, `clearTimeout` and `Date`; what it would
 * require for calling AWS and for validating (half a second) stays unloaded. In this copy each run, also those
 * inside Map and Parallel states, is given to its {@link RunObserver}.
 */
export function loadEngine(clock: Clock): Engine {
  /** The time of the run that the library is working at, where that is a repeated one. */
  const repeated = new AsyncLocalStorage<RecordedTime>();
  const time: RecordedTime = {
    now: () => repeated.getStore()?.now() ?? clock.now(),
    waitOf: (delayMs) => repeated.getStore()?.waitOf(delayMs) ?? delayMs,
  };
  const { StateMachine } = evaluateLibrary(clock, time);
  const execute = StateMachine.prototype.execute;
  StateMachine.prototype.execute = function (this: LibraryMachine, input, options, cleanUp) {
    const observer = options.runOptions.observerOf(this.definition);
    options.eventLogger.dispatch = (event) => observer.observe(event);
    const runOptions = {
      ...options.runOptions,
      observerOf: (inner: object) => observer.inside(inner),
      context: observer.context,
      overrides: { taskResourceLocalHandlers: observer.tasks },
    };
    const begin = () => execute.call(this, input, { ...options, runOptions }, cleanUp);
    return observer.recordedTime ? repeated.run(observer.recordedTime, begin) : begin();
  };
  return (definition) => {
    const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
    return {
      run(input, observer) {
        const { abort, result } = machine.run(input, { observerOf: () => observer });
        result.catch(() => undefined); // the observer has been told how it ended
        return abort;
      },
    };
  };
}

function evaluateLibrary(clock: Clock, time: RecordedTime): Library {
  const path = createRequire(import.meta.url).resolve('aws-local-stepfunctions');
  const requireFrom = createRequire(path);
  const evaluate = new Function(
    'module',
    'require',
    'setTimeout',
    'clearTimeout',
    'Date',
    `${readFileSync(path, 'utf8')}\n//# sourceURL=${path}`,
  );
  const loaded: { exports: Library | undefined } = { exports: undefined };
  evaluate(
    loaded,
    (id: string): unknown => {
      if (UNREACHED.has(id)) return {};
      return id === 'jsonpath-plus' ? wholeOfNull(requireFrom(id)) : requireFrom(id);
    },
    (callback: () => void, delayMs: number) => startTimer(clock, callback, time.waitOf(delayMs)),
    (timer: ClockTimer | undefined) => clock.clearTimeout(timer),
    dateOf(time),
  );
  if (typeof loaded.exports?.StateMachine.prototype.execute !== 'function')
    throw new Error(
      'aws-local-stepfunctions is not as expected (3.0.0): run npm ci to install the locked version.',
    );
  return loaded.exports;
}

interface JsonPathLibrary {
  JSONPath(options: { path: string; json: Json }): Json;
}

/** jsonpath-plus finds nothing at `$` when the whole is null, which is what a function without a result gives. */
function wholeOfNull({ JSONPath }: JsonPathLibrary): JsonPathLibrary {
  return { JSONPath: (options) => (options.path === '$' ? options.json : JSONPath(options)) };
}

function startTimer(clock: Clock, callback: () => void, delayMs: number): ClockTimer | undefined {
  return delayMs >= NO_TIMEOUT_SECONDS * 1000 ? undefined : clock.setTimeout(callback, delayMs);
}

/** The part of `Date` that the library uses. */
function dateOf(clock: Pick<Clock, 'now'>): { new (value?: string | number): Date; now(): number } {
  return class extends Date {
    constructor(value: string | number = clock.now()) {
      super(value);
    }

    static override now(): number {
      return clock.now();
    }
  };
}
