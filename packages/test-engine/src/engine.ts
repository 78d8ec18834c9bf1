import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The DynamoDB engine's binary; undefined where it is not installed for this platform. */
export function engineBinary(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    return join(manifest, '..', 'dynoxide');
  } catch {
    return undefined;
  }
}

/** `describe` for tests on real tables: visibly skipped where there is no engine. */
export const describeOnTables: (name: string, tests: () => void) => void = (name, tests) => {
  if (engineBinary() !== undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: no Dynoxide for ${process.platform}-${process.arch})`, tests);
};

/** `describe` for tests of code that asks AWS by itself: they share one engine, which is what the environment's AWS stands for. */
export function describeAgainstEngine(name: string, tests: () => void): void {
  describeOnTables(name, () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = await Engine.start();
      Object.assign(process.env, {
        AWS_ENDPOINT_URL: engine.endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'tests',
        AWS_SECRET_ACCESS_KEY: 'tests',
      });
    });

    afterAll(() => engine.stop());

    tests();
  });
}

/** A DynamoDB in memory, in a process of its own. */
export class Engine {
  readonly endpoint: string;
  readonly #child: ChildProcess;

  private constructor(endpoint: string, child: ChildProcess) {
    this.endpoint = endpoint;
    this.#child = child;
  }

  /** Starts one and waits until it answers. */
  static async start(): Promise<Engine> {
    const binary = engineBinary();
    if (binary === undefined) throw new Error('Dynoxide is not installed for this platform.');
    const port = await freePort();
    const child = spawn(binary, ['serve', '--port', `${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
    process.once('exit', () => child.kill('SIGKILL'));
    const ready = new Promise<string>((resolve) => {
      const hear = (text: Buffer) => {
        if (text.includes('listening on')) resolve('ready');
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
    });
    if ((await Promise.race([ready, once(child, 'exit')])) !== 'ready') {
      throw new Error('Dynoxide ended at its start.');
    }
    return new Engine(`http://127.0.0.1:${port}`, child);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
