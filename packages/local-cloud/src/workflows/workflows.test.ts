import { AwsError } from '../endpoint/service.ts';
import { FunctionError, invoke, TestWorkflows, type TestFunction } from './workflows.fixture.ts';

const open: TestWorkflows[] = [];

function cloudWith(definition: object, functions: Record<string, TestFunction> = {}): TestWorkflows {
  const cloud = new TestWorkflows(definition, functions);
  open.push(cloud);
  return cloud;
}

/** A machine of the one state `A`. */
function single(state: object): object {
  return { StartAt: 'A', States: { A: state } };
}

/** One turn of the event loop: what was only waiting for its turn has happened. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

afterEach(() => {
  for (const cloud of open.splice(0)) cloud.close();
});

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
      stateMachineArn: 'arn:aws:states:eu-central-1:111111111111:stateMachine:orders',
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

describe('Retry', () => {
  /** Runs task A whose attempts fail with `errors` in turn and then succeed; answers with the seconds waited before each retry. */
  async function waits(retry: object[], errors: string[], rest: object = {}): Promise<[number[], string]> {
    const startedAt: number[] = [];
    const left = [...errors];
    const cloud = cloudWith(single(invoke('f', { Retry: retry, End: true, ...rest })), {
      f: () => {
        startedAt.push(cloud.clock.now());
        const error = left.shift();
        if (error !== undefined) throw new FunctionError(error);
      },
    });
    const arn = cloud.start('e');
    for (await turn(); cloud.row(arn).status === 'RUNNING'; await turn()) await cloud.clock.advance(500);
    const seconds = startedAt.slice(1).map((at, i) => (at - (startedAt[i] ?? 0)) / 1000);
    return [seconds.map((wait) => Math.round(wait)), cloud.row(arn).status];
  }

  it('waits an interval that grows by the backoff rate, on the movable clock', async () => {
    const retry = [{ ErrorEquals: ['E'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 4 }];
    expect(await waits(retry, ['E', 'E', 'E', 'E'])).toEqual([[3, 6, 12, 24], 'SUCCEEDED']);
  });

  it('starts with one second, doubles, and gives up after three attempts when nothing else is said', async () => {
    expect(await waits([{ ErrorEquals: ['States.ALL'] }], ['E', 'E', 'E', 'E'])).toEqual([
      [1, 2, 4],
      'FAILED',
    ]);
  });

  it('never waits longer than MaxDelaySeconds', async () => {
    const retry = [{ ErrorEquals: ['E'], IntervalSeconds: 10, MaxDelaySeconds: 15, MaxAttempts: 3 }];
    expect(await waits(retry, ['E', 'E', 'E'])).toEqual([[10, 15, 15], 'SUCCEEDED']);
  });

  it('counts the attempts of each retrier apart', async () => {
    const retry = [
      { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ['C'], IntervalSeconds: 5 },
    ];
    expect(await waits(retry, ['A', 'B', 'C', 'B'])).toEqual([[1, 2, 5], 'FAILED']);
  });

  it('with MaxAttempts 0 never happens', async () => {
    expect(await waits([{ ErrorEquals: ['E'], MaxAttempts: 0 }], ['E'])).toEqual([[], 'FAILED']);
  });

  it('with full jitter waits anything up to the delay', async () => {
    const retry = [{ ErrorEquals: ['E'], IntervalSeconds: 60, JitterStrategy: 'FULL', MaxAttempts: 9 }];
    const [seconds, status] = await waits(retry, ['E', 'E', 'E']);
    expect(status).toBe('SUCCEEDED');
    seconds.forEach((wait, i) => expect(wait).toBeLessThanOrEqual(60 * 2 ** i));
  });

  it('with States.TaskFailed matches everything but a timeout', async () => {
    const retry = [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }];
    expect((await waits(retry, ['E']))[1]).toBe('SUCCEEDED');
    const cloud = cloudWith(single(invoke('f', { TimeoutSeconds: 5, Retry: retry, End: true })), {
      f: () => new Promise(() => undefined),
    });
    const arn = cloud.start('e');
    await cloud.clock.advance(5000);
    await cloud.inFlight.settled();
    expect(cloud.row(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('repeats the history from TaskScheduled on, without entering the state again', async () => {
    let attempts = 0;
    const cloud = cloudWith(single(invoke('f', { Retry: [{ ErrorEquals: ['States.ALL'] }], End: true })), {
      f: () => {
        if (++attempts === 1) throw new FunctionError('E');
      },
    });
    const arn = cloud.start('e');
    await until(() => attempts === 1 && cloud.lines(arn).length === 5);
    await cloud.clock.advance(1000);
    await cloud.inFlight.settled();
    expect(cloud.lines(arn)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskFailed'],
      [6, 5, 'TaskScheduled'],
      [7, 6, 'TaskStarted'],
      [8, 7, 'TaskSucceeded'],
      [9, 8, 'TaskStateExited'],
      [10, 9, 'ExecutionSucceeded'],
    ]);
  });
});

describe('Catch', () => {
  const caught = (errors: string[]) => ({
    StartAt: 'A',
    States: {
      A: invoke('f', {
        Catch: [{ ErrorEquals: errors, ResultPath: '$.failure', Next: 'B' }],
        End: true,
      }),
      B: { Type: 'Pass', End: true },
    },
  });

  it('hands Error and Cause to the next state beside the input', async () => {
    const cloud = cloudWith(caught(['OutOfStock']), {
      f: () => Promise.reject(new FunctionError('OutOfStock', 'none left')),
    });
    const { status, output } = await cloud.run({ orderId: 'o-1' });
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toEqual({
      orderId: 'o-1',
      failure: {
        Error: 'OutOfStock',
        Cause: '{"errorType":"OutOfStock","errorMessage":"none left","trace":[]}',
      },
    });
  });

  it('with ResultPath $ replaces the input', async () => {
    const definition = caught(['States.ALL']);
    const state = {
      ...definition.States.A,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$', Next: 'B' }],
    };
    const cloud = cloudWith(
      { ...definition, States: { ...definition.States, A: state } },
      { f: () => Promise.reject(new FunctionError('E')) },
    );
    expect(JSON.parse((await cloud.run({ a: 1 })).output)).toEqual({
      Error: 'E',
      Cause: '{"errorType":"E","errorMessage":"","trace":[]}',
    });
  });

  it.each([
    ['a path that leads nowhere', { FunctionName: 'f', 'Payload.$': '$.missing' }],
    ['a function name that is no text', { 'FunctionName.$': '$.n' }],
  ])('cannot catch the States.Runtime of %s', async (_what, parameters) => {
    const definition = caught(['States.ALL']);
    const state = { ...definition.States.A, Parameters: parameters };
    const cloud = cloudWith({ ...definition, States: { ...definition.States, A: state } });
    expect(await cloud.run({ n: 1 })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('the other states', () => {
  it.each([
    ['a falsy result', { Type: 'Pass', Result: false, End: true }, { a: 1 }, false],
    ['ResultPath $', { Type: 'Pass', Result: 7, ResultPath: '$', End: true }, { a: 1 }, 7],
    [
      'a path into the input',
      { Type: 'Pass', Result: 7, ResultPath: '$.b', End: true },
      { a: 1 },
      { a: 1, b: 7 },
    ],
    ['no input at all', { Type: 'Pass', InputPath: '$', End: true }, null, null],
  ])('Pass handles %s', async (_what, state, input, output) => {
    expect(JSON.parse((await cloudWith(single(state)).run(input)).output)).toEqual(output);
  });

  it('Wait passes when the clock has, also beyond what timers of the system can take', async () => {
    const cloud = cloudWith(single({ Type: 'Wait', Seconds: 60 * 86_400, End: true }));
    const arn = cloud.start('e');
    await cloud.clock.advance(59 * 86_400_000);
    expect(cloud.row(arn).status).toBe('RUNNING');
    await cloud.clock.advance(86_400_000);
    await cloud.inFlight.settled();
    expect(cloud.row(arn).status).toBe('SUCCEEDED');
  });

  it('Choice goes the way its rules say', async () => {
    const cloud = cloudWith({
      StartAt: 'A',
      States: {
        A: {
          Type: 'Choice',
          Choices: [{ Variable: '$.total', NumericGreaterThan: 10, Next: 'Big' }],
          Default: 'Small',
        },
        Big: { Type: 'Pass', Result: 'big', End: true },
        Small: { Type: 'Pass', Result: 'small', End: true },
      },
    });
    expect((await cloud.run({ total: 11 }, 'x')).output).toBe('"big"');
    expect((await cloud.run({ total: 10 }, 'y')).output).toBe('"small"');
  });

  it.each([
    [
      { Type: 'Fail', Error: 'Stuck', Cause: 'why' },
      { error: 'Stuck', cause: 'why' },
      { error: 'Stuck', cause: 'why' },
    ],
    [{ Type: 'Fail' }, { error: '', cause: '' }, {}],
  ])('Fail ends the execution with what it says: %j', async (state, row, details) => {
    const cloud = cloudWith(single(state));
    expect(await cloud.run()).toMatchObject({ status: 'FAILED', ...row });
    const arn = cloud.failures[0]!.arn;
    expect(cloud.history(arn).at(-1)).toMatchObject({
      type: 'ExecutionFailed',
      details: { executionFailedEventDetails: details },
    });
  });

  it('the context object knows execution, state machine and state', async () => {
    const cloud = cloudWith(
      single({
        Type: 'Pass',
        Parameters: {
          'execution.$': '$$.Execution.Name',
          'machine.$': '$$.StateMachine.Name',
          'state.$': '$$.State.Name',
          'entered.$': '$$.State.EnteredTime',
          'started.$': '$$.Execution.StartTime',
        },
        End: true,
      }),
    );
    await cloud.clock.advance(86_400_000);
    const before = new Date(cloud.clock.now()).toISOString();
    const output = JSON.parse((await cloud.run()).output) as Record<string, string>;
    expect(output).toMatchObject({ execution: 'e', machine: 'orders', state: 'A' });
    expect(output['started']! >= before && output['entered']! >= output['started']!).toBe(true);
  });

  it('a machine that takes longer than its timeout is TIMED_OUT', async () => {
    const cloud = cloudWith({ ...single({ Type: 'Wait', Seconds: 100, End: true }), TimeoutSeconds: 60 });
    const arn = cloud.start('e');
    await cloud.clock.advance(60_000);
    await cloud.inFlight.settled();
    expect(cloud.row(arn).status).toBe('TIMED_OUT');
    expect(cloud.lines(arn).at(-1)).toEqual([3, 2, 'ExecutionTimedOut']);
    expect(cloud.failures).toHaveLength(1);
  });
});

describe('history', () => {
  it("has AWS's types, numbers and details", async () => {
    const cloud = cloudWith(
      {
        StartAt: 'A',
        States: {
          A: invoke('f', { TimeoutSeconds: 30, Next: 'B' }),
          B: { Type: 'Pass', End: true },
        },
      },
      { f: () => ({ ok: true }) },
    );
    const { arn } = await cloud.run({ a: 1 });
    expect(cloud.lines(arn)).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'PassStateEntered'],
      [8, 7, 'PassStateExited'],
      [9, 8, 'ExecutionSucceeded'],
    ]);
    const whole = { truncated: false };
    const integration = { resourceType: 'lambda', resource: 'invoke' };
    const details = cloud.history(arn).map((row) => row.details);
    expect(details[0]).toEqual({
      executionStartedEventDetails: {
        input: '{"a":1}',
        inputDetails: whole,
        roleArn: 'arn:aws:iam::111111111111:role/orders',
      },
    });
    expect(details[1]).toEqual({
      stateEnteredEventDetails: { name: 'A', input: '{"a":1}', inputDetails: whole },
    });
    expect(details[2]).toEqual({
      taskScheduledEventDetails: {
        ...integration,
        region: 'eu-central-1',
        parameters: '{"FunctionName":"f","Payload":{"a":1}}',
        timeoutInSeconds: 30,
      },
    });
    expect(details[3]).toEqual({ taskStartedEventDetails: integration });
    expect(details[4]).toMatchObject({ taskSucceededEventDetails: { ...integration, outputDetails: whole } });
    expect(details[5]).toEqual({
      stateExitedEventDetails: { name: 'A', output: '{"ok":true}', outputDetails: whole },
    });
    expect(details[8]).toEqual({
      executionSucceededEventDetails: { output: '{"ok":true}', outputDetails: whole },
    });
  });

  it('names the events of a function as resource after Lambda', async () => {
    const resource = 'arn:aws:lambda:eu-central-1:111111111111:function:f';
    const cloud = cloudWith(single({ Type: 'Task', Resource: resource, End: true }), {
      f: () => Promise.reject(new FunctionError('E')),
    });
    const { arn } = await cloud.run();
    expect(cloud.lines(arn).slice(2)).toEqual([
      [3, 2, 'LambdaFunctionScheduled'],
      [4, 3, 'LambdaFunctionStarted'],
      [5, 4, 'LambdaFunctionFailed'],
      [6, 5, 'ExecutionFailed'],
    ]);
  });

  it('of a Map numbers the iterations and links each to its own events', async () => {
    const cloud = cloudWith(
      single({
        Type: 'Map',
        ItemProcessor: { StartAt: 'T', States: { T: invoke('f', { End: true }) } },
        End: true,
      }),
      { f: (event) => event },
    );
    const { arn, output } = await cloud.run([10, 20]);
    expect(output).toBe('[10,20]');
    const history = cloud.history(arn);
    const predecessor = new Map(history.map((row) => [row.id, history.find((p) => p.id === row.previousId)]));
    expect(history.filter((row) => row.type === 'MapIterationStarted').map((row) => row.details)).toEqual([
      { mapIterationStartedEventDetails: { name: 'A', index: 0 } },
      { mapIterationStartedEventDetails: { name: 'A', index: 1 } },
    ]);
    for (const [type, before] of [
      ['MapStateStarted', 'MapStateEntered'],
      ['MapIterationStarted', 'MapStateStarted'],
      ['TaskStateEntered', 'MapIterationStarted'],
      ['TaskScheduled', 'TaskStateEntered'],
      ['MapIterationSucceeded', 'TaskStateExited'],
      ['MapStateSucceeded', 'MapIterationSucceeded'],
      ['MapStateExited', 'MapStateSucceeded'],
    ] as const)
      for (const row of history.filter((event) => event.type === type))
        expect([type, predecessor.get(row.id)?.type]).toEqual([type, before]);
  });

  it('of a Parallel whose branch fails ends the other branch', async () => {
    const branch = (name: string, functionName: string) => ({
      StartAt: name,
      States: { [name]: invoke(functionName, { Retry: [{ ErrorEquals: ['Slow'] }], End: true }) },
    });
    let release: () => void = () => undefined;
    let slowRuns = 0;
    const cloud = cloudWith(
      {
        StartAt: 'A',
        States: {
          A: {
            Type: 'Parallel',
            Branches: [branch('X', 'bad'), branch('Y', 'slow')],
            Catch: [{ ErrorEquals: ['Bad'], Next: 'B' }],
            End: true,
          },
          B: { Type: 'Succeed' },
        },
      },
      {
        bad: () => Promise.reject(new FunctionError('Bad')),
        slow: async () => {
          slowRuns += 1;
          await new Promise<void>((resolve) => (release = resolve));
          throw new FunctionError('Slow');
        },
      },
    );
    const { arn, status } = await cloud.run();
    release();
    await cloud.clock.advance(60_000);
    expect(status).toBe('SUCCEEDED');
    expect(slowRuns).toBe(1);
    expect(cloud.lines(arn).map(([, , type]) => type)).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'ParallelStateFailed',
      'ParallelStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('executions', () => {
  it('are in flight from their start to their end', async () => {
    let answer: () => void = () => undefined;
    const cloud = cloudWith(single(invoke('f', { End: true })), {
      f: () => new Promise<void>((resolve) => (answer = resolve)),
    });
    cloud.start('e');
    expect(cloud.inFlight.counts()).toEqual({ execution: 1 });
    answer();
    await cloud.inFlight.settled();
    expect(cloud.inFlight.counts()).toEqual({});
  });

  it('run side by side, thousands at once', async () => {
    const answers: (() => void)[] = [];
    const cloud = cloudWith(single(invoke('f', { TimeoutSeconds: 30, End: true })), {
      f: () => new Promise<void>((resolve) => answers.push(resolve)),
    });
    for (let i = 0; i < 2000; i += 1) cloud.start(`e-${i}`);
    await until(() => answers.length === 2000);
    for (const answer of answers) answer();
    await cloud.inFlight.settled();
    expect(cloud.journal.rows('executions', "WHERE status = 'SUCCEEDED'")).toHaveLength(2000);
  });

  it('that are left by a stop stay RUNNING and do nothing more', async () => {
    let attempts = 0;
    const cloud = cloudWith(single(invoke('f', { Retry: [{ ErrorEquals: ['States.ALL'] }], End: true })), {
      f: () => {
        attempts += 1;
        throw new FunctionError('E');
      },
    });
    const arn = cloud.start('e');
    await until(() => cloud.lines(arn).length === 5);
    cloud.workflows.stop();
    await cloud.clock.advance(60_000);
    await cloud.inFlight.settled();
    expect(attempts).toBe(1);
    expect(cloud.row(arn).status).toBe('RUNNING');
    expect(cloud.lines(arn)).toHaveLength(5);
  });
});
