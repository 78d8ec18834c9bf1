import { Concurrency } from './concurrency.ts';
import type { Answer } from './function-worker.ts';
import { FunctionPool, type Instance } from './function-pool.ts';
import { configOf } from './functions.fixture.ts';
import type { InvocationRequest } from './protocol.ts';
import type { RuntimeError } from './runtime-errors.ts';

const REQUEST: InvocationRequest = {
  requestId: 'r',
  payload: '{}',
  functionArn: 'arn',
  functionVersion: '$LATEST',
  trace: '',
  timeoutMs: 1_000,
  clockOffset: 0,
};
const ERROR: Answer = { kind: 'error', error: { errorType: 'Error', errorMessage: 'no' } };

/** An instance whose invocations end when the test says so. */
class ManualInstance implements Instance {
  isBroken = false;
  killed = false;
  runs = 0;
  /** What its code says when it is loaded. */
  loadError: RuntimeError | undefined;
  #finish: (answer: Answer) => void = () => undefined;

  load(): Promise<RuntimeError | undefined> {
    this.isBroken ||= this.loadError !== undefined;
    return Promise.resolve(this.loadError);
  }

  run(): Promise<Answer> {
    this.runs++;
    if (this.isBroken) return Promise.resolve(ERROR);
    return new Promise((resolve) => (this.#finish = resolve));
  }

  async finish(answer: Answer = { kind: 'result', payload: 'null' }): Promise<void> {
    this.#finish(answer);
    await turn();
  }

  async kill(): Promise<void> {
    this.killed = true;
    this.isBroken = true;
    await this.finish(ERROR);
  }

  async usedMb(): Promise<number> {
    return 0;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const pools: FunctionPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())));

const cannotStart = (): never => {
  throw new Error('no thread left');
};

/** @param spare how many more threads the machine has time for. */
function bench(spare: number, reservedConcurrency?: number) {
  const instances: ManualInstance[] = [];
  const watched = new Set<object>();
  const machine = {
    spare,
    /** Whether no instance can be made. */
    isFull: false,
    cpu: { take: () => machine.spare-- > 0 },
    memory: {
      add: (worker: object) => watched.add(worker),
      delete: (worker: object) => watched.delete(worker),
    },
  };
  const create = () => {
    if (machine.isFull) cannotStart();
    const instance = new ManualInstance();
    instances.push(instance);
    return instance;
  };
  const config = { ...configOf('f', ''), ...(reservedConcurrency !== undefined && { reservedConcurrency }) };
  const concurrency = Concurrency.ofAccount([config])(config);
  const pool = new FunctionPool({ config, create, concurrency, machine });
  pools.push(pool);
  const answers: Answer[] = [];
  const run = () => pool.run(REQUEST).then((answer) => answers.push(answer));
  /** Starts so many invocations. */
  const start = async (count: number) => {
    for (let started = 0; started < count; started++) run().catch(() => undefined);
    await turn();
  };
  return { pool, instances, machine, watched, answers, run, start };
}

describe('a pool of instances', () => {
  it('reuses the instance that is free', async () => {
    const { pool, instances, start } = bench(0);
    await pool.warm();
    await start(1);
    await instances[0]!.finish();
    await start(1);
    expect(instances.map(({ runs }) => runs)).toEqual([2]);
  });

  it('adds instances while the machine has time for them, up to ten; the rest waits in line', async () => {
    const { instances, start, answers } = bench(100);
    await start(12);
    expect(instances).toHaveLength(10);
    await instances[3]!.finish();
    await instances[3]!.finish();
    expect([instances.length, instances[3]!.runs, answers.length]).toEqual([10, 3, 2]);
  });

  it('lets invocations wait in line while the machine has no time, and helps when it has', async () => {
    const { instances, machine, start } = bench(0);
    await start(2);
    expect(instances).toHaveLength(1);
    machine.spare = 1;
    while (instances.length < 2) await turn();
    expect(instances[1]!.runs).toBe(1);
  });

  describe('whose surplus instances', () => {
    const HALF_A_MINUTE = 30_000;
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });
    const killed = ({ instances }: ReturnType<typeof bench>) => instances.map((instance) => instance.killed);

    it('were not used for half a minute ends them, but the one that was free last', async () => {
      const made = bench(2);
      await made.start(3);
      for (const instance of [...made.instances]) await instance.finish();
      jest.advanceTimersByTime(HALF_A_MINUTE);
      expect(killed(made)).toEqual([false, false, false]);
      jest.advanceTimersByTime(HALF_A_MINUTE);
      expect(killed(made)).toEqual([true, true, false]);
      await made.start(1);
      expect(made.instances[2]!.runs).toBe(2);
    });

    it('are needed again and again keeps them', async () => {
      const made = bench(1);
      for (let spans = 0; spans < 5; spans++) {
        await made.start(2);
        for (const instance of made.instances) await instance.finish();
        jest.advanceTimersByTime(HALF_A_MINUTE);
      }
      expect(killed(made)).toEqual([false, false]);
    });

    it('are busy lets them run', async () => {
      const made = bench(1);
      await made.start(2);
      jest.advanceTimersByTime(3 * HALF_A_MINUTE);
      expect(killed(made)).toEqual([false, false]);
    });
  });

