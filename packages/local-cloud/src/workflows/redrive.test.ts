import {
  cloudWith,
  closeAll,
  FunctionError,
  invoke,
  single,
  turn,
  until,
  type TestWorkflows,
} from './workflows.fixture.ts';

afterEach(closeAll);

const DAY_MS = 86_400_000;

const definition = {
  StartAt: 'A',
  States: {
    A: invoke('a', { Next: 'B' }),
    B: invoke('b', { Next: 'C' }),
    C: invoke('c', { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }], End: true }),
  },
};

/** Three tasks of which the third fails until it is mended. */
function failing(errorType = 'Broken') {
  const calls: string[] = [];
  let mended = false;
  const done = (name: string) => () => {
    calls.push(name);
    return name;
  };
  const cloud = cloudWith(definition, {
    a: done('a'),
    b: done('b'),
    c: () => {
      calls.push('c');
      if (!mended) throw new FunctionError(errorType);
      return 'c';
    },
  });
  return { cloud, calls, mend: () => (mended = true) };
}

/** Moves the clock until nothing is under way. */
async function settle(cloud: TestWorkflows): Promise<void> {
  let settled = false;
  void cloud.inFlight.settled().then(() => (settled = true));
  while (!settled) {
    await cloud.clock.advance(1_000);
    await turn();
  }
}

const redrive = (cloud: TestWorkflows, executionArn: string, clientToken?: string) =>
  cloud.call('RedriveExecution', { executionArn, ...(clientToken && { clientToken }) });

