import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { spawnSupervised } from '../supervised.ts';

/** How much of what the engine last said is kept for error messages. */
const KEPT_OUTPUT = 4096;
/** How often another port is tried when somebody took the one that was free a moment ago. */
const ATTEMPTS = 3;

export interface EngineOptions {
  /** File that holds the tables; without it they are in memory. */
  readonly dbPath?: string;
  /** Called when the engine ends without having been told to; the error's cause is what it said last. */
  readonly onExit?: (error: Error) => void;
}

/** The DynamoDB engine Dynoxide as a child process, which never outlives this one. */
export class Engine {
  readonly endpoint: string;
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #stopping = false;

  private constructor(child: ChildProcess, port: number, exited: Promise<unknown>) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.pid = child.pid;
    this.#child = child;
    this.#exited = exited;
  }

  /**
   * Starts the engine on a free port of the loopback interface and waits until it answers.
   *
   * @throws when there is no binary for this platform, or when the engine ends before it is ready.
   */
  static async start(options: EngineOptions = {}): Promise<Engine> {
    const binary = engineBinary();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await Engine.#startOn(await freePort(), binary, options);
      } catch (error) {
        if (attempt === ATTEMPTS || !String(error).includes('in use')) throw error;
      }
    }
  }

  static async #startOn(port: number, binary: string, { dbPath, onExit }: EngineOptions): Promise<Engine> {
    const database = dbPath === undefined ? [] : ['--db-path', dbPath];
    const child = spawnSupervised(binary, ['serve', '--port', `${port}`, ...database]);
    let output = '';
    const exited = once(child, 'exit').then(([code, signal]) => {
      child.stdin.destroy();
      return `The table engine ended (${String(signal ?? `exit ${String(code)}`)})`;
    });
    child.stdin.on('error', () => undefined);
    const ready = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        output = `${output}${chunk.toString()}`.slice(-KEPT_OUTPUT);
        if (output.includes('listening on')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
    });
    const ended = await Promise.race([ready, exited]);
    if (ended !== undefined) throw new Error(`${ended}: ${output.trim()}`);
    const engine = new Engine(child, port, exited);
    void exited.then((how) => {
      if (!engine.#stopping) onExit?.(new Error(`${how}. Start again: npm start`, { cause: output.trim() }));
    });
    return engine;
  }

  /** Ends the engine; what it has answered is on disk. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.end();
    await this.#exited;
  }
}

/**
 * Path of the engine's binary for this platform.
 *
 * @param resolve finds a file of an installed package.
 * @throws when its package is not installed, with the command that does it.
 */
export function engineBinary(
  resolve: (file: string) => string = createRequire(import.meta.url).resolve,
): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return join(resolve(`${name}/package.json`), '..', 'dynoxide');
  } catch (cause) {
    throw new Error(
      `The table engine Dynoxide is not installed for this platform. Install it: npm install --no-save ${name}\n` +
        'Or set DYNAMODB_ENDPOINT to a DynamoDB that runs already.',
      { cause },
    );
  }
}
