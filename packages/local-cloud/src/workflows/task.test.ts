import { AwsError } from '../endpoint/service.ts';
import { outputOf } from './task.ts';
import {
  cloudWith,
  closeAll,
  FunctionError,
  invoke,
  MACHINE_ARN,
  single,
  turn,
} from './workflows.fixture.ts';

afterEach(closeAll);

describe('a task', () => {
  it("gets the state's input, and its result in AWS's envelope becomes the state's output", async () => {
    const cloud = cloudWith(
      single({
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'double', Payload: { 'n.$': '$.n' } },
        End: true,
      }),
      { double: (event) => ({ n: (event as { n: number }).n * 2 }) },
    );
    const { status, output } = await cloud.run({ n: 21 });
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({
      ExecutedVersion: '$LATEST',
      Payload: { n: 42 },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: 'request-1' },
      StatusCode: 200,
    });
  });

  it('whose resource is a function gets the input and gives the output without an envelope', async () => {
    const resource = 'arn:aws:lambda:eu-central-1:111111111111:function:double';
    const cloud = cloudWith(single({ Type: 'Task', Resource: resource, End: true }), {
      double: (event) => ({ n: (event as { n: number }).n * 2 }),
    });
    expect((await cloud.run({ n: 4 })).output).toBe('{"n":8}');
  });

  it('says as its cause which execution and state it is of, and carries the trace on', async () => {
    const causes: unknown[] = [];
    const cloud = cloudWith(single(invoke('f', { End: true })), {
      f: (_event, cause) => void causes.push(cause),
    });
    await cloud.call('StartExecution', {
      stateMachineArn: MACHINE_ARN,
      name: 'o-1',
      traceHeader: 'Root=1-2-3',
    });
    await cloud.inFlight.settled();
    expect(causes).toEqual([{ kind: 'task', name: 'o-1/A', trace: 'Root=1-2-3' }]);
  });

  it('fails the execution with the error type and the whole error document as the cause', async () => {
    const cloud = cloudWith(single(invoke('f', { End: true })), {
      f: () => Promise.reject(new FunctionError('PaymentDeclined', 'no')),
    });
    const { status, error, cause } = await cloud.run();
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'PaymentDeclined' });
    expect(cause).toBe('{"errorType":"PaymentDeclined","errorMessage":"no","trace":[]}');
    expect(cloud.failures).toMatchObject([{ name: 'e', status: 'FAILED', error: 'PaymentDeclined' }]);
  });

  it.each([
    [new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429), 'Lambda.TooManyRequestsException'],
    [new AwsError('ResourceNotFoundException', 'gone', 404), 'Lambda.ResourceNotFoundException'],
    [new AwsError('ServiceException', 'broken', 500), 'Lambda.ServiceException'],
    [new Error('unexpected'), 'Lambda.ServiceException'],
  ])('reports %s of the invocation as an error of the Lambda service', async (thrown, error) => {
    const cloud = cloudWith(single(invoke('f', { End: true })), { f: () => Promise.reject(thrown) });
    expect(await cloud.run()).toMatchObject({ status: 'FAILED', error });
  });

  it.each([{}, null, { errorType: 5 }])('that fails with %j has an unknown error', async (payload) => {
    const resource = 'arn:aws:lambda:eu-central-1:111111111111:function:f';
    const task = { name: 'A', kind: 'function', resource, timeoutSeconds: undefined } as const;
    const text = JSON.stringify(payload);
    const fail = () => outputOf(task, { requestId: 'r', payload: text, functionError: 'Unhandled' });
    expect(fail).toThrow(expect.objectContaining({ name: 'Lambda.Unknown' }));
    expect(fail).toThrow(`Returned payload: ${text}`);
  });

  it('whose result is larger than 256 KB fails with States.DataLimitExceeded', async () => {
    const cloud = cloudWith(single(invoke('f', { End: true })), { f: () => 'ü'.repeat(140_000) });
    expect(await cloud.run()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('that takes longer than its timeout fails with States.Timeout, and its late answer is dropped', async () => {
    let answer: () => void = () => undefined;
    const cloud = cloudWith(single(invoke('f', { TimeoutSeconds: 30, End: true })), {
      f: () => new Promise<void>((resolve) => (answer = resolve)),
    });
    const arn = cloud.start('e');
    await cloud.clock.advance(20_000);
    expect(cloud.row(arn).status).toBe('RUNNING');
    await cloud.clock.advance(10_000);
    await cloud.inFlight.settled();
    answer();
    await turn();
    expect(cloud.row(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: '' });
    expect(cloud.lines(arn).map(([, , type]) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskTimedOut',
      'ExecutionFailed',
    ]);
  });

  it('without a timeout waits for as long as it takes', async () => {
    let answer: () => void = () => undefined;
    const cloud = cloudWith(single(invoke('f', { End: true })), {
      f: () => new Promise<void>((resolve) => (answer = resolve)),
    });
    const arn = cloud.start('e');
    await cloud.clock.advance(30 * 86_400_000);
    answer();
    await cloud.inFlight.settled();
    expect(cloud.row(arn).status).toBe('SUCCEEDED');
  });
});
