import type { FunctionConfig } from '../stack/model.ts';
import type { Concurrency } from './concurrency.ts';
import type { Answer, FunctionWorker } from './function-worker.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { InvocationRequest } from './protocol.ts';
import type { RuntimeError } from './runtime-errors.ts';
import type { SpareCpu } from './spare-cpu.ts';

/** Threads a function has at most; what is invoked beyond that waits in line. */
const MOST_THREADS = 10;
/** How often a waiting line looks whether one more thread would help, in milliseconds. */
const GROWTH_MS = 20;
/**
 * How long an instance beside the first may be free, in milliseconds of the system's time: each takes some 30 MB. It
 * ends when it was free through one whole such span.
 */
const SURPLUS_MS = 30_000;

/** The machine that all functions share. */
export interface Machine {
  readonly cpu: Pick<SpareCpu, 'take'>;
  readonly memory: Pick<MemoryWatch, 'add' | 'delete'>;
}

/** What the pool needs of a {@link FunctionWorker}. */
export type Instance = Pick<FunctionWorker, 'isBroken' | 'load' | 'run' | 'kill' | 'usedMb'>;

export interface FunctionPoolParts {
  readonly config: FunctionConfig;
  /** Makes an instance of the code as it is now. */
  readonly create: () => Instance;
  readonly concurrency: Pick<Concurrency, 'enter' | 'leave'>;
  readonly machine: Machine;
  readonly meter?: FunctionMeter | undefined;
}

/** Is told how long instances worked, in milliseconds of the system's time. */
export interface FunctionMeter {
  /** A run, with the loading of its instance where it was a new one. */
  ran(functionName: string, memoryMb: number, milliseconds: number): void;
  /** An instance was loaded ahead of its first run. */
  loaded(functionName: string, memoryMb: number, milliseconds: number): void;
}

/** The instances of one function: reused when warm, replaced when broken, more of them while the machine has time for it. */
export class FunctionPool {
  readonly #config: FunctionConfig;
  readonly #concurrency: FunctionPoolParts['concurrency'];
  readonly #machine: Machine;
  readonly #meter: FunctionMeter | undefined;
  #create: () => Instance;
  readonly #workers = new Set<Instance>();
  /** Those that end their invocation and no more: they run code that was replaced. */
  readonly #outdated = new WeakSet<Instance>();
  readonly #idle: Instance[] = [];
  readonly #line: ((worker: Instance | undefined | Promise<Instance>) => void)[] = [];
  #stopped = false;
  #growth: NodeJS.Timeout | undefined;
  #shrinking: NodeJS.Timeout | undefined;
  /** Those that ran since it was last looked who is surplus. */
  readonly #used = new WeakSet<Instance>();

  constructor({ config, create, concurrency, machine, meter }: FunctionPoolParts) {
    this.#config = config;
    this.#create = create;
    this.#concurrency = concurrency;
    this.#machine = machine;
    this.#meter = meter;
  }

  /** Makes the first instance; resolves when its code is loaded, with the error if it can't be. */
  async warm(): Promise<RuntimeError | undefined> {
    const begunAt = performance.now();
    const worker = this.#add(this.#create);
    const error = await worker.load();
    this.#meter?.loaded(this.#config.name, this.#config.memoryMb, performance.now() - begunAt);
    this.#release(worker);
    return error;
  }

