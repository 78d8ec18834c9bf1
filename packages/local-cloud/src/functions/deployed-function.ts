import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { Faults } from '../faults/faults.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { CodeFolder } from './code-folder.ts';
import type { Concurrency } from './concurrency.ts';
import { functionEnvironment } from './environment.ts';
import { type FunctionMeter, FunctionPool, type Instance, type Machine } from './function-pool.ts';
import { type Answer, FunctionWorker } from './function-worker.ts';
import { type GivenPackage, PackageError, readPackage, unpack } from './package.ts';
import type { InvocationRequest } from './protocol.ts';
import type { RuntimeError } from './runtime-errors.ts';

/** What is known of the code that a function runs now. */
export interface DeployedCode {
  /** SHA-256 of the package, in base64. */
  readonly sha256: string;
  /** Bytes of the package. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly deployedAt: number;
  /** A UUID that changes with every deployment. */
  readonly revisionId: string;
}

export interface DeployedFunctionParts {
  readonly config: FunctionConfig;
  /** Folder that its packages are unpacked into, each into one of its own. */
  readonly directory: string;
  /** Folder of Node's compile cache, shared by all functions. */
  readonly compileCache: string;
  /** Variables that it has besides its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly concurrency: Concurrency;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly onOutput: (text: string, requestId: string) => void;
  readonly faults?: Pick<Faults, 'instance'> | undefined;
  readonly meter?: FunctionMeter | undefined;
}

const BROKEN_BUNDLE: ReadonlySet<string> = new Set([
  'Runtime.ImportModuleError',
  'Runtime.UserCodeSyntaxError',
  'Runtime.HandlerNotFound',
  'Runtime.MalformedStreamingHandler',
]);
const KEEPS_RUNNING = 'Repair it and update again: the code before it keeps running.';

/** One function of the stack with the code that it runs now. */
export class DeployedFunction {
  readonly config: FunctionConfig;
  readonly #parts: DeployedFunctionParts;
  readonly #pool: FunctionPool;
  #code: DeployedCode;
  #versions = 0;
  #folder: CodeFolder;
  /** The start or update that is under way. */
  #changing: Promise<void> | undefined;

  constructor(parts: DeployedFunctionParts) {
    this.config = parts.config;
    this.#parts = parts;
    this.#code = { sha256: '', size: 0, deployedAt: parts.clock.now(), revisionId: '' };
    this.#folder = this.#nextFolder();
    this.#pool = new FunctionPool({ ...parts, create: this.#instancesOf(this.#folder) });
  }

  get code(): DeployedCode {
    return this.#code;
  }

  /**
   * Unpacks the stack's package and loads one instance.
   *
   * @throws PackageError when it is missing or broken.
   * @throws Error when the function is stopped before that.
   */
  start(): Promise<void> {
    return this.#change(() => this.#load());
  }

  run(request: InvocationRequest): Promise<Answer> {
    return this.#pool.run(request);
  }

  /**
   * Goes over to another package. One instance of it is loaded before anything changes; then new invocations run the
   * new code, while those under way end with the old.
   *
   * @throws PackageError when it is broken; the code before it keeps running.
   * @throws AwsError ResourceConflictException while another update is under way.
   * @throws Error when the function is stopped before that.
   */
  async update(zip: Uint8Array): Promise<DeployedCode> {
    if (this.#changing) throw updateInProgress(this.config);
    await this.#change(() => this.#replace(zip));
    return this.#code;
  }

  held(): ReturnType<FunctionPool['held']> {
    return this.#pool.held();
  }

  /** Ends every instance. Resolves when nothing is written into its folder any more. */
  async stop(): Promise<void> {
    await this.#pool.stop();
    await this.#changing?.catch(() => undefined);
  }

  async #change(work: () => Promise<void>): Promise<void> {
    this.#pool.refuseWhenStopped();
    this.#changing = work().finally(() => (this.#changing = undefined));
    return this.#changing;
  }

  async #load(): Promise<void> {
    const { name } = this.config;
    const zip = await readPackage(this.config);
    const given = { functionName: name, zip, what: `its package ${this.config.package}` };
    await unpack(given, this.#folder.path);
    const error = await this.#pool.warm();
    if (error && isBrokenBundle(error)) throw doesNotLoad(given, error);
    this.#code = this.#codeOf(zip);
  }

  async #replace(zip: Uint8Array): Promise<void> {
    const folder = this.#nextFolder();
    try {
      await this.#goOverTo(zip, folder);
    } catch (error) {
      folder.replaced();
      throw error;
    }
    this.#folder.replaced();
    this.#folder = folder;
    this.#code = this.#codeOf(zip);
  }

  async #goOverTo(zip: Uint8Array, folder: CodeFolder): Promise<void> {
    const given = {
      functionName: this.config.name,
      zip,
      what: 'the package it was given',
      remedy: KEEPS_RUNNING,
    };
    await unpack(given, folder.path);
    const error = await this.#pool.replace(this.#instancesOf(folder));
    if (error) throw doesNotLoad(given, error);
  }

  /** A folder that no package had: what still runs may read its own files at any time. */
  #nextFolder(): CodeFolder {
    this.#versions++;
    return new CodeFolder(join(this.#parts.directory, String(this.#versions)));
  }

  #instancesOf(folder: CodeFolder): () => Instance {
    const { environment, faults, ...others } = this.#parts;
    const directory = folder.path;
    const parts = {
      ...others,
      directory,
      environment: functionEnvironment(this.config, directory, environment),
      onEnd: () => folder.leave(),
    };
    const create = () => {
      const worker = new FunctionWorker(parts);
      folder.enter();
      return worker;
    };
    return faults ? () => faults.instance(create(), this.config.name) : create;
  }

  #codeOf(zip: Uint8Array): DeployedCode {
    return {
      sha256: createHash('sha256').update(zip).digest('base64'),
      size: zip.length,
      deployedAt: this.#parts.clock.now(),
      revisionId: randomUUID(),
    };
  }
}

/** What a build repairs; an error that the function's own code throws while it loads is not among it. */
function isBrokenBundle({ errorType }: RuntimeError): boolean {
  return BROKEN_BUNDLE.has(errorType);
}

function doesNotLoad({ functionName, remedy }: GivenPackage, error: RuntimeError): PackageError {
  const [reason] = error.errorMessage.split('\n');
  const problem = `its bundle does not load (${error.errorType}: ${reason})`;
  return new PackageError(functionName, problem, { remedy });
}

function updateInProgress({ arn }: FunctionConfig): AwsError {
  const message = `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`;
  return new AwsError('ResourceConflictException', message, 409);
}
