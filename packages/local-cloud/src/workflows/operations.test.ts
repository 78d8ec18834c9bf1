import { FunctionError, invoke, MACHINE_ARN, request, TestWorkflows } from './workflows.fixture.ts';

let cloud: TestWorkflows;
let answers: (() => void)[];

beforeEach(() => {
  answers = [];
  cloud = new TestWorkflows(
    { StartAt: 'A', States: { A: invoke('f', { End: true }) } },
    {
      f: async (event) => {
        const { hold, fail } = event as { hold?: boolean; fail?: boolean };
        if (hold) await new Promise<void>((resolve) => answers.push(resolve));
        if (fail) throw new FunctionError('Broken', 'oh');
        return { done: true };
      },
    },
  );
});

afterEach(() => cloud.close());

const start = (members: object) => cloud.call('StartExecution', { stateMachineArn: MACHINE_ARN, ...members });

describe('StartExecution', () => {
  it('answers with the ARN and the start in epoch seconds', async () => {
    const answer = await start({ name: 'o-1', input: '{}' });
    expect(answer).toEqual({
      executionArn: 'arn:aws:states:eu-central-1:111111111111:execution:orders:o-1',
      startDate: expect.closeTo(cloud.clock.now() / 1000, 0),
    });
  });

  it('makes up a name and takes {} for the input when none is given', async () => {
    const { executionArn } = await start({});
    await cloud.inFlight.settled();
    expect(executionArn).toMatch(/:orders:[0-9a-f-]{36}$/);
    expect(cloud.row(String(executionArn)).input).toBe('{}');
  });

  it('with the same name and input, while it runs, is the same execution', async () => {
    const first = await start({ name: 'o-1', input: '{"hold":true}' });
    await cloud.clock.advance(5000);
    expect(await start({ name: 'o-1', input: '{"hold":true}' })).toEqual(first);
    expect(answers).toHaveLength(1);
  });

  it('with the same name is refused for another input, and once it has ended', async () => {
    const { executionArn } = await start({ name: 'o-1', input: '{"hold":true}' });
    const refused = {
      code: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${executionArn}'`,
      status: 400,
    };
    await expect(start({ name: 'o-1', input: '{"hold":false}' })).rejects.toMatchObject(refused);
    answers[0]!();
    await cloud.inFlight.settled();
    await expect(start({ name: 'o-1', input: '{"hold":true}' })).rejects.toMatchObject(refused);
  });

  it.each(['', 'a b', 'a:b', 'a/b', 'a*', 'a"b', 'a\u0007', 'a\u0085', '🛒', 'a\uffff', 'x'.repeat(81)])(
    'refuses the name %j',
    async (name) => {
      await expect(start({ name })).rejects.toMatchObject({ code: 'InvalidName', status: 400 });
    },
  );

  it.each(['x'.repeat(80), "o-1_r2.A+b@c!(d)='é"])('takes the name %j', async (name) => {
    await expect(start({ name })).resolves.toBeDefined();
  });

  it.each([
    ['not JSON', 'not json', 'InvalidExecutionInput'],
    ['empty', '', 'InvalidExecutionInput'],
    ['more than 256 KB', `"${'ü'.repeat(140_000)}"`, 'ValidationException'],
  ])('refuses an input that is %s', async (_what, input, code) => {
    await expect(start({ input })).rejects.toMatchObject({ code });
  });

  it('takes any JSON value as the input', async () => {
    for (const input of ['1', 'null', '"text"', '[]']) await start({ input, name: `n${input.length}` });
    await cloud.inFlight.settled();
    expect(cloud.failures).toEqual([]);
  });

  it('knows no other state machines', async () => {
    await expect(start({ stateMachineArn: `${MACHINE_ARN}2` })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${MACHINE_ARN}2'`,
    });
  });
});

describe('DescribeExecution', () => {
  it('tells a running execution', async () => {
    const { executionArn } = await start({ name: 'o-1', input: '{"hold":true}' });
    expect(await cloud.call('DescribeExecution', { executionArn })).toEqual({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven.',
      executionArn,
      stateMachineArn: MACHINE_ARN,
      name: 'o-1',
      status: 'RUNNING',
      startDate: expect.any(Number),
      input: '{"hold":true}',
      inputDetails: { included: true },
      redriveCount: 0,
    });
  });

  it('tells how it ended', async () => {
    const good = await start({ name: 'good' });
    const bad = await start({ name: 'bad', input: '{"fail":true}' });
    await cloud.inFlight.settled();
    expect(await cloud.call('DescribeExecution', { executionArn: good['executionArn'] })).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"done":true}',
      stopDate: expect.any(Number),
    });
    expect(await cloud.call('DescribeExecution', { executionArn: bad['executionArn'] })).toMatchObject({
      status: 'FAILED',
      error: 'Broken',
      cause: '{"errorType":"Broken","errorMessage":"oh","trace":[]}',
    });
  });

  it('knows no others', async () => {
    await expect(cloud.call('DescribeExecution', { executionArn: 'arn:x' })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
      message: "Execution Does Not Exist: 'arn:x'",
    });
  });
});

