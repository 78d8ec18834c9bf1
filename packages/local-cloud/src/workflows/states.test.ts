import { cloudWith, closeAll, single } from './workflows.fixture.ts';

afterEach(closeAll);

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
