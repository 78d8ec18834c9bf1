import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  InvalidArn,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { Executions } from './executions.ts';

const MACHINE = 'arn:aws:states:eu-west-1:1:stateMachine:order-workflow';
const metadata = { $metadata: {}, message: 'no' };

/** Executions of a Step Functions that answers so, and what it was asked. */
function executionsThat(answer: object) {
  const asked: object[] = [];
  const client = new SFNClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    () => async (args) => {
      asked.push(args.input);
      if (answer instanceof Error) throw answer;
      const told: object = typeof answer === 'function' ? answer(args.input) : answer;
      return { output: { $metadata: {}, ...told }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { executions: new Executions(client, MACHINE), asked };
}

it('asks for an execution by its name, and tells what it needs of it', async () => {
  const { executions, asked } = executionsThat({
    status: 'FAILED',
    startDate: new Date(1_000),
    stopDate: new Date(3_000),
    redriveDate: new Date(2_000),
    redriveCount: 1,
    redriveStatus: 'REDRIVABLE',
    error: 'Lambda.Unknown',
  });

  expect(await executions.find('o-1.r2')).toEqual({
    status: 'FAILED',
    startedAt: 1_000,
    redrivenAt: 2_000,
    endedAt: 3_000,
    redrives: 1,
    redrivable: true,
    error: 'Lambda.Unknown',
  });
  expect(asked).toEqual([{ executionArn: 'arn:aws:states:eu-west-1:1:execution:order-workflow:o-1.r2' }]);
});

it.each([
  ['can’t be redriven', { status: 'FAILED', redriveStatus: 'NOT_REDRIVABLE' }, { redrivable: false }],
  ['waits for its redrive', { status: 'PENDING_REDRIVE' }, { status: 'RUNNING', redrivable: false }],
])('knows an execution that %s', async (_, answer, expected) => {
  expect(await executionsThat(answer).executions.find('o-1')).toMatchObject(expected);
});

it('finds none where there is none', async () => {
  const { executions } = executionsThat(new ExecutionDoesNotExist(metadata));

  expect(await executions.find('o-1')).toBeUndefined();
});

it.each([
  ['that was started before', new ExecutionAlreadyExists(metadata)],
  ['that somebody redrove before', new ExecutionNotRedrivable(metadata)],
])('takes an execution %s for done', async (_, error) => {
  const { executions } = executionsThat(error);
  const start = { executionName: 'o-1', input: { orderId: 'o-1' } };

  await expect(
    error instanceof ExecutionAlreadyExists ? executions.start(start) : executions.redrive('o-1'),
  ).resolves.toBeUndefined();
});

it('throws whatever else goes wrong', async () => {
  const { executions } = executionsThat(new InvalidArn(metadata));

  for (const call of [() => executions.find('o-1'), () => executions.redrive('o-1')])
    await expect(call()).rejects.toMatchObject({ name: 'InvalidArn' });
});

it('tells what has ended ill since a time, page by page, up to what was started long before', async () => {
  const DAY = 86_400_000;
  const since = 20 * DAY;
  const item = (name: string, started: number, stopped: number) => ({
    name,
    startDate: new Date(started),
    stopDate: new Date(stopped),
  });
  const pages: Record<string, object> = {
    FAILED: {
      executions: [item('o-4', since, since), item('o-3', since - 1, since - 1)],
      nextToken: 'FAILED-2',
    },
    'FAILED-2': {
      executions: [item('o-2', 6 * DAY, since), item('o-1', 6 * DAY - 1, since), item('o-0', 0, since)],
      nextToken: 'FAILED-3',
    },
    TIMED_OUT: { executions: [item('t-1', since, since)] },
    ABORTED: { executions: [item('a-1', since, since)] },
  };
  const { executions, asked } = executionsThat(
    ({ nextToken, statusFilter }: { nextToken?: string; statusFilter: string }) =>
      pages[nextToken ?? statusFilter] ?? {},
  );

  const names: string[] = [];
  for await (const name of executions.endedIllSince(since)) names.push(name);

  expect(names).toEqual(['o-4', 'o-2', 't-1', 'a-1']);
  expect(asked).toMatchObject([
    { stateMachineArn: MACHINE, statusFilter: 'FAILED' },
    { nextToken: 'FAILED-2' },
    { statusFilter: 'TIMED_OUT' },
    { statusFilter: 'ABORTED' },
  ]);
});
