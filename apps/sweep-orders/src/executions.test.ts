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
      return { output: { $metadata: {}, ...answer }, response: {} };
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

it('tells what has failed since a time', async () => {
  const { executions, asked } = executionsThat({
    executions: [
      { name: 'o-2', stopDate: new Date(2_000) },
      { name: 'o-1', stopDate: new Date(1_999) },
    ],
  });

  expect(await executions.failedSince(2_000)).toEqual(['o-2']);
  expect(asked).toEqual([{ stateMachineArn: MACHINE, statusFilter: 'FAILED', maxResults: 100 }]);
});
