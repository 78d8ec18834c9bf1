import type { Answer } from './function-worker.ts';
import { FunctionPool, type Instance } from './function-pool.ts';
import { configOf } from './functions.fixture.ts';
import type { InvocationRequest } from './protocol.ts';

const REQUEST: InvocationRequest = {
  requestId: 'r',
  payload: '{}',
  functionArn: 'arn',
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
  readonly loaded = Promise.resolve(undefined);
  #finish: (answer: Answer) => void = () => undefined;

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

/** @param spare how many more threads the machine has time for. */
function bench(spare: number, reservedConcurrency?: number) {
  const instances: ManualInstance[] = [];
  const watched = new Set<object>();
  const machine = {
    spare,
    cpu: { take: () => machine.spare-- > 0 },
    memory: {
      add: (worker: object) => watched.add(worker),
      delete: (worker: object) => watched.delete(worker),
    },
  };
  const create = () => {
    const instance = new ManualInstance();
    instances.push(instance);
    return instance;
  };
  const config = { ...configOf('f', ''), ...(reservedConcurrency !== undefined && { reservedConcurrency }) };
  const pool = new FunctionPool(config, create, machine);
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
