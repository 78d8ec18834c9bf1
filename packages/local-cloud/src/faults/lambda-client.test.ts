import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Endpoint } from '../endpoint/endpoint.ts';
import { HostBench } from '../functions/functions.fixture.ts';
import { lambdaService } from '../functions/lambda-service.ts';
import { type FaultsBench, faultsBench } from './faults.fixture.ts';

const NO_MAPPINGS = { states: () => [], pause: async () => undefined, resume: async () => undefined };

/** Faults of functions as AWS's own client meets them. */
describe('Lambda’s client', () => {
  let faults: FaultsBench;
  let bench: HostBench;
  let endpoint: Endpoint;
  let client: LambdaClient;
  afterEach(async () => {
    jest.restoreAllMocks();
    client.destroy();
    await endpoint.close();
    await bench.stop();
    faults.stop();
  });

  const start = async (kind: string, maxAttempts = 1) => {
    faults = faultsBench([{ service: 'lambda', kind, probability: 1, most: 1 }]);
    const code = `exports.handler = async () => 'done'`;
    bench = await HostBench.make({ 'shop-api': { code } }, { faults: faults.faults, clock: faults.clock });
    await bench.host.start();
    const lambda = lambdaService({
      functions: bench.host,
      mappings: NO_MAPPINGS,
      stack: { mappings: [], region: 'eu-west-1', accountId: '000000000000' },
      clock: faults.clock,
      asyncInvoker: { invokeAsync: async () => 'request-1' },
    });
    endpoint = new Endpoint({ handlers: faults.faults.handlers({ lambda }), callers: new Map() });
    client = new LambdaClient({
      endpoint: `http://127.0.0.1:${await endpoint.listen(0)}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'secret' },
      maxAttempts,
    });
    // It waits a random time before it tries again: none.
    jest.spyOn(Math, 'random').mockReturnValue(0);
  };
  const invoke = () => client.send(new InvokeCommand({ FunctionName: 'shop-api' }));

  it('is throttled with the limit that was met', async () => {
    await start('throttle');

    await expect(invoke()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ConcurrentInvocationLimitExceeded',
      Type: 'User',
      $fault: 'client',
      $metadata: { httpStatusCode: 429 },
    });
    expect(bench.invocations).toEqual([]);
  });

  it('meets an error of the service', async () => {
    await start('error');

    await expect(invoke()).rejects.toMatchObject({
      name: 'ServiceException',
      Type: 'Service',
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
    expect(bench.invocations).toEqual([]);
  });

  it.each(['throttle', 'error', 'lostAnswer'])('tries again by itself after: %s', async (kind) => {
    await start(kind, 2);

    const { $metadata, Payload, FunctionError } = await invoke();

    expect($metadata.attempts).toBe(2);
    expect(FunctionError).toBeUndefined();
    expect(Payload?.transformToString()).toBe('"done"');
    expect(bench.invocations).toHaveLength(kind === 'lostAnswer' ? 2 : 1);
  });

  it('has the timeout of a function as an answer', async () => {
    await start('timeout');
    const timers = faults.timersSet();

    const answer = invoke();
    await faults.untilAsleep(timers + 2);
    await faults.clock.advance(10_000);

    const { StatusCode, FunctionError, Payload, $metadata } = await answer;
    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${$metadata.requestId} Error: Task timed out after 10.00 seconds`,
    });
  });

  it('has the crash of a function as an answer', async () => {
    await start('crash');

    const { StatusCode, FunctionError, Payload, $metadata } = await invoke();

    expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${$metadata.requestId} Error: Runtime exited with error: signal: killed`,
    });
  });
});
