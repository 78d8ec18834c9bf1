import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { strToU8, zipSync } from 'fflate';
import { PackageError } from './package.ts';
import { CAUSE, HostBench, type TestFunction } from './test-functions.ts';

let bench: HostBench;
afterEach(() => bench.stop());

async function start(functions: Record<string, TestFunction>, ...parts: [object?]): Promise<HostBench> {
  bench = await HostBench.make(functions, ...parts);
  await bench.host.start();
  return bench;
}

const handler = (body: string) => `exports.handler = async (event, context) => { ${body} };`;

describe('an invocation', () => {
  it('answers with what the handler returns', async () => {
    const { host, invocations } = await start({ echo: { code: handler('return { got: event };') } });
    const result = await host.invoke('echo', '{"a":"ü"}', CAUSE);
    expect(result).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      payload: '{"got":{"a":"ü"}}',
      functionError: undefined,
    });
    expect(invocations).toEqual([
      {
        id: result.requestId,
        function: 'echo',
        causeKind: 'call',
        causeName: 'test',
        startedAt: expect.any(Number) as number,
        endedAt: expect.any(Number) as number,
        error: '',
      },
    ]);
  });

  it('answers null where the handler returns nothing', async () => {
    await start({ f: { code: handler('') } });
    expect(await bench.call('f')).toBeNull();
  });

  it.each([
    'f',
    'f:live',
    '000000000000:function:f',
    'arn:aws:lambda:eu-central-1:000000000000:function:f:$LATEST',
  ])('finds its function by %s', async (name) => {
    await start({ f: { code: handler('return 1;') } });
    expect(await bench.call(name)).toBe(1);
  });

  it('of a function that is not there fails as on AWS', async () => {
    await start({ f: { code: handler('') } });
    await expect(bench.call('g')).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
  });

  it('has nodejs24.x’s context and environment, and nothing of this process', async () => {
    const code = handler(`
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { context, remaining: context.getRemainingTimeInMillis(), env: { ...process.env } };
    `);
    await start(
      { f: { code, environment: { TABLE: 'orders' }, memoryMb: 300, timeoutSeconds: 7 } },
      { environment: () => ({ AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }) },
    );
    const { payload, requestId } = await bench.host.invoke('f', '{}', { ...CAUSE, trace: 'Root=1-2-3' });
    const answer = JSON.parse(payload) as { remaining: number; env: object };
    expect(answer).toMatchObject({
      context: {
        awsRequestId: requestId,
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:f',
        functionName: 'f',
        functionVersion: '$LATEST',
        memoryLimitInMB: '300',
        logGroupName: '/aws/lambda/f',
        logStreamName: 'local/[$LATEST]f',
        callbackWaitsForEmptyEventLoop: true,
      },
    });
    expect(answer.remaining).toBeGreaterThan(5_000);
    expect(answer.remaining).toBeLessThan(7_000);
    expect(answer.env).toMatchObject({
      TABLE: 'orders',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-2-3',
    });
    expect(Object.keys(answer.env)).not.toContain('PATH');
    expect(Object.keys(answer.env)).not.toContain('NODE_COMPILE_CACHE');
  });

  it('sees the cloud’s time', async () => {
    await start({
      f: {
        code: handler(
          'return [Date.now(), new Date().getTime(), new Date(5) instanceof Date, new Date(5).getTime()];',
        ),
      },
    });
    await bench.clock.advance(3_600_000);
    const [now, made, isDate, five] = (await bench.call('f')) as number[];
    expect(Math.abs(now! - bench.clock.now())).toBeLessThan(1_000);
    expect(Math.abs(made! - now!)).toBeLessThan(50);
    expect([isDate, five]).toEqual([true, 5]);
  });

  it('runs in an instance that was used before, one at a time', async () => {
    await start({ f: { code: `let calls = 0; ${handler('return ++calls;')}` } });
    expect([await bench.call('f'), await bench.call('f'), await bench.call('f')]).toEqual([1, 2, 3]);
  });

  it('is in flight while it runs', async () => {
    await start({ f: { code: handler('') } });
    const call = bench.call('f');
    expect(bench.inFlight.counts()).toEqual({ invocation: 1 });
    await call;
    expect(bench.inFlight.counts()).toEqual({});
  });

  it('passes on what the function writes, with its request id', async () => {
    const code = `console.log('loading'); ${handler("console.log('hello', { a: 1 }); console.error('bad');")}`;
    await start({ f: { code } });
    const { requestId } = await bench.host.invoke('f', '{}', CAUSE);
    expect(bench.logs.map(({ functionName, requestId: id, text }) => [functionName, id, text])).toEqual([
      ['f', '', 'loading\n'],
      ['f', requestId, 'hello { a: 1 }\n'],
      ['f', requestId, 'bad\n'],
    ]);
  });
});

