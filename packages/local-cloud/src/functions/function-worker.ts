import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, ClockTimer } from '../clock.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { COMPILE_CACHE, type InvocationRequest, type WorkerMessage, type WorkerSetup } from './protocol.ts';
import { exited, type RuntimeError, thrown, timedOut } from './runtime-errors.ts';

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
  readonly clock: Clock;
  /** @param requestId of the invocation it belongs to; empty outside of any. */
  readonly onOutput: (text: string, requestId: string) => void;
  /** Told once, when its thread has ended. */
  readonly onEnd?: () => void;
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
  readonly #loading = Promise.withResolvers<RuntimeError | undefined>();
  #isLoaded = false;
  #isBroken = false;
  #requestId = '';
  #answer: ((answer: Answer) => void) | undefined;

  constructor({ config, directory, compileCache, environment, clock, onOutput, onEnd }: FunctionWorkerParts) {
    this.#config = config;
    this.#clock = clock;
    const setup: WorkerSetup = { directory, handler: config.handler };
    this.#thread = new Worker(ENTRY, {
      name: config.name,
      workerData: setup,
      env: { ...environment, [COMPILE_CACHE]: compileCache },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        maxOldGenerationSizeMb: config.memoryMb + HEAP_MARGIN_MB,
      },
    });
    this.#thread.on('message', (message: WorkerMessage) => this.#receive(message, onOutput));
    this.#thread.on('error', (error: Error & { code?: string }) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#break(isMemory ? exited(this.#requestId, 'killed') : thrown(error));
    });
    this.#thread.on('exit', (code) => {
      this.#break(exited(this.#requestId, code));
      onEnd?.();
    });
  }

  /** Whether it must be replaced before the next invocation. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Resolves when the code is loaded, with the error if it can't be in the time that Lambda allows. */
  async load(): Promise<RuntimeError | undefined> {
    const timer = this.#clock.setTimeout(() => this.#timeOut('', LOADING_MS / 1000), LOADING_MS);
    const error = await this.#loading.promise;
    this.#clock.clearTimeout(timer);
    return error;
  }

  async run(request: InvocationRequest): Promise<Answer> {
    this.#requestId = request.requestId;
    const answer = new Promise<Answer>((resolve) => (this.#answer = resolve));
    const timer = this.#startTimer(request);
    const error = this.#isLoaded ? undefined : await this.#loading.promise;
    if (!this.#isBroken) this.#thread.postMessage(request);
    else this.#settle({ kind: 'error', error: error ?? exited(request.requestId, 'killed') });
    const settled = await answer;
    this.#clock.clearTimeout(timer);
    this.#requestId = '';
    return settled;
  }

  /** Ends the thread; the invocation that runs in it answers as if it was killed for its memory. */
  async kill(): Promise<void> {
    this.#break(exited(this.#requestId, 'killed'));
    await this.#thread.terminate();
  }

  /** Megabytes of heap and buffers that the function holds now. */
  async usedMb(): Promise<number> {
    const { used_heap_size: heap, external_memory: buffers } = await this.#thread.getHeapStatistics();
    return (heap + buffers) / 2 ** 20;
  }

  #startTimer({ requestId, timeoutMs }: InvocationRequest): ClockTimer {
    return this.#clock.setTimeout(
      () => this.#timeOut(requestId, this.#config.timeoutSeconds),
      timeoutMs + (this.#isLoaded ? 0 : LOADING_MS),
    );
  }

  #timeOut(requestId: string, seconds: number): void {
    this.#break(timedOut(requestId, seconds));
    void this.#thread.terminate();
  }

  #receive(message: WorkerMessage, onOutput: FunctionWorkerParts['onOutput']): void {
    switch (message[0]) {
      case 'log':
        return onOutput(message[1], this.#requestId);
      case 'loaded':
        this.#isLoaded = true;
        return this.#loading.resolve(undefined);
      case 'succeeded':
        return this.#settle({ kind: 'result', payload: message[1] });
      case 'failed':
        return this.#settle({ kind: 'error', error: message[1] });
      default:
        return this.#break(message[1]);
    }
  }

  /** No further invocation can run here. */
  #break(error: RuntimeError): void {
    this.#isBroken = true;
    this.#loading.resolve(error);
    this.#settle({ kind: 'error', error });
  }

  #settle(answer: Answer): void {
    this.#answer?.(answer);
    this.#answer = undefined;
  }
}
