import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import { functionNameIn } from '../stack/arns.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { functionEnvironment } from './environment.ts';
import { FunctionPool } from './function-pool.ts';
import { type Answer, FunctionWorker } from './function-worker.ts';
import type { InvokeCause, InvokeResult, Invoker } from './invoker.ts';
import { MemoryWatch } from './memory-watch.ts';
import { PackageError, unpack } from './package.ts';
import type { InvocationRequest } from './protocol.ts';
import type { RuntimeError } from './runtime-errors.ts';
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

export interface FunctionHostParts {
  readonly functions: readonly FunctionConfig[];
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  /** Variables that a function has besides its own: `AWS_ENDPOINT_URL`, credentials, region. */
  readonly environment: (config: FunctionConfig) => Readonly<Record<string, string>>;
  readonly onLog?: (log: FunctionLog) => void;
}

interface Deployed {
  readonly config: FunctionConfig;
  readonly pool: FunctionPool;
}

/** Functions that are loaded at once when the host starts. */
const LOADED_AT_ONCE = 2;
/** Bytes of a response: 6 MB, and what AWS allows beyond. */
const LARGEST_RESPONSE = 6_291_556;

/** Runs the stack's functions: the bundles that would be deployed, in threads of this process. */
export class FunctionHost implements Invoker {
  readonly #parts: FunctionHostParts;
  readonly #machine = { cpu: new SpareCpu(), memory: new MemoryWatch() };
  #directory = '';
  #deployed: ReadonlyMap<string, Deployed> = new Map();

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
    this.#deployed = new Map(this.#parts.functions.map((config) => [config.name, this.#deploy(config)]));
    const waiting = [...this.#deployed.values()];
    const loadNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#load(next);
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
    await Promise.all([...this.#deployed.values()].map(({ pool }) => pool.stop()));
    if (this.#directory !== '') await rm(this.#directory, { recursive: true, force: true });
  }

  async invoke(functionName: string, payload: string, cause: InvokeCause): Promise<InvokeResult> {
    const { config, pool } = this.#find(functionName);
    const { clock, inFlight, journal } = this.#parts;
    const leaveFlight = inFlight.enter('invocation');
    try {
      const startedAt = clock.now();
      const request: InvocationRequest = {
        requestId: cause.requestId ?? randomUUID(),
        payload,
        functionArn: config.arn,
        trace: cause.trace ?? newTrace(startedAt),
        timeoutMs: config.timeoutSeconds * 1000,
        clockOffset: roundOffset(startedAt - Date.now()),
      };
      const answer = limited(await pool.run(request));
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
      };
    } finally {
      leaveFlight();
    }
  }

  #deploy(config: FunctionConfig): Deployed {
    const { clock, environment, onLog } = this.#parts;
    const directory = join(this.#directory, config.name);
    const create = () =>
      new FunctionWorker({
        config,
        directory,
        compileCache: join(this.#directory, '.compile-cache'),
        environment: functionEnvironment(config, directory, environment(config)),
        clock,
        onOutput: (text, requestId) =>
          onLog?.({ functionName: config.name, requestId, at: clock.now(), text }),
      });
    return { config, pool: new FunctionPool(config, create, this.#machine) };
  }

  async #load({ config, pool }: Deployed): Promise<void> {
    await unpack(config, join(this.#directory, config.name));
    const error = await pool.warm();
    if (error && isBrokenBundle(error)) {
      const [reason] = error.errorMessage.split('\n');
      throw new PackageError(config.name, `its bundle does not load (${error.errorType}: ${reason})`);
    }
  }

  #find(functionName: string): Deployed {
    const found = this.#deployed.get(functionNameIn(functionName));
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
  }
}

/** What a build repairs; an error that the function's own code throws while it loads is not among it. */
function isBrokenBundle({ errorType }: RuntimeError): boolean {
  return ['Runtime.ImportModuleError', 'Runtime.UserCodeSyntaxError', 'Runtime.HandlerNotFound'].includes(
    errorType,
  );
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
