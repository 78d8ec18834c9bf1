import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSupervised } from '../supervised.ts';
import { CAPACITY_BYTES } from './keyspace.ts';

/** How much of what the server last said is kept for error messages. */
const KEPT_OUTPUT = 4096;

export const PROGRAMS = ['valkey-server', 'redis-server'] as const;

/** A server that is installed on this machine. */
export interface InstalledServer {
  readonly name: (typeof PROGRAMS)[number];
  readonly path: string;
}

/** The first of Valkey and Redis in the folders of a PATH; undefined when neither is there. */
export function installedServer(path: string): InstalledServer | undefined {
  for (const name of PROGRAMS)
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name);
      if (folder !== '' && isProgram(file)) return { name, path: file };
    }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A Valkey or Redis as a child process, which never outlives this one: in memory, on the loopback interface. */
export class CacheProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #stopping = false;

  private constructor(child: ChildProcess, exited: Promise<unknown>) {
    this.#child = child;
    this.#exited = exited;
  }

  /**
   * Starts the server and waits until it answers.
   *
   * @param onExit called when it ends without having been told to.
   * @throws Error with what it said when it ends before it is ready: a port in use.
   */
  static async start(
    { name, path }: InstalledServer,
    port: number,
    onExit: (error: Error) => void,
  ): Promise<CacheProcess> {
    const child = spawnSupervised(path, settingsFor(port));
    let output = '';
    const exited = once(child, 'exit').then(([code, signal]) => {
      child.stdin.destroy();
      return `The cache ${name} ended (${String(signal ?? `exit ${String(code)}`)})`;
    });
    child.stdin.on('error', () => undefined);
    const ready = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        output = `${output}${chunk.toString()}`.slice(-KEPT_OUTPUT);
        if (output.includes('Ready to accept connections')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
    });
    const ended = await Promise.race([ready, exited]);
    if (ended !== undefined) throw new Error(`${ended}. Start again. It said: ${output.trim()}`);
    const server = new CacheProcess(child, exited);
    void exited.then((how) => {
      if (!server.#stopping)
        onExit(new Error(`${how}: nothing is cached until the next start.`, { cause: output.trim() }));
    });
    return server;
  }

  /** Ends the server, with all that it holds. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.end();
    await this.#exited;
  }
}

function settingsFor(port: number): string[] {
  const settings = {
    port,
    bind: '127.0.0.1',
    daemonize: 'no',
    save: '',
    appendonly: 'no',
    loglevel: 'notice',
    maxmemory: CAPACITY_BYTES,
    'maxmemory-policy': 'allkeys-lru',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
