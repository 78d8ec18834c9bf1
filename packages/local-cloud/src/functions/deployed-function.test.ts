import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { MovableClock } from '../clock.ts';
import { Concurrency } from './concurrency.ts';
import { DeployedFunction } from './deployed-function.ts';
import { configOf } from './functions.fixture.ts';

it('is stopped once its update has ended: nothing is written into its folder any more', async () => {
  const root = await mkdtemp(join(tmpdir(), 'orderstream-test-'));
  const directory = join(root, 'f');
  const clock = new MovableClock();
  const config = configOf('f', '');
  const deployed = new DeployedFunction({
    config,
    directory,
    compileCache: join(root, 'cache'),
    environment: {},
    concurrency: Concurrency.ofAccount([config])(config),
    machine: { cpu: { take: () => false }, memory: { add: () => undefined, delete: () => undefined } },
    clock,
    onOutput: () => undefined,
  });
  let hasEnded = false;
  const updating = deployed.update(zipSync({ 'index.cjs': strToU8('exports.handler = () => 1;') }));
  updating.catch(() => undefined).finally(() => (hasEnded = true));

  await deployed.stop();
  await turn();

  expect(hasEnded).toBe(true);
  await expect(updating).rejects.toThrow('Function f did not run to its end: the local cloud is stopped.');
  while (existsSync(join(directory, '1')) || existsSync(join(directory, '2'))) await turn();
  clock.stop();
  await rm(root, { recursive: true });
});
