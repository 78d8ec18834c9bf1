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

const PASS = { Type: 'Pass', End: true };
const only = (state: object) => ({ StartAt: 'Only', States: { Only: state } });
const fails = only(invoke('bad', { End: true }));
const slow = only(invoke('slow', { End: true }));
const parallel = (branches: object[], rest: object = { End: true }) => ({
  ...{ Type: 'Parallel', Branches: branches },
  ...rest,
});
/** A Map over the input that calls this function for each item. */
const mapOf = (name: string, rest: object) => ({
  ...{ Type: 'Map', ItemProcessor: only(invoke(name, { End: true })) },
  ...rest,
});
const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }], End: true };
const caughtInside = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Ok' }], End: true };
/** A Parallel that fails, and a task after it that does, too. */
const failsLater = {
  StartAt: 'In',
  States: { In: { ...parallel([fails, slow]), ...caughtInside }, Ok: invoke('bad', { End: true }) },
};
const retried = { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }] };

/** Runs this state until something in it was aborted; afterwards it goes on to a task that is not answered yet. */
async function aborting(state: object, calls: number) {
  const held = new Held();
  const later = new Held();
  const bad = () => {
    throw new FunctionError('Bad');
  };
  const cloud = cloudWith(
    { StartAt: 'P', States: { P: state, After: invoke('after', { End: true }) } },
    {
      bad,
      one: (item) => (item === 'slow' ? held.run(item) : item === 'bad' && bad()),
      slow: held.run,
      after: later.run,
    },
  );
  const arn = cloud.start('e', ['good', 'good', 'slow', 'bad']);
  await turn();
  await cloud.clock.advance(2_000);
  await until(() => held.calls.length === calls);
  await turn();
  return { cloud, arn, held, later };
}

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

  it.each<[where: string, state: object, calls: number]>([
    ['beside a branch that failed', parallel([fails, slow], caught), 1],
    ['inside a Parallel beside a branch that failed', parallel([fails, only(parallel([slow]))], caught), 1],
    ['whose Parallel failed, and the one around it', parallel([only(parallel([fails, slow]))], caught), 1],
    ['in each attempt of a Parallel that was retried', parallel([fails, slow], { ...retried, ...caught }), 2],
    ['beside a branch that failed after a Parallel in it', parallel([failsLater, slow], caught), 2],
    ['beside an item that failed', mapOf('one', caught), 1],
    ['that began later, beside an item that failed', mapOf('one', { MaxConcurrency: 2, ...caught }), 1],
  ])('does not do a task again that was aborted %s', async (_, state, calls) => {
    const { cloud, arn, held, later } = await aborting(state, calls);

    cloud.crash();
    await until(() => later.calls.length === 2);

    expect(held.calls).toHaveLength(calls);
    later.answer('well');
    await cloud.inFlight.settled();
    expect(cloud.row(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"well"' });
  });

  it('does what goes on beside a Parallel that failed again, and not what was aborted in it', async () => {
    const inner = { ...parallel([fails, slow]), ...caughtInside };
    const state = parallel([{ StartAt: 'In', States: { In: inner, Ok: PASS } }, slow], { Next: 'After' });
    const { cloud, arn, held, later } = await aborting(state, 2);

    cloud.crash();
    await until(() => held.calls.length === 3);
    held.answer('well');
    await until(() => later.calls.length === 1);
    later.answer('well');
    await cloud.inFlight.settled();

    expect(held.calls).toHaveLength(3);
    expect(cloud.row(arn).status).toBe('SUCCEEDED');
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
