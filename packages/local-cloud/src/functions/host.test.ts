import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { PackageError } from './package.ts';
import { CAUSE, HostBench, PUBLISHED, SCRIPTED, started } from './functions.fixture.ts';

const handler = (body: string) => `exports.handler = async (event, context) => { ${body} };`;

describe('an invocation', () => {
  const bench = started(
    {
      f: { code: SCRIPTED, environment: { TABLE: 'orders' }, memoryMb: 300, timeoutSeconds: 7, ...PUBLISHED },
      one: { code: SCRIPTED, reservedConcurrency: 1 },
    },
    { environment: () => ({ AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }) },
  );

  it('answers with what the handler returns', async () => {
    const { host, invocations } = bench();
    const result = await host.invoke('f', '{"does":"return { got: event.a };","a":"ü"}', CAUSE);
    expect(result).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      payload: '{"got":"ü"}',
      functionError: undefined,
      executedVersion: '$LATEST',
    });
    expect(invocations.at(-1)).toEqual({
      id: result.requestId,
      function: 'f',
      causeKind: 'call',
      causeName: 'test',
      startedAt: expect.any(Number) as number,
      endedAt: expect.any(Number) as number,
      error: '',
    });
  });

  it('answers null where the handler returns nothing', async () => {
    expect(await bench().call('f')).toBeNull();
  });

  it.each([
    ['f', '$LATEST'],
    ['f:live', '1'],
    ['f:1', '1'],
    ['arn:aws:lambda:eu-central-1:000000000000:function:f:live', '1'],
    ['arn:aws:lambda:eu-central-1:000000000000:function:f:$LATEST', '$LATEST'],
  ])('finds its function by %s, and runs the version %s', async (name, version) => {
    const { host } = bench();
    const event = JSON.stringify({ does: 'return context.functionVersion;' });
    expect(await host.invoke(name, event, CAUSE)).toMatchObject({
      payload: JSON.stringify(version),
      executedVersion: version,
    });
  });

  it.each([
    ['a function', 'g', 'g'],
    ['an alias', 'f:beta', 'arn:aws:lambda:eu-central-1:000000000000:function:f:beta'],
    ['a version', 'f:2', 'arn:aws:lambda:eu-central-1:000000000000:function:f:2'],
  ])('of %s that is not there fails as on AWS', async (_what, name, missing) => {
    await expect(bench().call(name)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Function not found: ${missing}`,
      status: 404,
    });
  });

  it('is noted by the name of its function alone', async () => {
    await bench().call('f:live');
    expect(bench().invocations.at(-1)?.function).toBe('f');
  });

  it('beyond the reserved concurrency is throttled, as on AWS, and did not run', async () => {
    const before = bench().invocations.length;
    const first = bench().call('one', { does: 'await new Promise((resolve) => setTimeout(resolve, 5));' });
    await expect(bench().call('one')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
      message: 'Rate Exceeded.',
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    await first;
    expect(bench().invocations).toHaveLength(before + 1);
  });

  it('has nodejs24.x’s context and environment, and nothing of this process', async () => {
    const does = `
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { context, callbacks: Object.keys(context).filter((name) => /^(done|succeed|fail|callback$)/.test(name)), remaining: context.getRemainingTimeInMillis(), env: { ...process.env } };`;
    const { host } = bench();
    const { payload, requestId } = await host.invoke('f', JSON.stringify({ does }), {
      ...CAUSE,
      trace: 'Root=1-2-3',
    });
    const answer = JSON.parse(payload) as { callbacks: string[]; remaining: number; env: object };
    expect(answer).toMatchObject({
      context: {
        awsRequestId: requestId,
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:f',
        functionName: 'f',
        functionVersion: '$LATEST',
        memoryLimitInMB: '300',
        logGroupName: '/aws/lambda/f',
        logStreamName: 'local/[1]f',
        xRayTraceId: 'Root=1-2-3',
      },
      env: {
        TABLE: 'orders',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_LAMBDA_FUNCTION_NAME: 'f',
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        _HANDLER: 'index.handler',
        _X_AMZN_TRACE_ID: 'Root=1-2-3',
      },
    });
    expect(answer.callbacks).toEqual([]);
    expect(answer.remaining).toBeGreaterThan(5_000);
    expect(answer.remaining).toBeLessThan(7_000);
    expect(Object.keys(answer.env)).not.toContain('PATH');
    expect(Object.keys(answer.env)).not.toContain('NODE_COMPILE_CACHE');
  });

  it.each([
    ['f', ''],
    ['f:live', ':live'],
    ['arn:aws:lambda:eu-central-1:000000000000:function:f', ''],
    ['arn:aws:lambda:eu-central-1:000000000000:function:f:$LATEST', ':$LATEST'],
  ])('by %s tells its function the ARN with that qualifier', async (name, qualifier) => {
    expect(await bench().call(name, { does: 'return context.invokedFunctionArn;' })).toBe(
      `arn:aws:lambda:eu-central-1:000000000000:function:f${qualifier}`,
    );
  });

  it('keeps what its function sets in its environment for the next one of the instance, and nobody else', async () => {
    await bench().call('f', { does: "process.env.LEFT = 'over';" });
    expect(await bench().call('f', { does: 'return process.env.LEFT;' })).toBe('over');
    expect(await bench().call('one', { does: 'return process.env.LEFT ?? null;' })).toBeNull();
    expect(process.env['LEFT']).toBeUndefined();
  });

  it('runs in an instance that was used before', async () => {
    const calls = async () => Number(await bench().call('f', { does: 'return state.calls;' }));
    const before = await calls();
    expect([await calls(), await calls()]).toEqual([before + 1, before + 2]);
  });

  it('is in flight while it runs', async () => {
    const call = bench().call('f');
    expect(bench().inFlight.counts()).toEqual({ invocation: 1 });
    await call;
    expect(bench().inFlight.counts()).toEqual({});
  });

  it('is waited for by whoever wants no function to run, for so long and no longer', async () => {
    const { host } = bench();
    const running = bench().call('f', {
      does: 'await new Promise((resolve) => setTimeout(resolve, 50)); return 1;',
    });

    expect(await host.atRest(0)).toBe(false);
    const rest = host.atRest(60_000);
    expect(await running).toBe(1);
    expect(await rest).toBe(true);
    expect(await host.atRest(0)).toBe(true);
  });

  it('passes on what the function writes, with its request id', async () => {
    const { host, logs } = bench();
    logs.length = 0;
    const does = "console.log('hello', { a: 1 }); console.error('bad');";
    const { requestId } = await host.invoke('f', JSON.stringify({ does }), CAUSE);
    expect(logs).toMatchObject([
      { functionName: 'f', requestId, text: 'hello { a: 1 }\n' },
      { functionName: 'f', requestId, text: 'bad\n' },
    ]);
  });

  it('sees the cloud’s time', async () => {
    const { clock, call } = { clock: bench().clock, call: bench().call.bind(bench()) };
    const does =
      'const made = new Date(); return [Date.now(), made.getTime(), made instanceof Date, new Date(5).getTime()];';
    await clock.advance(3_600_000);
    const [now, made, isDate, five] = (await call('f', { does })) as number[];
    expect(Math.abs(now! - clock.now())).toBeLessThan(1_000);
    expect(Math.abs(made! - now!)).toBeLessThan(50);
    expect([isDate, five]).toEqual([true, 5]);
  });

  it('sees it also through a Date.now that it kept before the clock was moved', async () => {
    const { clock, call } = { clock: bench().clock, call: bench().call.bind(bench()) };
    const does = 'state.now ??= Date.now; return state.now();';
    await call('f', { does });
    await clock.advance(3_600_000);
    expect(Math.abs(((await call('f', { does })) as number) - clock.now())).toBeLessThan(1_000);
  });
});

describe('the host', () => {
  let bench: HostBench;
  afterEach(() => bench.stop());

  it('says which package is missing and what to do', async () => {
    bench = await HostBench.make({ f: { code: '', package: '/nowhere/function.zip' } });
    await expect(bench.host.start()).rejects.toThrow(PackageError);
    await expect(bench.host.start()).rejects.toThrow(
      "Function f: its package /nowhere/function.zip can't be read. Run `npm run build` and start again.",
    );
  });

  it.each([
    ['is no zip', strToU8('no zip'), 'is no zip'],
    [
      'holds a file where it also holds a folder',
      zipSync({ a: strToU8('1'), 'a/b': strToU8('2') }),
      'which cannot be unpacked',
    ],
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
    const starting = bench.host.start();
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toThrow(/^Function f: .*Run `npm run build` and start again\.$/);
  });

  it('leaves nothing behind', async () => {
    bench = await HostBench.make({ 'only-here': { code: handler('') } });
    await bench.host.start();
    const unpacked = () =>
      readdirSync(tmpdir()).filter(
        (name) => name.startsWith('orderstream-functions-') && existsSync(join(tmpdir(), name, 'only-here')),
      );
    expect(unpacked()).toHaveLength(1);
    await bench.host.stop();
    expect(unpacked()).toEqual([]);
  });

  it('ends what runs when it stops, and what waits in line', async () => {
    bench = await HostBench.make({ f: { code: handler('await new Promise(() => {});') } });
    await bench.host.start();
    const answers = Promise.allSettled(Array.from({ length: 40 }, () => bench.call('f')));
    await bench.host.stop();
    const reasons = (await answers).map((answer) => answer.status === 'rejected' && String(answer.reason));
    expect(new Set(reasons)).toEqual(
      new Set(['Error: Function f did not run to its end: the local cloud is stopped.']),
    );
    expect(bench.invocations).toEqual([]);
    expect(bench.inFlight.counts()).toEqual({});
  });
});
