import { cloudWith, closeAll, invoke, single } from './workflows.fixture.ts';

afterEach(closeAll);

/** JSON text of exactly the most bytes that are allowed, and of one more. */
const LARGEST = 'x'.repeat(262_142);
const TOO_LARGE = `${LARGEST}x`;

const cause = (name: string) =>
  `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
const exceeded = (name: string) => ({
  status: 'FAILED',
  error: 'States.DataLimitExceeded',
  cause: cause(name),
});

const inner = (state: object) => ({ StartAt: 'I', States: { I: state } });
const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Saved' }], Next: 'Saved' };
const withSaved = (state: object) => ({
  StartAt: 'A',
  States: { A: { ...state, ...caught }, Saved: { Type: 'Succeed' } },
});
const HALF = 'x'.repeat(140_000);
const half = { Type: 'Pass', Result: HALF, End: true };

describe('a state’s output', () => {
  it('may have 256 KB', async () => {
    const cloud = cloudWith(single({ Type: 'Pass', Result: LARGEST, End: true }));

    expect(await cloud.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([
    ['Pass', single({ Type: 'Pass', Result: TOO_LARGE, End: true }), ['PassStateEntered']],
    [
      'Parallel',
      single({ Type: 'Parallel', Branches: [inner(half), inner(half)], End: true }),
      ['PassStateExited', 'ParallelStateFailed'],
    ],
    [
      'Map',
      single({ Type: 'Map', ItemProcessor: inner(half), End: true }),
      ['MapIterationSucceeded', 'MapStateFailed'],
    ],
  ])('of a %s state that is larger ends the execution', async (_, definition, before) => {
    const cloud = cloudWith(definition);

    const row = await cloud.run([1, 2]);

    expect(row).toMatchObject(exceeded('A'));
    const types = cloud.lines(row.arn).map(([, , type]) => type);
    expect(types.slice(-1 - before.length)).toEqual([...before, 'ExecutionFailed']);
  });

  it('of a Task that is larger together with its input can’t be caught', async () => {
    const state = { ...invoke('f', {}), ResultPath: '$.more', OutputPath: '$' };
    const cloud = cloudWith(withSaved(state), { f: () => HALF });

    expect(await cloud.run({ text: HALF })).toMatchObject(exceeded('A'));
  });

  it('in a branch fails the state around it, and can’t be caught there', async () => {
    const branch = inner({ Type: 'Pass', Result: TOO_LARGE, End: true });
    const cloud = cloudWith(withSaved({ Type: 'Parallel', Branches: [branch] }));

    expect(await cloud.run()).toMatchObject(exceeded('I'));
  });
});

describe('a state’s input', () => {
  it('of a task is as large as what its Parameters make', async () => {
    const calls: unknown[] = [];
    const Parameters = { FunctionName: 'f', Payload: { 'a.$': '$', 'b.$': '$' } };
    const cloud = cloudWith(withSaved({ ...invoke('f', {}), Parameters }), {
      f: (event) => calls.push(event),
    });

    expect(await cloud.run(HALF)).toMatchObject(exceeded('A'));
    expect(calls).toEqual([]);
  });

  it('of a branch is as large as what the Parameters of the state around it make', async () => {
    const Parameters = { 'a.$': '$', 'b.$': '$' };
    const branch = inner({ Type: 'Pass', Result: 1, End: true });
    const cloud = cloudWith(single({ Type: 'Parallel', Parameters, Branches: [branch], End: true }));

    expect(await cloud.run(HALF)).toMatchObject(exceeded('I'));
  });
});

it('a task’s result that is too large can be caught', async () => {
  const cloud = cloudWith(withSaved(invoke('f', {})), { f: () => TOO_LARGE });

  const { status, output } = await cloud.run();

  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toEqual({ Error: 'States.DataLimitExceeded', Cause: cause('A') });
});
