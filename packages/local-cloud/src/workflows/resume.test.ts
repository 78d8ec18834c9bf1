import {
  cloudWith,
  closeAll,
  FunctionError,
  invoke,
  MACHINE_ARN,
  single,
  turn,
  until,
} from './workflows.fixture.ts';

afterEach(closeAll);

/** A function whose calls are counted and answered when the test says so. */
class Held {
  readonly calls: unknown[] = [];
  readonly #answers: ((answer: unknown) => void)[] = [];

  readonly run = (event: unknown): Promise<unknown> => {
    this.calls.push(event);
    return new Promise((resolve) => this.#answers.push(resolve));
  };

  /** Answers the newest call. */
  answer(value: unknown): void {
    this.#answers.at(-1)?.(value);
  }
}

const chain = (...names: string[]) => ({
  StartAt: names[0],
  States: Object.fromEntries(
    names.map((name, i) => {
      const next = names[i + 1];
      return [name, invoke(name, next === undefined ? { End: true } : { Next: next })];
    }),
  ),
});

describe('an execution that a crash interrupted', () => {
  it('goes on with the task that had not ended, and repeats none that had', async () => {
    const calls: string[] = [];
    const held = new Held();
    const cloud = cloudWith(chain('one', 'two', 'three'), {
      one: () => {
        calls.push('one');
        return { from: 'one' };
      },
      two: held.run,
      three: (event) => event,
    });
    const arn = cloud.start('e');
    await until(() => held.calls.length === 1);

    cloud.crash();
    await until(() => held.calls.length === 2);
    held.answer({ from: 'two' });
    await cloud.inFlight.settled();

    expect(calls).toEqual(['one']);
    expect(held.calls).toEqual([{ from: 'one' }, { from: 'one' }]);
    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"from":"two"}' });
    const whole = cloudWith(chain('one', 'two', 'three'), { one: () => 1, two: () => 2, three: () => 3 });
    expect(cloud.lines(arn)).toEqual(whole.lines((await whole.run()).arn));
  });

  it('is the same again, however often and wherever it is interrupted', async () => {
    let calls = 0;
    const flaky = () => {
      if (++calls < 3) throw new FunctionError('Busy');
      return calls;
    };
    const definition = {
      StartAt: 'A',
      States: {
        A: invoke('f', { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10 }], Next: 'B' }),
        B: { Type: 'Wait', Seconds: 60, Next: 'C' },
        C: invoke('g', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'D' }], End: true }),
        D: { Type: 'Pass', End: true },
      },
    };
    const broken = () => {
      throw new FunctionError('Bad', 'why');
    };
    const cloud = cloudWith(definition, { f: flaky, g: broken });
    const startedAt = cloud.clock.now();
    const arn = cloud.start('e');
    const journal: number[] = [];
    while (cloud.row(arn).status === 'RUNNING') {
      await turn();
      cloud.crash();
      await turn();
      await cloud.clock.advance(7_000);
      journal.push(cloud.history(arn).length);
    }

    const types = cloud.lines(arn).map(([, , type]) => type);
    expect(types.filter((type) => type === 'TaskFailed')).toHaveLength(3);
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(4);
    expect(calls).toBe(3);
    const row = cloud.row(arn);
    expect(row.status).toBe('SUCCEEDED');
    expect(JSON.parse(row.output)).toMatchObject({
      Error: 'Bad',
      Cause: expect.stringContaining('why') as string,
    });
    expect(new Set(journal).size).toBeGreaterThan(2);
    // 10 s and 20 s before the retries and 60 s of waiting, each at most one step of the clock longer.
    expect(cloud.clock.now() - startedAt).toBeLessThan(90_000 + 4 * 7_000);
    expect(cloud.clock.now() - startedAt).toBeGreaterThanOrEqual(90_000);
  });

  it('waits no longer than to the time that its Wait state names', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const cloud = cloudWith(single({ Type: 'Wait', Timestamp: at, End: true }));
    const arn = cloud.start('e');
    await turn();
    await cloud.clock.advance(1_800_000);

    cloud.crash();
    await turn();
    await cloud.clock.advance(1_700_000);
    expect(cloud.row(arn).status).toBe('RUNNING');
    await cloud.clock.advance(200_000);

    expect(cloud.row(arn).status).toBe('SUCCEEDED');
  });

  it('gives the interrupted task its whole time anew, and keeps a timeout that had happened', async () => {
    const held = new Held();
    const cloud = cloudWith(
      single(
        invoke('f', {
          TimeoutSeconds: 60,
          Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }],
          End: true,
        }),
      ),
      { f: held.run },
    );
    const arn = cloud.start('e');
    await until(() => held.calls.length === 1);
    await cloud.clock.advance(62_000);
    await until(() => held.calls.length === 2);
    await cloud.clock.advance(50_000);

    cloud.crash();
    await until(() => held.calls.length === 3);
    await cloud.clock.advance(50_000);
    held.answer('late but well');
    await cloud.inFlight.settled();

    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"late but well"' });
    expect(cloud.lines(arn).filter(([, , type]) => type === 'TaskTimedOut')).toHaveLength(1);
  });

  it('in a Map and a Parallel repeats only the parts that had not ended', async () => {
    const held = new Held();
    const calls: unknown[] = [];
    const quick = (event: unknown) => {
      calls.push(event);
      return { quick: event };
    };
    const inner = {
      StartAt: 'T',
      States: { T: { ...invoke('quick', {}), Next: 'H' }, H: invoke('held', { End: true }) },
    };
    const cloud = cloudWith(
      {
        StartAt: 'M',
        States: {
          M: {
            Type: 'Map',
            ItemProcessor: { StartAt: 'I', States: { I: invoke('quick', { End: true }) } },
            Next: 'P',
          },
          P: {
            Type: 'Parallel',
            Branches: [inner, { StartAt: 'U', States: { U: invoke('quick', { End: true }) } }],
            End: true,
          },
        },
      },
      { quick, held: held.run },
    );
    const arn = cloud.start('e', [1, 2]);
    await until(() => held.calls.length === 1 && calls.length === 4);
    await turn();

    cloud.crash();
    await until(() => held.calls.length === 2);
    held.answer('end');
    await cloud.inFlight.settled();

    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(cloud.row(arn).output)).toEqual(['end', { quick: [{ quick: 1 }, { quick: 2 }] }]);
    expect(calls).toHaveLength(4);
    const ids = cloud.lines(arn).map(([id]) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  it('fails where the stack has its state machine no more, and goes on when it is back and redriven', async () => {
    const held = new Held();
    const cloud = cloudWith(chain('one', 'two'), { one: held.run, two: (event) => event });
    const arn = cloud.start('e');
    await until(() => held.calls.length === 1);

    cloud.remove();
    cloud.crash();

    const error = 'StateMachineDoesNotExist';
    const cause = expect.stringContaining(
      `The stack has no state machine ${MACHINE_ARN} any more.`,
    ) as string;
    expect(cloud.row(arn)).toMatchObject({ status: 'FAILED', error, cause, endedAt: expect.any(Number) });
    expect(cloud.failures).toMatchObject([{ arn, status: 'FAILED', error, cause }]);
    expect(cloud.history(arn).at(-1)).toMatchObject({
      type: 'ExecutionFailed',
      details: { executionFailedEventDetails: { error, cause } },
    });
    expect(cloud.inFlight.counts()).toEqual({});

    cloud.change(chain('one', 'two'));
    cloud.crash();
    cloud.workflows.redriveExecution(arn, undefined);
    await until(() => held.calls.length === 2);
    held.answer('done');
    await cloud.inFlight.settled();
    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  });

  it('keeps the definition that it was started with', async () => {
    const held = new Held();
    const cloud = cloudWith(chain('one', 'two'), { one: held.run, two: () => 'old', three: () => 'new' });
    const arn = cloud.start('e');
    await until(() => held.calls.length === 1);

    cloud.change(chain('one', 'three'));
    cloud.crash();
    await until(() => held.calls.length === 2);
    held.answer(1);
    await cloud.inFlight.settled();

    expect(cloud.row(arn).output).toBe('"old"');
    const later = cloud.start('later');
    await until(() => held.calls.length === 3);
    held.answer(1);
    await cloud.inFlight.settled();
    expect(cloud.row(later).output).toBe('"new"');
  });
});
