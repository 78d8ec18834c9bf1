import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { Faults } from '../faults/faults.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import { functionReference, qualified } from '../stack/arns.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { versionOf } from '../stack/versions.ts';
import { Concurrency } from './concurrency.ts';
import { type DeployedCode, DeployedFunction } from './deployed-function.ts';
import type { FunctionMeter } from './function-pool.ts';
import type { Answer } from './function-worker.ts';
import type { InvokeCause, InvokeResult, Invoker } from './invoker.ts';
import { MemoryWatch } from './memory-watch.ts';
import type { InvocationRequest } from './protocol.ts';
import { SpareCpu } from './spare-cpu.ts';

/** What a function wrote to its output. */
export interface FunctionLog {
  readonly functionName: string;
  /** Empty for what it wrote while it was loaded. */
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One or several lines, as written. */
  readonly text: string;
}

/** A function as a reference means it. */
export interface DescribedFunction extends Pick<DeployedFunction, 'config' | 'code'> {
  /** With the qualifier of the reference, where it has one. */
  readonly arn: string;
  readonly version: string;
}

/** What one invocation writes, as far as it has run. */
export interface LogTail {
  /** To run the invocation under. */
  readonly requestId: string;
  /** The last 4 KB. */
  text(): Buffer;
  end(): void;
}

export interface FunctionHostParts {
  readonly functions: readonly FunctionConfig[];
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  /** Variables that a function has besides its own: `AWS_ENDPOINT_URL`, credentials, region. */
  readonly environment: (config: FunctionConfig) => Readonly<Record<string, string>>;
  readonly onLog?: (log: FunctionLog) => void;
  /** Stands around every run, and inside the threads. */
  readonly faults?: Pick<Faults, 'invoke' | 'instance'> | undefined;
  readonly meter?: FunctionMeter;
  /** Told how each invocation ended; one that was throttled did not begin. */
  readonly onRun?: ((functionName: string, end: RunEnd) => void) | undefined;
}

/** How an invocation ended. */
export type RunEnd = 'ok' | 'error' | 'throttled';

/** Functions that are loaded at once when the host starts. */
const LOADED_AT_ONCE = 2;
/** Bytes of a response: 6 MB, and what AWS allows beyond. */
const LARGEST_RESPONSE = 6_291_556;

/** Bytes of a log tail. */
const LONGEST_TAIL = 4_096;

/** Runs the stack's functions: the bundles that would be deployed, in threads of this process. */
export class FunctionHost implements Invoker {
  readonly #parts: FunctionHostParts;
  readonly #machine = { cpu: new SpareCpu(), memory: new MemoryWatch() };
  /** What invocations have written whose log was asked for, by request id. */
  readonly #tails = new Map<string, string[]>();
  #running = 0;
  #resting: (() => void)[] = [];
  #directory = '';
  #deployed: ReadonlyMap<string, DeployedFunction> = new Map();

  constructor(parts: FunctionHostParts) {
    this.#parts = parts;
  }

  /** The functions it runs. */
  get functions(): readonly FunctionConfig[] {
    return this.#parts.functions;
  }

