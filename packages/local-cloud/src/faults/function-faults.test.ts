import { Endpoint } from '../endpoint/endpoint.ts';
import { jsonResponse } from '../endpoint/service.ts';
import { HostBench } from '../functions/functions.fixture.ts';
import type { InvokeCause } from '../functions/invoker.ts';
import { type FaultsBench, faultsBench } from './faults.fixture.ts';

const CALL: InvokeCause = { kind: 'call', name: 'test' };
const TASK: InvokeCause = { kind: 'task', name: 'order-1/ShipOrder', trace: 'Root=1-2-3' };

/** Says that it began, does so many calls one after the other, and says that it ended. */
const CODE = `
  exports.handler = async ({ calls = 0, url, hang }, context) => {
    console.log('began');
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=shop-api/20260101/eu-west-1/dynamodb/aws4_request',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID,
    };
    for (let n = 0; n < calls; n++) await (await fetch(url, { method: 'POST', headers })).text();
    if (hang) await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    console.log('ended');
    return 'done';
  };`;

let faults: FaultsBench;
let bench: HostBench;
afterEach(async () => {
  await bench.stop();
  faults.stop();
});

async function start(...given: object[]): Promise<void> {
  faults = faultsBench(given);
  bench = await HostBench.make(
    { 'shop-api': { code: CODE }, 'shop-sales': { code: CODE } },
    { faults: faults.faults, clock: faults.clock },
  );
  await bench.host.start();
}

const invoke = (event: object = {}, cause = CALL, name = 'shop-api') =>
  bench.host.invoke(name, JSON.stringify(event), cause);
/** What the functions said. */
const said = () =>
  bench.logs.flatMap(({ text }) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.split('\t').at(-1)),
  );

/** Resolves when a function says this. */
async function heard(line: string): Promise<void> {
  while (!said().includes(line)) await new Promise((resolve) => setImmediate(resolve));
}

const killed = {
  functionError: 'Unhandled',
  payload: expect.stringMatching(
    /^\{"errorType":"Runtime.ExitError","errorMessage":"RequestId: .* Error: Runtime exited with error: signal: killed"\}$/,
  ) as string,
};
const done = { functionError: undefined, payload: '"done"' };

describe('a run of a function', () => {
  it('that is throttled is refused as Lambda does, and does not happen', async () => {
    await start({ service: 'lambda', function: 'api', kind: 'throttle', probability: 1, most: 1 });

    await expect(invoke()).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
      message: 'Rate Exceeded.',
      members: { Reason: 'ConcurrentInvocationLimitExceeded' },
    });
    expect(said()).toEqual([]);
    expect(await invoke()).toMatchObject(done);
  });

  it('that Lambda fails does not happen, and is an error of the service', async () => {
    await start({ service: 'lambda', kind: 'error', probability: 1 });

    await expect(invoke()).rejects.toMatchObject({ code: 'ServiceException', status: 500 });
    expect(bench.invocations).toEqual([]);
  });

  it('happens, where only its answer is lost', async () => {
    await start({ service: 'lambda', kind: 'lostAnswer', probability: 1 });

    await expect(invoke({}, TASK)).rejects.toMatchObject({ code: 'SdkClientException' });
    await expect(invoke()).rejects.toMatchObject({ name: 'BrokenConnection' });
    expect(said()).toEqual(['began', 'ended', 'began', 'ended']);
  });

  it('happens twice as a duplicate, with the answer of the second time', async () => {
    await start({ service: 'lambda', kind: 'duplicate', probability: 1 });

    const { requestId } = await invoke();

    expect(bench.invocations.map(({ id }) => id)).toEqual([expect.any(String), requestId]);
  });

  it('for an API happens once: nobody repeats it', async () => {
    await start({ service: 'lambda', kind: 'duplicate', probability: 1 });

    await invoke({}, { kind: 'api', name: 'GET /orders' });

    expect(bench.invocations).toHaveLength(1);
    expect(faults.faults.strikes()).toMatchObject([{ considered: 0 }]);
  });

  it('begins only after its latency', async () => {
    await start({ service: 'lambda', kind: 'latency', ms: 60_000, probability: 1 });
    const timers = faults.timersSet();

    const answer = invoke();
    await faults.untilAsleep(timers + 1);
    expect(bench.invocations).toHaveLength(0);
    await faults.clock.advance(60_000);

    expect(await answer).toMatchObject(done);
  });

  it('that runs into its timeout has done its work, and ends when its time is up', async () => {
    await start({ service: 'lambda', kind: 'timeout', probability: 1, most: 1 });
    const timers = faults.timersSet();

    const answer = invoke();
    await faults.untilAsleep(timers + 2);
    expect(said()).toEqual(['began', 'ended']);
    await faults.clock.advance(10_000);

    const { functionError, payload } = await answer;
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 10.00 seconds') as string,
    });
    expect(await invoke()).toMatchObject(done);
  });

  it.each([
    ['before', 0],
    ['after', 2],
  ])('goes on in no process that was killed %s it', async (at, lines) => {
    await start({ service: 'lambda', kind: 'kill', at, probability: 1 });

    await expect(invoke()).rejects.toThrow('killed');

    expect(faults.killed()).toBe(1);
    expect(said()).toHaveLength(lines);
  });

  it('is left alone where the fault means another function', async () => {
    await start({ service: 'lambda', function: 'shop-s*', kind: 'crash', probability: 1 });

    expect(await invoke()).toMatchObject(done);
    expect(await invoke({}, CALL, 'shop-sales')).toMatchObject(killed);
  });
});

describe('a crash of its thread', () => {
  const crash = (at: unknown) => start({ service: 'lambda', kind: 'crash', at, probability: 1, most: 1 });
  /** After a crash, the next invocation finds a new thread. */
  const expectNewThread = async () => expect(await invoke()).toMatchObject(done);

  it.each([
    ['before', []],
    ['after', ['began', 'ended']],
    [undefined, ['began', 'ended']],
  ])('%s its work leaves that much of it', async (at, lines) => {
    await crash(at);

    expect(await invoke()).toMatchObject(killed);

    expect(said()).toEqual(lines);
    await expectNewThread();
  });

  it('comes in the middle, after so many milliseconds of the cloud’s clock', async () => {
    await crash({ ms: 5_000 });

    const answer = invoke({ hang: true });
    await heard('began');
    await faults.clock.advance(5_000);

    expect(await answer).toMatchObject(killed);
    expect(said()).toEqual(['began']);
    await expectNewThread();
  });

  it('comes after its work where that ended before', async () => {
    await crash({ ms: 5_000 });

    expect(await invoke()).toMatchObject(killed);

    expect(said()).toEqual(['began', 'ended']);
  });

  describe('after so many of its AWS calls', () => {
    let endpoint: Endpoint;
    let url: string;
    let seen: number;
    beforeEach(async () => {
      await crash({ calls: 2 });
      seen = 0;
      const handler = async () => {
        seen++;
        return jsonResponse({});
      };
      const roleArn = undefined;
      endpoint = new Endpoint({
        handlers: faults.faults.handlers({ dynamodb: handler }),
        callers: new Map([['shop-api', { kind: 'function', name: 'shop-api', roleArn } as const]]),
      });
      url = `http://127.0.0.1:${await endpoint.listen(0)}`;
    });
    afterEach(() => endpoint.close());

    it('has these carried out and no other', async () => {
      expect(await invoke({ calls: 5, url })).toMatchObject(killed);

      expect(seen).toBe(2);
      expect(said()).toEqual(['began']);
      await expectNewThread();
    });
  });
});
