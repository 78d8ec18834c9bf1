import { cloudWith, closeAll, FunctionError, invoke, single, until } from './workflows.fixture.ts';

afterEach(closeAll);

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
