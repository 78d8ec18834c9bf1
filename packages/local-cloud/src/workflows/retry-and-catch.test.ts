import { cloudWith, closeAll, FunctionError, invoke, single, turn, until } from './workflows.fixture.ts';

afterEach(closeAll);

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