  it('replaces an instance that broke, also for who waits in line', async () => {
    const { instances, start } = bench(0);
    await start(2);
    instances[0]!.isBroken = true;
    await instances[0]!.finish(ERROR);
    expect([instances.length, instances[0]!.killed, instances[1]?.runs]).toEqual([2, true, 1]);
  });

  it('does not hand out an instance that died while it was free', async () => {
    const { pool, instances, start } = bench(0);
    await pool.warm();
    instances[0]!.isBroken = true;
    await start(1);
    expect([instances.length, instances[0]!.runs, instances[1]?.runs]).toEqual([2, 0, 1]);
  });

  it('throttles beyond the reserved concurrency, also none', async () => {
    const { run, start, instances } = bench(5, 1);
    await start(1);
    await expect(run()).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    await instances[0]!.finish();
    await start(1);
    expect(instances[0]!.runs).toBe(2);
    await expect(bench(5, 0).run()).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  });

  it('gives an invocation’s place back when it ends, however it ends', async () => {
    const { run, start, instances } = bench(5, 2);
    await start(2);
    await instances[0]!.finish(ERROR);
    await start(1);
    await expect(run()).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  });

  it('gives an invocation’s place back when no instance can be made for it', async () => {
    const { run, start, instances, machine } = bench(5, 1);
    machine.isFull = true;
    await expect(run()).rejects.toThrow('no thread left');
    machine.isFull = false;
    await start(1);
    expect(instances.map(({ runs }) => runs)).toEqual([1]);
  });

  it('tells who waits in line that no instance can be made, not whose invocation ended', async () => {
    const { run, instances, machine } = bench(0);
    const calls = Promise.allSettled([run(), run()]);
    await turn();
    machine.isFull = true;
    instances[0]!.isBroken = true;
    await instances[0]!.finish(ERROR);
    expect(await calls).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: 'no thread left' } },
    ]);
  });

  it('makes no instance once it is stopped', async () => {
    const { pool, instances } = bench(0);
    await pool.stop();
    const stopped = 'the local cloud is stopped';
    await expect(pool.warm()).rejects.toThrow(stopped);
    await expect(pool.replace(cannotStart)).rejects.toThrow(stopped);
    expect(instances).toEqual([]);
  });

  describe('that goes over to other code', () => {
    /** Goes over to instances that the answer holds; each says `loadError` when it is loaded. */
    async function replaced({ pool }: ReturnType<typeof bench>, loadError?: RuntimeError) {
      const made: ManualInstance[] = [];
      const error = await pool.replace(() => {
        const instance = new ManualInstance();
        instance.loadError = loadError;
        made.push(instance);
        return instance;
      });
      await turn();
      return { made, error };
    }

    it('ends the instances that are idle and runs what comes in the new one', async () => {
      const before = bench(0);
      await before.pool.warm();
      const { made, error } = await replaced(before);
      await before.start(1);
      expect(error).toBeUndefined();
      expect([before.instances[0]!.killed, before.instances[0]!.runs, made[0]!.runs]).toEqual([true, 0, 1]);
    });

    it('lets what runs end where it is, and ends the instance then', async () => {
      const before = bench(0);
      await before.start(1);
      await replaced(before);
      expect(before.instances[0]!.killed).toBe(false);
      await before.instances[0]!.finish();
      expect(before.answers).toEqual([{ kind: 'result', payload: 'null' }]);
      expect(before.instances[0]!.killed).toBe(true);
    });

    it('runs who waits in line in the new one', async () => {
      const before = bench(0);
      await before.start(2);
      const { made } = await replaced(before);
      expect(made[0]!.runs).toBe(1);
      await before.instances[0]!.finish();
      await before.start(1);
      expect(made.map(({ runs }) => runs)).toEqual([1]);
    });

    it('changes nothing when the new code does not load', async () => {
      const before = bench(0);
      await before.pool.warm();
      const problem = { errorType: 'Error', errorMessage: 'no' };
      const { made, error } = await replaced(before, problem);
      await before.start(1);
      expect(error).toBe(problem);
      expect([before.instances[0]!.runs, made[0]!.killed]).toEqual([1, true]);
    });

    it('makes further instances of the new code', async () => {
      const before = bench(5);
      await before.pool.warm();
      const { made } = await replaced(before);
      await before.start(2);
      expect([before.instances.length, made.length]).toEqual([1, 2]);
    });
  });

  it('has the memory of an instance watched while it is busy', async () => {
    const { instances, watched, start } = bench(0);
    await start(1);
    expect([...watched]).toEqual(instances);
    await instances[0]!.finish();
    expect(watched.size).toBe(0);
  });

  it('ends all instances when it stops, and declines who waits in line', async () => {
    const { pool, instances, run } = bench(0);
    const declined = Promise.allSettled([run(), run()]);
    await pool.stop();
    const reason = new Error('Function f did not run to its end: the local cloud is stopped.');
    expect(await declined).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(instances.map(({ killed }) => killed)).toEqual([true]);
    await expect(run()).rejects.toEqual(reason);
  });
});
