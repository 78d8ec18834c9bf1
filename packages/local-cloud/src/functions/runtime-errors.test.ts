import { CAUSE, SCRIPTED, started } from './functions.fixture.ts';

describe('an error has the form of Lambda’s Node.js runtime', () => {
  const bench = started({
    f: { code: SCRIPTED, memoryMb: 128, timeoutSeconds: 30 },
    init: { code: "throw new Error('The variable TABLE is not set');" },
    callback: { code: 'exports.handler = (event, context, callback) => callback(null, 1);' },
  });
  const isNew = async () => expect(await bench().call('f', { does: 'return state.calls;' })).toBe(1);

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
      "throw Object.assign(new Error('out'), { name: 'OutOfStock' })",
      { errorType: 'OutOfStock', errorMessage: 'out', trace: expect.any(Array) as string[] },
    ],
    ['a string', "throw 'text'", { errorType: 'string', errorMessage: 'text', trace: [] }],
    ['an object', 'throw { a: 1 }', { errorType: 'object', errorMessage: '[object Object]', trace: [] }],
    ['nothing', 'throw undefined', { errorType: 'string', errorMessage: 'handled', trace: [] }],
    ['null', 'throw null', { errorType: 'object', errorMessage: 'null', trace: [] }],
    ['a number', 'throw 42', { errorType: 'number', errorMessage: '42', trace: [] }],
    ['a symbol', "throw Symbol('s')", { errorType: 'symbol', errorMessage: 'Symbol(s)', trace: [] }],
    [
      'an object that has no text',
      'throw Object.create(null)',
      {
        errorType: 'handled',
        errorMessage:
          'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
        trace: [],
      },
    ],
    [
      'an Error with a cause and fields of its own',
      "throw Object.assign(new Error('out', { cause: new Error('in') }), { code: 'E_OUT', retryable: true })",
      { errorType: 'Error', errorMessage: 'out', trace: expect.any(Array) as string[] },
    ],
    [
      'an Error of several',
      "throw new AggregateError([new Error('a'), new Error('b')], 'both')",
      { errorType: 'AggregateError', errorMessage: 'both', trace: expect.any(Array) as string[] },
    ],
    [
      'an Error without a stack',
      "throw Object.assign(new Error('bare'), { stack: undefined })",
      { errorType: 'Error', errorMessage: 'bare', trace: [] },
    ],
    [
      'an answer that holds itself',
      'const own = {}; own.own = own; return own',
      {
        errorType: 'Runtime.JSONStringifyError',
        errorMessage: 'Unable to stringify response body',
        trace: expect.any(Array) as string[],
      },
    ],
    [
      'an answer that is no JSON',
      'return 1n',
      {
        errorType: 'Runtime.JSONStringifyError',
        errorMessage: 'Unable to stringify response body',
        trace: expect.any(Array) as string[],
      },
    ],
  ])('for %s', async (_what, does, expected) => {
    const { functionError, payload } = await bench().host.invoke('f', JSON.stringify({ does }), CAUSE);
    expect([functionError, JSON.parse(payload)]).toEqual(['Unhandled', expected]);
    expect(bench().invocations.at(-1)?.error).toBe(`${expected.errorType}: ${expected.errorMessage}`);
  });

  it('for a rejection that nobody handles; the instance is replaced', async () => {
    expect(await bench().call('f', { does: "Promise.reject(new Error('lost'));" })).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
    await isNew();
  });

  it.each([
    ['has no text', 'Promise.reject(Object.create(null));'],
    ['can’t be made a text', "Promise.reject({ toString() { throw new Error('no text'); } });"],
  ])('for a rejection that nobody handles and that %s', async (_what, does) => {
    expect(await bench().call('f', { does })).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: '[object Object]',
    });
    await isNew();
  });

  it('for an exception outside of the handler; the instance is replaced', async () => {
    const does = "setTimeout(() => { throw new Error('late'); }); await new Promise(() => {});";
    expect(await bench().call('f', { does })).toMatchObject({ errorType: 'Error', errorMessage: 'late' });
    await isNew();
  });

  it.each([
    [0, 'Runtime exited without providing a reason'],
    [3, 'Runtime exited with error: exit status 3'],
  ])('for exit code %d; the instance is replaced', async (code, reason) => {
    const does = JSON.stringify({ does: `process.exit(${code})` });
    const { requestId, payload } = await bench().host.invoke('f', does, CAUSE);
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: ${reason}`,
    });
    await isNew();
  });

  it('for a timeout, also of a loop that never ends; the instance is replaced', async () => {
    const { clock, host, inFlight } = bench();
    const call = host.invoke('f', '{"does":"for (;;);"}', CAUSE);
    await clock.advance(29_900);
    expect(inFlight.counts()).toEqual({ invocation: 1 });
    await clock.advance(200);
    const { requestId, payload } = await call;
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 30.00 seconds`,
    });
    await isNew();
  });

  it('for memory beyond the limit; the instance is replaced', async () => {
    const does =
      'const held = []; for (;;) { held.push(new Array(10_000).fill(held.length)); await new Promise((resolve) => setImmediate(resolve)); }';
    const { requestId, payload } = await bench().host.invoke('f', JSON.stringify({ does }), CAUSE);
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
    await isNew();
  });

  it('for Buffers beyond the limit, also of a loop that never waits; the instance is replaced', async () => {
    const does = 'const held = []; for (;;) held.push(Buffer.alloc(1_000_000, 1));';
    expect(await bench().call('f', { does })).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/) as string,
    });
    await isNew();
  });

  it('no longer hits anyone once a rejection was left behind by an earlier invocation', async () => {
    await bench().call('f', { does: "setTimeout(() => Promise.reject(new Error('left')), 5);" });
    const calls = () => bench().call('f', { does: 'return state.calls;' });
    while ((await calls()) !== 1);
    expect(await calls()).toBe(2);
  });

  it('no longer hits anyone once an instance that died between invocations is replaced', async () => {
    expect(await bench().call('f', { does: 'setTimeout(() => process.exit(1), 1); return 1;' })).toBe(1);
    const calls = () => bench().call('f', { does: 'return state.calls;' });
    while ((await calls()) !== 1);
    expect(await calls()).toBe(2);
  });

  it('for an answer that is too large', async () => {
    const answer = await bench().call('f', { does: "return 'x'.repeat(6_291_556);" });
    expect(answer).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('for code that throws while it is loaded, which each invocation tries again', async () => {
    const expected = { errorType: 'Error', errorMessage: 'The variable TABLE is not set' };
    expect(await bench().call('init')).toMatchObject(expected);
    expect(await bench().call('init')).toMatchObject(expected);
  });

  it('for a handler that takes a callback', async () => {
    expect(await bench().call('callback')).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });
});
