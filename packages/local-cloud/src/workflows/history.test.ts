import { cloudWith, closeAll, FunctionError, invoke, single } from './workflows.fixture.ts';

afterEach(closeAll);

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
