import { strToU8, zipSync } from 'fflate';
import { HostBench, type TestFunction } from './functions.fixture.ts';

const files = (entries: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)])));
const ESM = "export const handler = async () => 'esm';";
const CJS = "exports.handler = async () => 'cjs';";

describe('a function is found as nodejs24.x finds it', () => {
  let bench: HostBench;
  afterEach(() => bench.stop());

  const answerOf = async (code: Uint8Array | string, more: Partial<TestFunction> = {}) => {
    bench = await HostBench.make({ f: { code, ...more } });
    await bench.host.start();
    return bench.call('f');
  };

  it.each([
    ['CommonJS', files({ 'index.js': CJS }), {}, 'cjs'],
    ['an ES module', files({ 'index.mjs': ESM }), {}, 'esm'],
    [
      'an ES module by its package',
      files({ 'index.js': ESM, 'package.json': '{"type":"module"}' }),
      {},
      'esm',
    ],
    [
      'an ES module with an await at its top',
      files({
        'index.mjs': "const x = await Promise.resolve('awaited'); export const handler = async () => x;",
      }),
      {},
      'awaited',
    ],
    ['.js before .mjs', files({ 'index.js': CJS, 'index.mjs': ESM }), {}, 'cjs'],
    ['.mjs before .cjs', files({ 'index.cjs': CJS, 'index.mjs': ESM }), {}, 'esm'],
    ['a folder', files({ 'src/app.cjs': CJS }), { handler: 'src/app.handler' }, 'cjs'],
    ['a folder with a dot', files({ 'v1.2/app.cjs': CJS }), { handler: 'v1.2/app.handler' }, 'cjs'],
    [
      'a nested export',
      files({ 'src/a.cjs': "exports.b = { handler: async () => 'nested' };" }),
      { handler: 'src/a.b.handler' },
      'nested',
    ],
    [
      'the default export',
      files({ 'index.mjs': "export default { handler: async () => 'own' };" }),
      {},
      'own',
    ],
    [
      'a module of a package',
      files({ 'node_modules/app/index.js': CJS, 'node_modules/app/package.json': '{"main":"index.js"}' }),
      { handler: 'app.handler' },
      'cjs',
    ],
  ])('%s', async (_what, code, more, expected) => {
    expect(await answerOf(code, more)).toBe(expected);
  });

  it.each([
    ['returns a value at once', 'exports.handler = () => 5;', 5],
    ['returns something with a then', 'exports.handler = () => ({ then: (resolve) => resolve(6) });', 6],
    ['throws at once', "exports.handler = () => { throw new Error('now'); };", { errorMessage: 'now' }],
    ['returns a function', 'exports.handler = async () => () => 1;', null],
    ['returns null', 'exports.handler = async () => null;', null],
    [
      'counts its arguments',
      'exports.handler = async (...values) => [values.length, values[2] === undefined];',
      [2, true],
    ],
  ])('a handler that %s', async (_what, code, expected) => {
    const answer = await answerOf(`'use strict'; ${code}`);
    if (typeof expected === 'object' && expected !== null) expect(answer).toMatchObject(expected);
    else expect(answer).toBe(expected);
  });

  it.each([
    ['a name without an export', { handler: 'index' }, 'Runtime.MalformedHandlerName'],
    ['a name that leads out of the package', { handler: '../index.handler' }, 'Runtime.MalformedHandlerName'],
  ])('%s is refused', async (_what, more, errorType) => {
    expect(await answerOf(CJS, more)).toMatchObject({ errorType });
  });

  it.each([
    [
      'that streams its response',
      'exports.handler = awslambda.streamifyResponse(async () => {});',
      'streamifyResponse',
    ],
    [
      'that is no function',
      'exports.handler = {};',
      'Runtime.HandlerNotFound: index.handler is not a function',
    ],
    [
      'whose import is missing',
      "require('nowhere');",
      "Runtime.ImportModuleError: Error: Cannot find module 'nowhere'",
    ],
  ])('a handler %s is refused at the start', async (_what, code, message) => {
    bench = await HostBench.make({ f: { code } });
    await expect(bench.host.start()).rejects.toThrow(message);
  });

  it('does not keep the start waiting for code that never loads, and each invocation tries it anew', async () => {
    bench = await HostBench.make({ f: { code: 'for (;;);', timeoutSeconds: 2 } });
    const starting = bench.host.start();
    await passTimeUntil(bench, starting);
    const call = bench.call('f');
    await passTimeUntil(bench, call);
    expect(await call).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 2\.00 seconds$/) as string,
    });
  });

  it('code that exits while it loads breaks its instance alone, each time', async () => {
    const error = {
      errorMessage: expect.stringMatching(/Runtime exited with error: exit status 7$/) as string,
    };
    expect(await answerOf('process.exit(7);')).toMatchObject(error);
    expect(await bench.call('f')).toMatchObject(error);
  });
});

/** Moves the clock, a second at a time, until the work is done. */
async function passTimeUntil({ clock }: HostBench, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  void work.finally(() => (isDone = true));
  while (!isDone) {
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
}
