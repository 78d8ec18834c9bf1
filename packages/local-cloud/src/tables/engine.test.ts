import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Engine, engineBinary } from './engine.ts';
import { EngineClient } from './engine-client.ts';
import { describeWithEngine } from './tables.fixture.ts';

/** Whether something answers at an endpoint. */
async function answers(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describeWithEngine('the engine', () => {
  it('answers once it is started, and no longer once it is stopped', async () => {
    const engine = await Engine.start();
    const client = new EngineClient(engine.endpoint, 'eu-west-1');

    const tables = await client.call('ListTables', {});
    client.close();
    await engine.stop();

    expect(tables).toEqual({ TableNames: [] });
    expect(await answers(engine.endpoint)).toBe(false);
  });

  it('says what it ended with when it can not start', async () => {
    await expect(Engine.start({ dbPath: '/no/such/folder/tables.db' })).rejects.toThrow(
      /The table engine ended \(exit 1\): .*unable to open database file/,
    );
  });

  it('tells when it ends by itself', async () => {
    const end = new Promise<Error>((resolve) => {
      void Engine.start({ onExit: resolve }).then(({ pid }) => process.kill(pid!, 'SIGKILL'));
    });

    expect(await end).toMatchObject({
      message: 'The table engine ended (SIGKILL). Start again: npm start',
      cause: expect.stringContaining('Dynoxide listening'),
    });
  });

  it('is silent about an end that it was told to make', async () => {
    const onExit = jest.fn();
    const engine = await Engine.start({ onExit });

    await engine.stop();

    expect(onExit).not.toHaveBeenCalled();
  });

  it('dies with a process that is killed', async () => {
    const script =
      `const { Engine } = await import(${JSON.stringify(join(import.meta.dirname, 'engine.ts'))});` +
      'const engine = await Engine.start(); console.log(engine.endpoint); setInterval(() => {}, 1000);';
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const endpoint = String(line).trim();
    const before = await answers(endpoint);

    parent.kill('SIGKILL');
    while (await answers(endpoint)) await delay(5);

    expect(before).toBe(true);
  });
});

describe('a missing engine', () => {
  it('is answered with the command that installs it', () => {
    const nothing = (file: string) => {
      throw new Error(`Cannot find ${file}`);
    };

    expect(() => engineBinary(nothing)).toThrow(
      `npm install --no-save @dynoxide/${process.platform}-${process.arch}`,
    );
  });
});