  /**
   * Goes over to other code once an instance of it is loaded: what is invoked from then on runs there, and what runs
   * ends where it is.
   *
   * @returns the error if the code can't be loaded; everything stays as it was then.
   * @throws Error when the pool is stopped before that.
   */
  async replace(create: () => Instance): Promise<RuntimeError | undefined> {
    const worker = this.#add(create);
    const error = await worker.load();
    this.refuseWhenStopped();
    if (error === undefined) {
      this.#create = create;
      for (const other of this.#workers) if (other !== worker) this.#outdated.add(other);
      for (const idle of this.#idle.splice(0)) this.#end(idle);
    }
    this.#release(worker);
    return error;
  }

  /**
   * @throws AwsError TooManyRequestsException when the function's concurrency is used up.
   * @throws Error when the pool is stopped before the answer.
   */
  async run(request: InvocationRequest): Promise<Answer> {
    this.#concurrency.enter();
    try {
      return await this.#run(request);
    } finally {
      this.#concurrency.leave();
    }
  }

  /** How many instances there are, and the megabytes that they hold. */
  async held(): Promise<{ readonly instances: number; readonly mb: number }> {
    const used = await Promise.all([...this.#workers].map((worker) => worker.usedMb().catch(() => 0)));
    return { instances: used.length, mb: used.reduce((sum, mb) => sum + mb, 0) };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#growth);
    clearInterval(this.#shrinking);
    for (const decline of this.#line.splice(0)) decline(undefined);
    await Promise.all([...this.#workers].map((worker) => worker.kill()));
  }

  /** @throws Error when it is stopped: nothing may begin any more. */
  refuseWhenStopped(): void {
    if (this.#stopped) throw this.#stoppedError();
  }

  async #run(request: InvocationRequest): Promise<Answer> {
    const worker = this.#warmOne() ?? (await this.#next());
    if (!worker) throw this.#stoppedError();
    this.#machine.memory.add(worker, this.#config.memoryMb);
    const begunAt = performance.now();
    const answer = await worker.run(request);
    this.#meter?.ran(this.#config.name, this.#config.memoryMb, performance.now() - begunAt);
    this.#used.add(worker);
    this.#machine.memory.delete(worker);
    if (this.#stopped && worker.isBroken) throw this.#stoppedError();
    this.#release(worker);
    return answer;
  }

  /** Whoever ended the instance, it was not the function: nobody may take that for its answer. */
  #stoppedError(): Error {
    return new Error(`Function ${this.#config.name} did not run to its end: the local cloud is stopped.`);
  }

  #warmOne(): Instance | undefined {
    for (let worker = this.#idle.pop(); worker; worker = this.#idle.pop()) {
      if (!worker.isBroken) return worker;
      this.#workers.delete(worker);
    }
    return undefined;
  }

  /** A new instance, or the next one that becomes free; none once the pool is stopped. */
  #next(): Instance | undefined | Promise<Instance | undefined> {
    if (this.#stopped) return undefined;
    if (this.#mayGrow()) return this.#add(this.#create);
    this.#growth ??= setInterval(() => this.#grow(), GROWTH_MS);
    return new Promise((resolve) => this.#line.push(resolve));
  }

  #mayGrow(): boolean {
    return this.#workers.size === 0 || (this.#workers.size < MOST_THREADS && this.#machine.cpu.take());
  }

  #grow(): void {
    if (this.#line.length > 0 && this.#mayGrow()) this.#addForNext();
    if (this.#line.length > 0) return;
    clearInterval(this.#growth);
    this.#growth = undefined;
  }

  /** Whoever is next in line hears of it when no instance can be made. */
  #addForNext(): void {
    this.#line.shift()?.(new Promise((resolve) => resolve(this.#add(this.#create))));
  }

  #add(create: () => Instance): Instance {
    this.refuseWhenStopped();
    const worker = create();
    this.#workers.add(worker);
    if (this.#workers.size > 1) {
      this.#shrinking ??= setInterval(() => this.#shrink(), SURPLUS_MS).unref();
    }
    return worker;
  }

  /** Ends the instances that nothing needed since the last look; who was used last is asked first, so the rest stays free. */
  #shrink(): void {
    const surplus = this.#idle.slice(0, this.#workers.size - 1).filter((worker) => !this.#used.has(worker));
    for (const worker of this.#workers) this.#used.delete(worker);
    for (const worker of surplus) {
      this.#idle.splice(this.#idle.indexOf(worker), 1);
      this.#end(worker);
    }
    if (this.#workers.size > 1) return;
    clearInterval(this.#shrinking);
    this.#shrinking = undefined;
  }

  #end(worker: Instance): void {
    this.#workers.delete(worker);
    void worker.kill();
  }

  #release(worker: Instance): void {
    if (worker.isBroken || this.#outdated.has(worker)) {
      this.#end(worker);
      if (this.#line.length > 0) this.#addForNext();
      return;
    }
    const next = this.#line.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
  }
}
