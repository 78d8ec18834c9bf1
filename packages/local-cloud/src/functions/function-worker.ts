import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, ClockTimer } from '../clock.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { COMPILE_CACHE, type InvocationRequest, type WorkerMessage, type WorkerSetup } from './protocol.ts';
import { exited, type RuntimeError, timedOut } from './runtime-errors.ts';
import { openWire, type Wire } from './wire.ts';

/** What a function answered. */
export type Answer =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: RuntimeError };

export interface FunctionWorkerParts {
  readonly config: FunctionConfig;
  /** Folder of the unpacked deployment package. */
  readonly directory: string;
  /** Folder of Node's compile cache, shared by all instances. */
  readonly compileCache: string;
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly wire: Wire | undefined;
  readonly clock: Clock;
  /** @param requestId of the invocation it belongs to; empty outside of any. */
  readonly onOutput: (text: string, requestId: string) => void;
}

const ENTRY = join(import.meta.dirname, 'worker.ts');
/** Bounds what a busy young generation holds on to: a thread takes a third of what it would otherwise. */
const YOUNG_GENERATION_MB = 8;
/** V8's own limit lies this far above the function's: reaching it may abort the process, so it must come second. */
const HEAP_MARGIN_MB = 1024;
/** What Lambda allows for loading the code, in milliseconds; it comes on top of the first timeout. */
const LOADING_MS = 10_000;

/** One instance of a function: a thread with its code loaded, running one invocation at a time. */
export class FunctionWorker {
  readonly #config: FunctionConfig;
  readonly #clock: Clock;
  readonly #thread: Worker;
  readonly #loaded: Promise<RuntimeError | undefined>;
  #isLoaded = false;
  #broken = false;
  #requestId = '';
  #answer: ((answer: Answer) => void) | undefined;

  constructor({ config, directory, compileCache, environment, wire, clock, onOutput }: FunctionWorkerParts) {
    this.#config = config;
    this.#clock = clock;
    const port = wire && openWire(wire);
    const setup: WorkerSetup = {
      directory,
      handler: config.handler,
      wire: wire && port && { url: wire.url, port },
    };
    this.#thread = new Worker(ENTRY, {
      name: config.name,
      workerData: setup,
      transferList: port ? [port] : [],
      env: { ...environment, [COMPILE_CACHE]: compileCache },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        maxOldGenerationSizeMb: config.memoryMb + HEAP_MARGIN_MB,
      },
    });
    let load: (error: RuntimeError | undefined) => void = () => undefined;
    this.#loaded = new Promise((resolve) => (load = resolve));
    this.#thread.on('message', (message: WorkerMessage) => {
      if (message[0] === 'log') onOutput(message[1], this.#requestId);
      else if (message[0] === 'loaded') {
        this.#isLoaded = true;
        load(undefined);
      } else if (message[0] === 'succeeded') this.#settle({ kind: 'result', payload: message[1] });
      else if (message[0] === 'failed') this.#settle({ kind: 'error', error: message[1] });
      else {
        this.#broken = true;
        load(message[1]);
        this.#settle({ kind: 'error', error: message[1] });
      }
    });
    this.#thread.on('error', () => this.#end(load, 'killed'));
    this.#thread.on('exit', (code) => this.#end(load, code));
  }

  /** Whether it must be replaced before the next invocation. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Resolves when the code is loaded, with the error if it can't be. */
  get loaded(): Promise<RuntimeError | undefined> {
    return this.#loaded;
  }

  async run(request: InvocationRequest): Promise<Answer> {
    this.#requestId = request.requestId;
    const answer = new Promise<Answer>((resolve) => (this.#answer = resolve));
    const timer = this.#startTimer(request);
    if (!this.#isLoaded) {
      const error = await this.#loaded;
      if (error) this.#settle({ kind: 'error', error });
    }
    if (!this.#broken) this.#thread.postMessage(request);
    const settled = await answer;
    this.#clock.clearTimeout(timer);
    this.#requestId = '';
    return settled;
  }

  /** Ends the thread; the invocation that runs in it answers as if it was killed for its memory. */
  async kill(): Promise<void> {
    const requestId = this.#requestId;
    this.#broken = true;
    this.#settle({ kind: 'error', error: exited(requestId, 'killed') });
    await this.#thread.terminate();
  }

  /** Megabytes of heap and buffers that the function holds now. */
  async usedMb(): Promise<number> {
    const { used_heap_size: heap, external_memory: buffers } = await this.#thread.getHeapStatistics();
    return (heap + buffers) / 2 ** 20;
  }

  #startTimer({ requestId, timeoutMs }: InvocationRequest): ClockTimer {
    return this.#clock.setTimeout(
      () => {
        this.#broken = true;
        this.#settle({ kind: 'error', error: timedOut(requestId, this.#config.timeoutSeconds) });
        void this.#thread.terminate();
      },
      timeoutMs + (this.#isLoaded ? 0 : LOADING_MS),
    );
  }

  #end(load: (error: RuntimeError) => void, code: number | 'killed'): void {
    this.#broken = true;
    const error = exited(this.#requestId, code);
    load(error);
    this.#settle({ kind: 'error', error });
  }

  #settle(answer: Answer): void {
    this.#answer?.(answer);
    this.#answer = undefined;
  }
}