describe('a redriven execution', () => {
  it('goes on from the failed state and repeats none before it', async () => {
    const { cloud, calls, mend } = failing();
    const arn = cloud.start('e');
    await settle(cloud);
    mend();

    const { redriveDate } = await redrive(cloud, arn);
    await settle(cloud);

    expect(calls).toEqual(['a', 'b', 'c', 'c']);
    expect(redriveDate).toBe(Number(cloud.row(arn).redrivenAt) / 1000);
    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"c"', error: '', cause: '' });
    expect(cloud.lines(arn).slice(-10)).toEqual([
      [13, 12, 'TaskScheduled'],
      [14, 13, 'TaskStarted'],
      [15, 14, 'TaskFailed'],
      [16, 15, 'ExecutionFailed'],
      [17, 16, 'ExecutionRedriven'],
      [18, 12, 'TaskScheduled'],
      [19, 18, 'TaskStarted'],
      [20, 19, 'TaskSucceeded'],
      [21, 20, 'TaskStateExited'],
      [22, 21, 'ExecutionSucceeded'],
    ]);
    expect(await cloud.call('DescribeExecution', { executionArn: arn })).toMatchObject({
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven.',
    });
  });

  it('has its retries anew', async () => {
    const { cloud, calls } = failing('Busy');
    const arn = cloud.start('e');
    await settle(cloud);
    calls.length = 0;

    await redrive(cloud, arn);
    await settle(cloud);

    expect(calls).toEqual(['c', 'c']);
    expect(cloud.row(arn)).toMatchObject({ status: 'FAILED', redrives: 1 });
  });

  it('can be redriven again, and goes on after a crash', async () => {
    const { cloud, calls, mend } = failing();
    const arn = cloud.start('e');
    await settle(cloud);
    await redrive(cloud, arn);
    await settle(cloud);
    mend();

    await redrive(cloud, arn);
    cloud.crash();
    await settle(cloud);

    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', redrives: 2 });
    expect(calls.slice(0, 4)).toEqual(['a', 'b', 'c', 'c']);
    expect(calls.slice(4)).not.toContain('a');
  });

  it('in a Map does again what failed or was aborted, each iteration from its own state, and none that ended', async () => {
    const calls: unknown[] = [];
    const failed = new Set<unknown>();
    const rest = { Type: 'Wait', Seconds: 60, End: true };
    const definition = single({
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'T',
        States: {
          T: { ...invoke('f', {}), Next: 'C' },
          C: { Type: 'Choice', Choices: [{ Variable: '$', StringEquals: 'slow', Next: 'W' }], Default: 'G' },
          G: invoke('g', { End: true }),
          W: rest,
        },
      },
      End: true,
    });
    const note = (name: string) => (event: unknown) => {
      calls.push([name, event]);
      if (name === 'f' || event === 'good' || failed.has(event)) return event;
      failed.add(event);
      throw new FunctionError('Bad');
    };
    const cloud = cloudWith(definition, { f: note('f'), g: note('g') });
    const { arn, status } = await cloud.run(['good', 'slow', 'bad', 'worse']);
    expect(status).toBe('FAILED');
    const before = calls.splice(0).length;

    cloud.workflows.redriveExecution(arn, undefined);
    await until(() => calls.length === 2);
    await turn();
    expect(cloud.row(arn).status).toBe('RUNNING');
    await cloud.clock.advance(61_000);
    await cloud.inFlight.settled();

    expect(before).toBe(7);
    expect(calls).toEqual([
      ['g', 'bad'],
      ['g', 'worse'],
    ]);
    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["good","slow","bad","worse"]' });
  });

  it('in a Parallel repeats no branch that had ended, and tells which branch it was that failed', async () => {
    const calls: string[] = [];
    const branch = (name: string) => ({ StartAt: name, States: { [name]: invoke(name, { End: true }) } });
    const rest = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
    const late = {
      StartAt: 'V',
      States: { V: { Type: 'Wait', Seconds: 5, Next: 'bad' }, ...branch('bad').States },
    };
    const definition = single({ Type: 'Parallel', Branches: [branch('good'), rest, late], End: true });
    const cloud = cloudWith(definition, {
      good: () => calls.push('good'),
      bad: () => {
        if (calls.push('bad') === 2) throw new FunctionError('Bad');
      },
    });
    const arn = cloud.start('e');
    await turn();
    await cloud.clock.advance(6_000);
    await cloud.inFlight.settled();
    const failed = cloud.lines(arn).findLast(([, , type]) => type === 'TaskFailed')?.[0];
    expect(cloud.lines(arn).find(([, , type]) => type === 'ParallelStateFailed')?.[1]).toBe(failed);

    cloud.workflows.redriveExecution(arn, undefined);
    await turn();
    await cloud.clock.advance(61_000);
    await cloud.inFlight.settled();

    expect(calls).toEqual(['good', 'bad', 'bad']);
    expect(cloud.row(arn).status).toBe('SUCCEEDED');
  });

  it('that was stopped does the interrupted task again', async () => {
    let answer: (value: unknown) => void = () => undefined;
    let calls = 0;
    const cloud = cloudWith(
      { StartAt: 'A', States: { A: invoke('f', { End: true }) } },
      {
        f: () => {
          calls++;
          return new Promise((resolve) => (answer = resolve));
        },
      },
    );
    const arn = cloud.start('e');
    await until(() => calls === 1);
    await cloud.call('StopExecution', { executionArn: arn });

    await redrive(cloud, arn);
    await until(() => calls === 2);
    answer('well');
    await settle(cloud);

    expect(cloud.row(arn).output).toBe('"well"');
    const types = cloud.lines(arn).map(([, , type]) => type);
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(2);
  });

  it('is redriven once by a call that is sent twice', async () => {
    const { cloud } = failing('Busy');
    const arn = cloud.start('e');
    await settle(cloud);
    const first = await redrive(cloud, arn, 'token-1');
    await turn();

    expect(await redrive(cloud, arn, 'token-1')).toEqual(first);
    await expect(redrive(cloud, arn, 'token-2')).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
    expect(cloud.row(arn).redrives).toBe(1);
  });
});

describe('RedriveExecution refuses an execution', () => {
  it('that is not there', async () => {
    const { cloud } = failing();
    await expect(redrive(cloud, 'arn:none')).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  });

  it('that succeeded', async () => {
    const { cloud, mend } = failing();
    mend();
    const arn = cloud.start('e');
    await settle(cloud);

    await expect(redrive(cloud, arn)).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: 'Execution is SUCCEEDED and cannot be redriven.',
    });
  });

  it('that ended more than 14 days ago', async () => {
    const { cloud } = failing();
    const arn = cloud.start('e');
    await settle(cloud);
    await cloud.clock.advance(14 * DAY_MS + 1);

    await expect(redrive(cloud, arn)).rejects.toMatchObject({
      message: 'Execution redrivable period exceeded.',
    });
  });
});

describe('an execution with too many events', () => {
  const looping = {
    StartAt: 'A',
    States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
  };

  it('fails with the last one that it may have, and cannot be redriven', async () => {
    const cloud = cloudWith(looping);
    const { arn, status, cause } = await cloud.run();

    expect(status).toBe('FAILED');
    expect(cause).toBe('The execution reached the maximum number of history events (25000).');
    expect(cloud.lines(arn).at(-1)).toEqual([25_000, expect.any(Number), 'ExecutionFailed']);
    await expect(redrive(cloud, arn)).rejects.toMatchObject({
      message: 'Execution history event limit exceeded.',
    });
  });
});
