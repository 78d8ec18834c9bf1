import { fail, streamBenches, turn, turns } from './mappings.fixture.ts';

const bench = streamBenches();

describe('a stream mapping', () => {
  it('delivers what was there before it started, and what comes later', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    stream.append('a');
    mapping.start();
    stream.append('b');
    await inFlight.settled();
    stream.append('c');
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 2], [3]]);
  });

  it('starts at the end of the stream where it is told LATEST', async () => {
    const { mapping, stream, inFlight, invoker } = bench({ startingPosition: 'LATEST' }, () => undefined);
    stream.append('a');
    mapping.start();
    stream.append('b');
    await inFlight.settled();
    expect(invoker.batches).toEqual([[2]]);
  });

  it('starts with the oldest change that is still kept', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    for (const item of ['a', 'b', 'c']) stream.append(item);
    stream.horizon = 2;
    mapping.start();
    await inFlight.settled();
    expect(invoker.batches).toEqual([[3]]);
  });

  it('sends changes of one turn of the event loop together', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    mapping.start();
    for (const item of ['a', 'b', 'c']) stream.append(item);
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 2, 3]]);
  });

  it('gathers larger batches while the function is busy', async () => {
    const release: (() => void)[] = [];
    const busy = () => new Promise<void>((resolve) => release.push(resolve));
    const { mapping, stream, inFlight, invoker } = bench({ batchSize: 2 }, busy);
    mapping.start();
    stream.append('a');
    await turns(3);
    for (const item of ['b', 'c', 'd']) stream.append(item);
    await turns(3);
    expect(invoker.batches).toEqual([[1]]);
    while (inFlight.counts()['change']) {
      release.shift()?.();
      await turn();
    }
    expect(invoker.batches).toEqual([[1], [2, 3], [4]]);
  });

  it('hands the function the records as they are', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    for (const item of ['a', 'b']) stream.append(item);
    mapping.start();
    await inFlight.settled();
    expect(invoker.payloads).toEqual([
      JSON.stringify({ Records: stream.read(0, 2).map(({ record }) => record) }),
    ]);
  });

  it('takes as many at once as its batch size says', async () => {
    const { mapping, stream, inFlight, invoker } = bench({ batchSize: 2_500 }, () => undefined);
    for (let change = 0; change < 3_000; change++) stream.append(`item-${change}`);
    mapping.start();
    await inFlight.settled();
    expect(invoker.batches.map((batch) => batch.length)).toEqual([2_500, 500]);
  });

  it('keeps an event within 6 MB', async () => {
    const { mapping, stream, inFlight, invoker } = bench({}, () => undefined);
    for (const item of ['a', 'b', 'c']) stream.append(item, 'ä'.repeat(1_200_000));
    mapping.start();
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 2], [3]]);
  });

  it('holds a change in flight from its append until it is done with', async () => {
    const release: (() => void)[] = [];
    const busy = () => new Promise<void>((resolve) => release.push(resolve));
    const { mapping, stream, inFlight } = bench({}, busy);
    mapping.start();
    expect(inFlight.counts()).toEqual({});
    stream.append('a');
    expect(inFlight.counts()).toEqual({ change: 1 });
    await turns(3);
    expect(inFlight.counts()).toEqual({ change: 1 });
    release.shift()?.();
    await inFlight.settled();
    expect(mapping.state()).toMatchObject({ position: 1, behind: 0, problem: '' });
  });

  it('records each delivery in the journal', async () => {
    const { mapping, stream, journal, settle } = bench({ reportBatchItemFailures: true }, (records) =>
      records.length > 2 ? { batchItemFailures: [{ itemIdentifier: '200' }] } : undefined,
    );
    for (const item of ['a', 'b', 'c']) stream.append(item);
    mapping.start();
    await settle();
    expect(journal.deliveries).toMatchObject([
      {
        mapping: 'orders-to-dispatcher',
        source: stream.arn,
        invocation: 'request-1',
        positions: '[1,2,3]',
        passed: 1,
        outcome: 'partial',
      },
      { invocation: 'request-2', positions: '[2,3]', passed: 2, outcome: 'ok' },
    ]);
  });

  it('says what went wrong while something does', async () => {
    const { mapping, stream } = bench({}, fail);
    mapping.start();
    stream.append('a');
    await turns(5);
    expect(mapping.state()).toMatchObject({
      state: 'Enabled',
      position: 0,
      behind: 1,
      problem: 'Function call failed',
    });
  });
});

