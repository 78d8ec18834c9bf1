import { fail, streamBenches, turn, turns } from './mappings.fixture.ts';

const bench = streamBenches();
afterEach(() => jest.restoreAllMocks());

describe('a paused mapping', () => {
  it('delivers nothing, holds nothing in flight, and goes on where it stopped', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    mapping.start();
    stream.append('a');
    await inFlight.settled();
    mapping.pause();
    stream.append('b');
    await turns(3);
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1]]);
    expect(mapping.state()).toMatchObject({ state: 'Disabled', position: 1, behind: 1 });
    mapping.resume();
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1], [2]]);
  });

  it('takes a delivery under way into account', async () => {
    const release: (() => void)[] = [];
    const busy = () => new Promise<void>((resolve) => release.push(resolve));
    const { mapping, stream, inFlight, invoker } = bench({ batchSize: 1 }, busy);
    mapping.start();
    for (const item of ['a', 'b']) stream.append(item);
    await turns(3);
    mapping.pause();
    release.shift()?.();
    await turns(3);
    expect(mapping.state().position).toBe(1);
    mapping.resume();
    await turns(3);
    release.shift()?.();
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1], [2]]);
  });

  it('keeps what it gathered for its window', async () => {
    const { mapping, stream, clock, invoker } = bench({ batchWindowSeconds: 5 }, () => undefined);
    mapping.start();
    stream.append('a');
    await turns(3);
    mapping.pause();
    await clock.advance(10_000);
    await turns(3);
    expect([invoker.batches, mapping.state().position]).toEqual([[], 0]);

    stream.append('b');
    mapping.resume();
    await turns(3);
    await clock.advance(5_000);
    await turns(3);
    expect(invoker.batches).toEqual([[1, 2]]);
  });

  it('goes on with the second half of a batch that is bisected', async () => {
    const release: (() => void)[] = [];
    const poison = async (records: number[]) => {
      await new Promise<void>((resolve) => release.push(resolve));
      if (records.includes(3)) fail();
    };
    const { mapping, stream, settle, invoker, failures } = bench(
      { bisectOnError: true, maximumRetryAttempts: 0, onFailureDestination: 'arn:aws:s3:::failures' },
      poison,
    );
    for (const item of ['a', 'b', 'c', 'd']) stream.append(item);
    mapping.start();
    await turns(3);
    release.shift()?.();
    await turns(3);
    mapping.pause();
    release.shift()?.();
    await turns(3);
    expect([invoker.batches, mapping.state().position]).toEqual([
      [
        [1, 2, 3, 4],
        [1, 2],
      ],
      2,
    ]);

    mapping.resume();
    const settled = settle();
    while (invoker.batches.length < 5 || release.length > 0) {
      release.shift()?.();
      await turn();
    }
    await settled;

    expect(invoker.batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]]);
    expect([failures.length, mapping.state().position]).toEqual([1, 4]);
  });

  it('keeps count of the retries that were used up', async () => {
    const { mapping, stream, clock, invoker } = bench({ maximumRetryAttempts: 2 }, fail);
    mapping.start();
    stream.append('a');
    await turns(3);
    await clock.advance(110);
    await turns(3);
    expect(invoker.batches).toHaveLength(2);
    mapping.pause();
    await turn();
    mapping.resume();
    await turns(3);

    expect(invoker.batches).toHaveLength(3);
    expect(mapping.state()).toMatchObject({ position: 1, behind: 0 });
  });

  it.each([
    ['a retry', { maximumRetryAttempts: 1 }, [[1]]],
    ['a window', { batchWindowSeconds: 1, batchSize: 2 }, []],
  ])('that goes on in the same turn still waits for %s', async (_what, changed, before) => {
    jest.spyOn(Date, 'now').mockReturnValue(1_767_225_600_000);
    const { mapping, stream, clock, inFlight, invoker } = bench(changed, fail);
    mapping.start();
    stream.append('a');
    await turns(3);

    mapping.pause();
    expect(inFlight.counts()).toEqual({});
    mapping.resume();
    expect(inFlight.counts()).toEqual({ change: 1 });
    await turns(3);
    expect(invoker.batches).toEqual(before);

    await clock.advance(1_000);
    await turns(3);
    expect(invoker.batches).toEqual([...before, [1]]);
  });

  it('holds a change in flight until the delivery under way has ended', async () => {
    let release = () => {};
    const { mapping, stream, inFlight } = bench(
      {},
      () => new Promise<void>((resolve) => (release = resolve)),
    );
    mapping.start();
    stream.append('a');
    await turns(3);

    mapping.pause();
    await turns(3);
    expect(inFlight.counts()).toEqual({ change: 1 });

    release();
    await turns(3);
    expect([inFlight.counts(), mapping.state().position]).toEqual([{}, 1]);
  });

  it('that starts with what comes later misses nothing of its pause', async () => {
    const { mapping, stream, inFlight, invoker } = bench(
      { startingPosition: 'LATEST', enabled: false },
      () => undefined,
    );
    stream.append('a');
    mapping.start();
    stream.append('b');
    mapping.resume();
    await inFlight.settled();
    expect(invoker.batches).toEqual([[2]]);
  });

  it('is how a disabled mapping begins', async () => {
    const { mapping, stream, invoker } = bench({ enabled: false }, () => undefined);
    stream.append('a');
    mapping.start();
    await turns(3);
    expect([invoker.batches, mapping.state().state]).toEqual([[], 'Disabled']);
  });
});
