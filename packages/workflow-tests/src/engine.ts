import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The DynamoDB engine's binary; undefined where it is not installed for this platform. */
export function engineBinary(): string | undefined {
  try {
    const manifest = createRequire(__filename).resolve(
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

/** A DynamoDB in memory that ends with the tests. */
export async function startEngine(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const binary = engineBinary();
  if (binary === undefined) throw new Error('Dynoxide is not installed for this platform.');
  const port = await freePort();
  const engine = spawn(binary, ['serve', '--port', `${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => engine.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(engine, 'exit');
  const ready = new Promise<string>((resolve) => {
    const hear = (text: Buffer) => {
      if (text.includes('listening on')) resolve('ready');
    };
    engine.stdout.on('data', hear);
    engine.stderr.on('data', hear);
  });
  if ((await Promise.race([ready, exited])) !== 'ready') throw new Error('Dynoxide ended at its start.');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      process.off('exit', kill);
      kill();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
