import { Crashes } from '../journal/crash.fixture.ts';
import { MACHINE_ARN, single, TestWorkflows, until } from './workflows.fixture.ts';
import type { TestFunction } from './workflows.fixture.ts';
import { invoke } from './workflows.fixture.ts';

let crashes: Crashes;
const open: TestWorkflows[] = [];
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => {
  for (const cloud of open.splice(0)) cloud.workflows.stop();
  crashes.close();
});

/** Workflows of one task, in a process of their own. */
function cloudIn(process: ReturnType<Crashes['first']>, f: TestFunction): TestWorkflows {
  const cloud = new TestWorkflows(single(invoke('f', { End: true })), { f }, process);
  open.push(cloud);
  return cloud;
}

const never = () => new Promise(() => undefined);
const arn = `${MACHINE_ARN.replace('stateMachine', 'execution')}:e`;
const start = (cloud: TestWorkflows) =>
  cloud.call('StartExecution', { stateMachineArn: MACHINE_ARN, name: 'e' });

it('an execution whose start was answered goes on after a crash', async () => {
  await start(cloudIn(crashes.first(), never));

  const { workflows, inFlight, ...cloud } = cloudIn(crashes.crash(), () => 'well');
  workflows.resume();
  await inFlight.settled();

  expect(cloud.journal.rows('executions', '')).toMatchObject([{ status: 'SUCCEEDED', output: '"well"' }]);
});

it('an execution whose stop was answered stays stopped', async () => {
  const first = cloudIn(crashes.first(), never);
  await start(first);
  await first.call('StopExecution', { executionArn: arn });

  const cloud = cloudIn(crashes.crash(), never);
  cloud.workflows.resume();

  expect(cloud.row(arn).status).toBe('ABORTED');
  expect(cloud.inFlight.counts()).toEqual({});
});

it('a redrive that was answered goes on after a crash', async () => {
  const first = cloudIn(crashes.first(), () => Promise.reject(new Error('broken')));
  await start(first);
  await first.inFlight.settled();
  expect(first.row(arn).status).toBe('FAILED');
  const calls: unknown[] = [];
  const second = cloudIn(crashes.crash(), (event) => {
    calls.push(event);
    return never();
  });
  await second.call('RedriveExecution', { executionArn: arn });
  await until(() => calls.length === 1);

  const cloud = cloudIn(crashes.crash(), () => 'well');
  cloud.workflows.resume();
  await cloud.inFlight.settled();

  expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', redrives: 1, output: '"well"' });
});