  /**
   * Unpacks every function and loads one instance of each. When it fails, nothing of it is left.
   *
   * @throws PackageError when a package is missing or broken.
   */
  async start(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), 'orderstream-functions-'));
    const { functions } = this.#parts;
    const concurrencyOf = Concurrency.ofAccount(functions);
    this.#deployed = new Map(functions.map((config) => this.#deploy(config, concurrencyOf)));
    const waiting = [...this.#deployed.values()];
    const loadNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next.start();
    };
    const loaded = await Promise.allSettled(Array.from({ length: LOADED_AT_ONCE }, loadNext));
    const failure = loaded.find((result) => result.status === 'rejected');
    if (!failure) return;
    await this.stop();
    throw failure.reason;
  }

  /** Ends every instance, also one that runs, and removes what was unpacked. */
  async stop(): Promise<void> {
    this.#machine.memory.stop();
    await Promise.all([...this.#deployed.values()].map((deployed) => deployed.stop()));
    if (this.#directory !== '')
      await rm(this.#directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }

  /**
   * Runs a function by another package from now on. Nothing that is under way fails.
   *
   * @param zip the whole deployment package.
   * @throws PackageError when it is broken; the code before it keeps running.
   * @throws AwsError ResourceNotFoundException; ResourceConflictException while another update is under way.
   */
  async update(functionName: string, zip: Uint8Array): Promise<DeployedCode> {
    return this.#find(functionName).deployed.update(zip);
  }

  /**
   * A function and the code that it runs now, as a name or an ARN means it.
   *
   * @throws AwsError ResourceNotFoundException, also where it has no such alias or version.
   */
  describe(reference: string): DescribedFunction {
    const { deployed, arn, version } = this.#find(reference);
    return { config: deployed.config, code: deployed.code, arn, version };
  }

  /** How many instances there are of all functions, and the megabytes that they hold. */
  async held(): Promise<{ readonly instances: number; readonly mb: number }> {
    const each = await Promise.all([...this.#deployed.values()].map((deployed) => deployed.held()));
    return each.reduce(
      (sum, { instances, mb }) => ({ instances: sum.instances + instances, mb: sum.mb + mb }),
      {
        instances: 0,
        mb: 0,
      },
    );
  }

  /** Keeps what an invocation writes that is to come. */
  tail(): LogTail {
    const requestId = randomUUID();
    const texts: string[] = [];
    this.#tails.set(requestId, texts);
    return {
      requestId,
      text: () => Buffer.from(texts.join('')).subarray(-LONGEST_TAIL),
      end: () => void this.#tails.delete(requestId),
    };
  }

  /** Resolves when no function runs, or after `withinMs` of the system's time. @returns whether none does. */
  async atRest(withinMs: number): Promise<boolean> {
    if (this.#running === 0) return true;
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(false), withinMs);
      this.#resting.push(() => {
        clearTimeout(giveUp);
        resolve(true);
      });
    });
  }

  async invoke(functionName: string, payload: string, cause: InvokeCause): Promise<InvokeResult> {
    const { faults, onRun } = this.#parts;
    const run = (given: string) => this.#run(functionName, given, cause);
    const result = faults ? faults.invoke(functionName, payload, cause, run) : run(payload);
    return onRun ? toldOf(result, (end) => onRun(functionReference(functionName).functionName, end)) : result;
  }

  async #run(functionName: string, payload: string, cause: InvokeCause): Promise<InvokeResult> {
    const { deployed, arn, version } = this.#find(functionName);
    const { config } = deployed;
    const { clock, inFlight, journal } = this.#parts;
    const leaveFlight = inFlight.enter('invocation');
    this.#running += 1;
    try {
      const startedAt = clock.now();
      const request: InvocationRequest = {
        requestId: cause.requestId ?? randomUUID(),
        payload,
        functionArn: arn,
        functionVersion: version,
        trace: cause.trace ?? newTrace(startedAt),
        timeoutMs: config.timeoutSeconds * 1000,
        clockOffset: roundOffset(startedAt - Date.now()),
      };
      const answer = limited(await deployed.run(request));
      const error = answer.kind === 'error' ? answer.error : undefined;
      journal.append('invocations', {
        id: request.requestId,
        function: config.name,
        causeKind: cause.kind,
        causeName: cause.name,
        startedAt,
        endedAt: clock.now(),
        error: error ? `${error.errorType}: ${error.errorMessage}` : '',
      });
      return {
        requestId: request.requestId,
        payload: answer.kind === 'error' ? JSON.stringify(answer.error) : answer.payload,
        functionError: error ? 'Unhandled' : undefined,
        executedVersion: version,
      };
    } finally {
      leaveFlight();
      this.#running -= 1;
      if (this.#running === 0) for (const rest of this.#resting.splice(0)) rest();
    }
  }

  #deploy(
    config: FunctionConfig,
    concurrencyOf: (config: FunctionConfig) => Concurrency,
  ): readonly [string, DeployedFunction] {
    const { clock, environment, onLog, faults, meter } = this.#parts;
    const deployed = new DeployedFunction({
      config,
      directory: join(this.#directory, config.name),
      compileCache: join(this.#directory, '.compile-cache'),
      environment: environment(config),
      concurrency: concurrencyOf(config),
      machine: this.#machine,
      clock,
      faults,
      meter,
      onOutput: (text, requestId) => {
        this.#tails.get(requestId)?.push(text);
        onLog?.({ functionName: config.name, requestId, at: clock.now(), text });
      },
    });
    return [config.name, deployed];
  }

  #find(
    reference: string,
  ): Omit<DescribedFunction, 'config' | 'code'> & { readonly deployed: DeployedFunction } {
    const { functionName, qualifier } = functionReference(reference);
    const deployed = this.#deployed.get(functionName);
    if (!deployed) throw notFound(reference);
    const arn = qualified(deployed.config.arn, qualifier);
    const version = versionOf(deployed.config, qualifier);
    if (version === undefined) throw notFound(arn);
    return { deployed, arn, version };
  }
}

async function toldOf(run: Promise<InvokeResult>, tell: (end: RunEnd) => void): Promise<InvokeResult> {
  try {
    const result = await run;
    tell(result.functionError ? 'error' : 'ok');
    return result;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'TooManyRequestsException') tell('throttled');
    throw error;
  }
}

function notFound(reference: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
}

function limited(answer: Answer): Answer {
  if (answer.kind === 'error' || answer.payload.length * 3 < LARGEST_RESPONSE) return answer;
  if (Buffer.byteLength(answer.payload) <= LARGEST_RESPONSE) return answer;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`;
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function newTrace(now: number): string {
  const id = randomBytes(20).toString('hex');
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${id.slice(0, 24)};Parent=${id.slice(24)};Sampled=0`;
}

/** Two readings of the system's time may lie a millisecond apart; an offset that small is none. */
function roundOffset(milliseconds: number): number {
  return Math.round(milliseconds / 10) * 10;
}
