import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { strToU8, zipSync } from 'fflate';
import { CAUSE, HostBench } from './functions.fixture.ts';

const zip = (code: string) => zipSync({ 'index.cjs': strToU8(code) });
const version = (name: string) => `exports.handler = async () => '${name}';`;
/** Answers with its version, read from its own file, once it is told to, by a file that appears. */
const WAITING = `
  const { existsSync, readFileSync } = require('node:fs');
  exports.handler = async ({ until }) => {
    while (!existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 1));
    return readFileSync(__filename, 'utf8').includes('old') ? 'old' : 'replaced';
  };`;

describe('an update of a function’s code', () => {
  let bench: HostBench;
  const start = async (code: string, reservedConcurrency?: number) => {
    bench = await HostBench.make({
      f: { code, ...(reservedConcurrency !== undefined && { reservedConcurrency }) },
    });
    await bench.host.start();
    return bench.host;
  };
  afterEach(() => bench.stop());

  it('is run by whoever is invoked from then on', async () => {
    const host = await start(version('old'));
    expect(await bench.call('f')).toBe('old');
    await host.update('f', zip(version('new')));
    expect(await bench.call('f')).toBe('new');
    await host.update('f', zip(version('newest')));
    expect(await Promise.all([bench.call('f'), bench.call('f')])).toEqual(['newest', 'newest']);
  });

  it('fails none of the invocations that are under way: they end with the code they began with', async () => {
    const host = await start(WAITING);
    const until = `${bench.directory}/go`;
    const running = Array.from({ length: 20 }, () => bench.call('f', { until }));
    await host.update('f', zip(version('new')));
    const later = Array.from({ length: 20 }, () => bench.call('f'));
    bench.touch('go');
    const answers = await Promise.all(running);
    expect(await Promise.all(later)).toEqual(Array(20).fill('new'));
    expect(answers[0]).toBe('old');
    expect(answers.filter((answer) => answer !== 'old' && answer !== 'new')).toEqual([]);
    expect(bench.invocations.map(({ error }) => error)).toEqual(Array(40).fill(''));
  });

  it('tells what runs: the package’s hash, size and time, under a revision of its own', async () => {
    const host = await start(version('old'));
    const before = host.describe('f').code;
    await bench.clock.advance(60_000);
    const code = await host.update('f', zip(version('new')));
    expect(host.describe('f').code).toBe(code);
    expect(code.sha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(code.sha256).not.toBe(before.sha256);
    expect(code.size).toBe(zip(version('new')).length);
    expect(code.deployedAt - before.deployedAt).toBeGreaterThanOrEqual(60_000);
    expect(code.revisionId).not.toBe(before.revisionId);
  });

  it.each([
    ['is no zip', strToU8('no zip'), 'the package it was given is no zip'],
    ['holds a path outside of itself', zipSync({ '../evil.cjs': strToU8('') }), 'holds the path ../evil.cjs'],
    ['does not parse', zip('exports.handler = async () => {'), 'Runtime.UserCodeSyntaxError'],
    ['has no handler', zip('exports.other = 1;'), 'Runtime.HandlerNotFound'],
    ['throws while it loads', zip("throw new Error('no TABLE');"), 'does not load (Error: no TABLE)'],
    ['exits while it loads', zip('process.exit(1);'), 'Runtime exited with error: exit status 1'],
  ])('that %s is refused, and the code before it keeps running', async (_what, package_, problem) => {
    const host = await start(version('old'));
    const { code } = host.describe('f');
    const updating = host.update('f', package_);
    await expect(updating).rejects.toThrow(problem);
    await expect(updating).rejects.toThrow(
      /^Function f: .*\. Repair it and update again: the code before it keeps running\.$/,
    );
    expect(await bench.call('f')).toBe('old');
    expect(host.describe('f').code).toBe(code);
    await host.update('f', zip(version('new')));
    expect(await bench.call('f')).toBe('new');
  });

  it('is refused while another one is under way, as on AWS', async () => {
    const host = await start(version('old'));
    const first = host.update('f', zip(version('first')));
    await expect(host.update('f', zip(version('second')))).rejects.toMatchObject({
      code: 'ResourceConflictException',
      status: 409,
      message:
        'The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-central-1:000000000000:function:f',
    });
    await first;
    expect(await bench.call('f')).toBe('first');
  });

  it('does not loosen the function’s concurrency', async () => {
    const host = await start(WAITING, 1);
    const until = `${bench.directory}/go`;
    const running = bench.call('f', { until });
    await host.update('f', zip(version('new')));
    await expect(bench.call('f')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    bench.touch('go');
    expect(await running).toBe('old');
    expect(await bench.call('f')).toBe('new');
  });

  it('ends with the host, which leaves nothing of it behind', async () => {
    const host = await start(version('old'));
    await host.update('f', zip('exports.handler = async () => __dirname;'));
    const folder = String(await bench.call('f'));
    expect(existsSync(folder)).toBe(true);
    const root = dirname(dirname(folder));
    const updating = host.update('f', zip(version('new')));
    const refused = expect(updating).rejects.toThrow('the local cloud is stopped');
    await host.stop();
    expect(existsSync(root)).toBe(false);
    await refused;
    expect(existsSync(root)).toBe(false);
  });

  it('is refused once the host is stopped, and leaves nothing behind either', async () => {
    const host = await start('exports.handler = async () => __dirname;');
    const root = dirname(dirname(String(await bench.call('f'))));
    await host.stop();
    await expect(host.update('f', zip(version('new')))).rejects.toThrow('the local cloud is stopped');
    expect(existsSync(root)).toBe(false);
  });

  it('has the folder of the code before it removed when the last invocation of that has ended', async () => {
    const host = await start(`
      const { existsSync } = require('node:fs');
      exports.handler = async ({ until }) => {
        while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 1));
        return __dirname;
      };`);
    const folder = String(await bench.call('f'));
    const running = bench.call('f', { until: `${bench.directory}/go` });
    await host.update('f', zip(version('new')));
    expect(await bench.call('f')).toBe('new');
    expect(existsSync(folder)).toBe(true);
    bench.touch('go');
    await running;
    while (existsSync(folder)) await turn();
    expect(await bench.call('f')).toBe('new');
  });

  it('of a function that is not there fails as on AWS', async () => {
    const host = await start(version('old'));
    await expect(host.update('g', zip(''))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await expect(host.invoke('g', '{}', CAUSE)).rejects.toMatchObject({ status: 404 });
  });
});