describe('an error has the form of Lambda’s Node.js runtime', () => {
  it.each([
    [
      'an Error',
      "throw new TypeError('no')",
      {
        errorType: 'TypeError',
        errorMessage: 'no',
        trace: expect.arrayContaining(['TypeError: no']) as string[],
      },
    ],
    [
      'an Error with a name of its own',
      "const e = new Error('out'); e.name = 'OutOfStock'; throw e",
      { errorType: 'OutOfStock', errorMessage: 'out', trace: expect.any(Array) as string[] },
    ],
    ['a string', "throw 'text'", { errorType: 'string', errorMessage: 'text', trace: [] }],
    ['an object', 'throw { a: 1 }', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
    ['nothing', 'throw undefined', { errorType: 'string', errorMessage: 'handled', trace: [] }],
    [
      'an answer that is no JSON',
      'return 1n',
      {
        errorType: 'Runtime.JSONStringifyError',
        errorMessage: 'Unable to stringify response body',
        trace: expect.any(Array) as string[],
      },
    ],
  ])('for %s', async (_what, body, expected) => {
    await start({ f: { code: handler(body) } });
    const { functionError, payload } = await bench.host.invoke('f', '{}', CAUSE);
    expect([functionError, JSON.parse(payload)]).toEqual(['Unhandled', expected]);
    expect(bench.invocations[0]!.error).toBe(`${expected.errorType}: ${expected.errorMessage}`);
  });

  it('for a rejection that nobody handles; the instance is replaced', async () => {
    const code = `let calls = 0; ${handler("calls++; if (event.bad) Promise.reject(new Error('lost')); return calls;")}`;
    await start({ f: { code } });
    expect(await bench.call('f')).toBe(1);
    expect(await bench.call('f', { bad: true })).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
    expect(await bench.call('f')).toBe(1);
  });

  it('for an exception outside of the handler; the instance is replaced', async () => {
    const code = handler(
      "if (event.bad) { setTimeout(() => { throw new Error('late'); }); await new Promise(() => {}); } return 1;",
    );
    await start({ f: { code } });
    expect(await bench.call('f', { bad: true })).toMatchObject({ errorType: 'Error', errorMessage: 'late' });
    expect(await bench.call('f')).toBe(1);
  });

  it.each([
    [0, 'Runtime exited without providing a reason'],
    [3, 'Runtime exited with error: exit status 3'],
  ])('for exit code %d; the instance is replaced', async (code, reason) => {
    await start({ f: { code: handler('if (event.bad) process.exit(event.code); return 1;') } });
    const { requestId, payload } = await bench.host.invoke('f', JSON.stringify({ bad: true, code }), CAUSE);
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: ${reason}`,
    });
    expect(await bench.call('f')).toBe(1);
  });

  it('for a timeout, also of a loop that never ends; the instance is replaced', async () => {
    await start({ f: { code: handler('while (event.bad); return 1;'), timeoutSeconds: 3 } });
    const call = bench.host.invoke('f', '{"bad":true}', CAUSE);
    await bench.clock.advance(2_900);
    expect(bench.inFlight.counts()).toEqual({ invocation: 1 });
    await bench.clock.advance(200);
    const { requestId, payload } = await call;
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
    });
    expect(await bench.call('f')).toBe(1);
  });

  it('for memory beyond the limit; the instance is replaced', async () => {
    const code = handler(
      'const held = []; while (event.bad) { held.push(new Array(10_000).fill(held.length)); await new Promise((resolve) => setImmediate(resolve)); } return 1;',
    );
    await start({ f: { code, memoryMb: 128, timeoutSeconds: 60 } });
    const { requestId, payload } = await bench.host.invoke('f', '{"bad":true}', CAUSE);
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(await bench.call('f')).toBe(1);
  });

  it('for an answer that is too large', async () => {
    await start({ f: { code: handler("return 'x'.repeat(6_291_556);") } });
    expect(await bench.call('f')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('for code that throws while it is loaded; the next invocation loads it again', async () => {
    const { host } = await start({ f: { code: "throw new Error('The variable TABLE is not set');" } });
    const expected = { errorType: 'Error', errorMessage: 'The variable TABLE is not set' };
    expect(await bench.call('f')).toMatchObject(expected);
    expect(await bench.call('f')).toMatchObject(expected);
    expect(host.functions).toHaveLength(1);
  });

  it('for a handler that takes a callback', async () => {
    await start({ f: { code: 'exports.handler = (event, context, callback) => callback(null, 1);' } });
    expect(await bench.call('f')).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });
});

describe('concurrency', () => {
  const waiting = `let calls = 0; ${handler('const mine = ++calls; await new Promise((resolve) => setTimeout(resolve, 30)); return mine;')}`;

  it('gives each of several invocations an instance of its own', async () => {
    await start({ f: { code: waiting } });
    expect(await Promise.all([bench.call('f'), bench.call('f'), bench.call('f')])).toEqual([1, 1, 1]);
  });

  it('lets what exceeds the threads wait in line', async () => {
    await start({ f: { code: waiting } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => bench.call('f')));
    expect(answers.filter((mine) => mine === 1).length).toBeLessThanOrEqual(10);
  });

  it('is throttled beyond what is reserved, as on AWS', async () => {
    await start({ f: { code: waiting, reservedConcurrency: 1 } });
    const first = bench.call('f');
    await expect(bench.call('f')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
      message: 'Rate Exceeded.',
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
    });
    await first;
    expect(await bench.call('f')).toBe(2);
    expect(bench.invocations).toHaveLength(2);
  });
});

describe('the host', () => {
  it('says which package is missing and what to do', async () => {
    bench = await HostBench.make({ f: { code: '', package: '/nowhere/function.zip' } });
    await expect(bench.host.start()).rejects.toThrow(
      new PackageError('f', "its package /nowhere/function.zip can't be read"),
    );
    expect(new PackageError('f', 'x').message).toBe('Function f: x. Run `npm run build` and start again.');
  });

  it.each([
    ['is no zip', strToU8('no zip'), 'is no zip'],
    ['holds a path outside of itself', zipSync({ '../evil.cjs': strToU8('') }), 'holds the path ../evil.cjs'],
    [
      'has no index',
      zipSync({ 'main.cjs': strToU8('') }),
      'does not load (Runtime.ImportModuleError: Error: Cannot find module',
    ],
    [
      'does not parse',
      'exports.handler = async () => {',
      'does not load (Runtime.UserCodeSyntaxError: SyntaxError',
    ],
    [
      'exports no handler',
      'exports.other = 1;',
      'does not load (Runtime.HandlerNotFound: index.handler is undefined or not exported)',
    ],
  ])('refuses to start with a package that %s', async (_what, code, message) => {
    bench = await HostBench.make({ f: { code } });
    const started = bench.host.start();
    await expect(started).rejects.toThrow(message);
    await expect(started).rejects.toThrow(/^Function f: .*Run `npm run build` and start again\.$/);
  });

  it('leaves nothing behind', async () => {
    const unpacked = () => readdirSync(tmpdir()).filter((name) => name.startsWith('orderstream-functions-'));
    const before = unpacked();
    await start({ f: { code: handler('') } });
    const own = unpacked().filter((name) => !before.includes(name));
    await bench.host.stop();
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((name) => existsSync(`${tmpdir()}/${name}/f`))).toEqual([]);
  });

  it('ends what runs when it stops, and what waits in line', async () => {
    await start({ f: { code: handler('await new Promise(() => {});') } });
    const calls = Array.from({ length: 40 }, () => bench.call('f'));
    const answers = Promise.allSettled(calls);
    await bench.host.stop();
    for (const answer of await answers) {
      if (answer.status === 'fulfilled')
        expect(answer.value).toMatchObject({ errorType: 'Runtime.ExitError' });
      else expect(String(answer.reason)).toContain("can't be invoked: the local cloud is stopped.");
    }
    expect(bench.inFlight.counts()).toEqual({});
  });
});