describe('ListExecutions', () => {
  const names = async (members: object) => {
    const page = await cloud.call('ListExecutions', { stateMachineArn: MACHINE_ARN, ...members });
    const executions = page['executions'] as { name: string }[];
    return { names: executions.map(({ name }) => name), nextToken: page['nextToken'] };
  };

  it('gives the newest first, by status, in pages that nothing is lost between', async () => {
    for (const [i, input] of ['{}', '{"fail":true}', '{}', '{"hold":true}', '{}'].entries()) {
      await start({ name: `e${i}`, input });
      await cloud.clock.advance(1000);
    }
    const first = await names({ maxResults: 2 });
    await start({ name: 'late' });
    const second = await names({ maxResults: 2, nextToken: first.nextToken });
    const third = await names({ maxResults: 2, nextToken: second.nextToken });
    expect([first.names, second.names, third.names]).toEqual([['e4', 'e3'], ['e2', 'e1'], ['e0']]);
    expect(third.nextToken).toBeUndefined();
    expect((await names({ statusFilter: 'RUNNING' })).names).toContain('e3');
    expect((await names({ statusFilter: 'FAILED' })).names).toEqual(['e1']);
  });

  it('refuses a token that it did not give', async () => {
    await expect(names({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });
});

describe('GetExecutionHistory', () => {
  const page = async (members: object) => {
    const answer = await cloud.call('GetExecutionHistory', members);
    const events = answer['events'] as { id: number; previousEventId: number; type: string }[];
    return { events, ids: events.map(({ id }) => id), nextToken: answer['nextToken'] };
  };

  it('gives events with their details, forwards and backwards, in pages', async () => {
    const { executionArn } = await start({ name: 'e', input: '{"a":1}' });
    await cloud.inFlight.settled();
    const first = await page({ executionArn, maxResults: 4 });
    expect(first.ids).toEqual([1, 2, 3, 4]);
    expect(first.events[1]).toEqual({
      id: 2,
      previousEventId: 0,
      timestamp: expect.any(Number),
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'A', input: '{"a":1}', inputDetails: { truncated: false } },
    });
    const rest = await page({ executionArn, maxResults: 4, nextToken: first.nextToken });
    expect(rest).toMatchObject({ ids: [5, 6, 7], nextToken: undefined });
    const backwards = await page({ executionArn, reverseOrder: true, maxResults: 5 });
    expect(backwards.ids).toEqual([7, 6, 5, 4, 3]);
    const end = await page({ executionArn, reverseOrder: true, nextToken: backwards.nextToken });
    expect(end.ids).toEqual([2, 1]);
  });

  it('leaves inputs and outputs out when asked to', async () => {
    const { executionArn } = await start({ name: 'e' });
    await cloud.inFlight.settled();
    const { events } = await page({ executionArn, includeExecutionData: false });
    expect(JSON.stringify(events)).not.toMatch(/"(input|output)":/);
  });
});

describe('StopExecution', () => {
  it('aborts: what is under way has no effect any more', async () => {
    const { executionArn } = await start({ name: 'e', input: '{"hold":true}' });
    const { stopDate } = await cloud.call('StopExecution', {
      executionArn,
      error: 'Enough',
      cause: 'by hand',
    });
    await cloud.inFlight.settled();
    answers[0]!();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await cloud.call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      stopDate,
      error: 'Enough',
      cause: 'by hand',
    });
    expect(cloud.history(String(executionArn)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      previousId: 0,
      details: { executionAbortedEventDetails: { error: 'Enough', cause: 'by hand' } },
    });
    expect(cloud.failures).toEqual([]);
  });

  it('leaves an ended execution as it is', async () => {
    const { executionArn } = await start({ name: 'e' });
    await cloud.inFlight.settled();
    const before = cloud.row(String(executionArn));
    const { stopDate } = await cloud.call('StopExecution', { executionArn });
    expect(stopDate).toBe(Number(before.endedAt) / 1000);
    expect(cloud.row(String(executionArn))).toEqual(before);
  });
});

it('ListStateMachines and DescribeStateMachine tell what the stack has', async () => {
  const { stateMachines } = await cloud.call('ListStateMachines', {});
  expect(stateMachines).toEqual([
    { stateMachineArn: MACHINE_ARN, name: 'orders', type: 'STANDARD', creationDate: expect.any(Number) },
  ]);
  const described = await cloud.call('DescribeStateMachine', { stateMachineArn: MACHINE_ARN });
  expect(described).toMatchObject({ name: 'orders', status: 'ACTIVE', type: 'STANDARD' });
  expect(JSON.parse(String(described['definition']))).toHaveProperty('StartAt', 'A');
});

it.each([
  ['CreateActivity', {}, 'UnknownOperationException', /CreateActivity/],
  ['StartExecution', {}, 'ValidationException', /stateMachineArn/],
  [
    'ListExecutions',
    { stateMachineArn: MACHINE_ARN, redriveFilter: 'x' },
    'ValidationException',
    /redriveFilter/,
  ],
])('%s with %j is refused by name', async (operation, members, code, message) => {
  await expect(cloud.call(operation, members)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

it('refuses a body that is not JSON', async () => {
  await expect(cloud.workflows.handler(request('StartExecution', '{'))).rejects.toMatchObject({
    code: 'SerializationException',
  });
});