describe('filters', () => {
  const inserted = (item: string) => `{"dynamodb":{"NewImage":{"orderId":{"S":["${item}"]}}}}`;

  it('pass what any of them matches, and the position moves past the rest', async () => {
    const { mapping, stream, inFlight, invoker } = bench(
      { filters: [inserted('a'), inserted('c')] },
      () => undefined,
    );
    mapping.start();
    for (const item of ['a', 'b', 'c', 'd']) stream.append(item);
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 3]]);
    expect(mapping.state().position).toBe(4);
  });

  it('may pass nothing', async () => {
    const { mapping, stream, inFlight, invoker } = bench({ filters: [inserted('z')] }, () => undefined);
    mapping.start();
    stream.append('a');
    await inFlight.settled();
    expect(invoker.batches).toEqual([]);
    expect(mapping.state().behind).toBe(0);
  });
});

describe('a batch window', () => {
  it('waits for more changes until it has passed', async () => {
    const { mapping, stream, clock, inFlight, invoker } = bench({ batchWindowSeconds: 5 }, () => undefined);
    mapping.start();
    stream.append('a');
    await turns(3);
    stream.append('b');
    await clock.advance(4_900);
    await turns(3);
    expect(invoker.batches).toEqual([]);
    await clock.advance(200);
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 2]]);
  });

  it('begins when the invocation before has completed', async () => {
    const { mapping, stream, clock, invoker } = bench({ batchWindowSeconds: 5 }, () => undefined);
    mapping.start();
    stream.append('a');
    await turns(3);
    await clock.advance(5_000);
    await turns(3);
    expect(invoker.batches).toEqual([[1]]);

    await clock.advance(3_000);
    stream.append('b');
    await turns(3);
    await clock.advance(1_500);
    await turns(3);
    expect(invoker.batches).toEqual([[1]]);
    await clock.advance(600);
    await turns(3);
    expect(invoker.batches).toEqual([[1], [2]]);
  });

  it('lets changes that no filter wants pass at once', async () => {
    const filters = ['{"dynamodb":{"Keys":{"orderId":{"S":["a"]}}}}'];
    const { mapping, stream, inFlight } = bench({ batchWindowSeconds: 300, filters }, () => undefined);
    mapping.start();
    stream.append('b');
    await turns(3);
    expect([mapping.state().behind, inFlight.counts()]).toEqual([0, {}]);
  });

  it('runs for each lane by itself', async () => {
    const { mapping, stream, clock, invoker } = bench(
      { batchWindowSeconds: 5, batchSize: 2, parallelizationFactor: 10 },
      () => undefined,
    );
    mapping.start();
    for (const item of ['a', 'b', 'a']) stream.append(item);
    await turns(3);
    expect(invoker.batches).toEqual([[1, 3]]);
    await clock.advance(5_000);
    await turns(3);
    expect(invoker.batches).toEqual([[1, 3], [2]]);
  });

  it('is cut short when somebody waits for all to settle and nothing else is under way', async () => {
    const { mapping, stream, inFlight, invoker } = bench(
      { batchWindowSeconds: 300, parallelizationFactor: 10 },
      () => undefined,
    );
    mapping.start();
    for (let item = 0; item < 20; item++) stream.append(`item-${item}`);
    await turns(5);
    expect(invoker.batches).toEqual([]);

    await inFlight.settled();

    expect(invoker.batches.flat()).toHaveLength(20);
  });

  it('is not cut short while other work, which may add to the batch, is under way', async () => {
    const { mapping, stream, inFlight, invoker } = bench({ batchWindowSeconds: 300 }, () => undefined);
    mapping.start();
    stream.append('a');
    const leave = inFlight.enter('execution');
    const settled = inFlight.settled();
    await turns(5);
    expect(invoker.batches).toEqual([]);

    stream.append('b');
    leave();
    await settled;

    expect(invoker.batches).toEqual([[1, 2]]);
  });

  it('ends early when a batch is full', async () => {
    const { mapping, stream, inFlight, invoker } = bench(
      { batchWindowSeconds: 300, batchSize: 2 },
      () => undefined,
    );
    mapping.start();
    stream.append('a');
    await turns(3);
    stream.append('b');
    await inFlight.settled();
    expect(invoker.batches).toEqual([[1, 2]]);
  });

  it('ends early when the event is as large as it may be', async () => {
    const { mapping, stream, invoker } = bench({ batchWindowSeconds: 300 }, () => undefined);
    mapping.start();
    for (const item of ['a', 'b']) stream.append(item, 'x'.repeat(4_000_000));
    await turns(5);
    expect(invoker.batches).toEqual([[1]]);
  });
});
