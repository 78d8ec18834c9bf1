import { type BatchEvent, fail, streamBenches, turns } from './mappings.fixture.ts';

const { now } = Date;
beforeEach(() => void (Date.now = () => 1_767_225_600_000));
afterEach(() => void (Date.now = now));

const bench = streamBenches();

/** Keeps the numbers of the records in the state, as an aggregating function does. */
const collect = (records: number[], { state }: BatchEvent) => ({
  state: { seen: [...((state['seen'] as number[] | undefined) ?? []), ...records] },
});

/** A bench whose clock stands at the start of a minute, and moves only when it is told to. */
function windowBench(...[changed, behaviour]: Parameters<typeof bench>) {
  const it = bench({ tumblingWindowSeconds: 60, ...changed }, behaviour);
  it.mapping.start();
  const events = () => it.invoker.payloads.map((payload) => JSON.parse(payload) as BatchEvent);
  /** What each invocation was given: the records, the state, and whether it is final. */
  const given = () =>
    it.invoker.batches.map((records, index) => {
      const { state, isFinalInvokeForWindow } = events()[index]!;
      return [records, state['seen'] ?? [], isFinalInvokeForWindow];
    });
  const append = (...items: string[]) => it.append(...items);
  /** Moves the clock, in small steps, until nothing is in flight. */
  const settle = async () => {
    let settled = false;
    void it.inFlight.settled().then(() => (settled = true));
    for (await turns(2); !settled; await turns(2)) await it.clock.advance(25);
  };
  /** Appends these and waits until they are done with. */
  const put = async (...items: string[]) => {
    append(...items);
    await settle();
  };
  const minutePasses = async () => {
    await it.clock.advance(60_000);
    await settle();
  };
  return { ...it, settle, events, given, append, put, minutePasses };
}

describe('a tumbling window', () => {
  it('carries the state from batch to batch and ends with a final invocation by the clock', async () => {
    const { put, minutePasses, given, events, stream } = windowBench({}, collect);

    await put('a', 'b');
    await put('c');
    await minutePasses();
    await minutePasses();

    expect(given()).toEqual([
      [[1, 2], [], false],
      [[3], [1, 2], false],
      [[], [1, 2, 3], true],
    ]);
    const { start, end } = events()[2]!.window;
    expect(Date.parse(end) - Date.parse(start)).toBe(60_000);
    expect(events()[2]).toMatchObject({
      shardId: stream.shardId,
      eventSourceARN: stream.arn,
      isWindowTerminatedEarly: false,
    });
  });

  it('begins with empty state after the one before', async () => {
    const { put, minutePasses, given } = windowBench({}, collect);

    await put('a');
    await minutePasses();
    await put('b');

    expect(given()).toEqual([
      [[1], [], false],
      [[], [1], true],
      [[2], [], false],
    ]);
  });

  it('never shares a batch with the next one, which waits for its final invocation', async () => {
    const { mapping, stream, clock, settle, given } = windowBench({}, collect);
    mapping.pause();
    stream.append('a');
    stream.append('b');
    await clock.advance(60_000);
    stream.append('c');
    mapping.resume();

    await settle();

    expect(given()).toEqual([
      [[1, 2], [], false],
      [[], [1, 2], true],
      [[3], [], false],
    ]);
  });

  it('is nothing to wait for while it is open, but its final invocation is', async () => {
    let release = () => {};
    const { put, clock, inFlight, settle } = windowBench({}, (records, event) =>
      event.isFinalInvokeForWindow
        ? new Promise((resolve) => (release = () => resolve({ state: {} })))
        : collect(records, event),
    );
    await put('a');
    expect(inFlight.counts()).toEqual({});

    await clock.advance(60_000);
    expect(inFlight.counts()).toEqual({ change: 1 });
    release();
    await settle();
  });

  it('ends after a change of its own that was made in its last moment', async () => {
    const { put, clock, stream, settle, given } = windowBench({}, collect);
    await put('a');
    const inOneTurn = () => {
      stream.append('b');
      void clock.advance(1_000);
    };
    clock.setTimeout(inOneTurn, 59_500 - (clock.now() % 60_000));

    await clock.advance(60_000);
    await settle();

    expect(given().at(-1)).toEqual([[], [1, 2], true]);
  });

  it('ends after the changes of its last moment were read, also when no filter wants them', async () => {
    const filters = ['{"dynamodb":{"Keys":{"orderId":{"S":["a"]}}}}'];
    const { put, clock, stream, settle, given } = windowBench({ filters }, collect);
    await put('a');
    const inOneTurn = () => {
      stream.append('b');
      void clock.advance(1_000);
    };
    clock.setTimeout(inOneTurn, 59_500 - (clock.now() % 60_000));

    await clock.advance(60_000);
    await settle();

    expect(given().at(-1)).toEqual([[], [1], true]);
  });

  it('is not waited for by a batch whose next change belongs to another one', async () => {
    const { mapping, stream, clock, given } = windowBench({ batchWindowSeconds: 300 }, collect);
    mapping.pause();
    stream.append('a');
    await clock.advance(60_000);
    stream.append('b');
    mapping.resume();

    await turns(10);

    expect(given()).toEqual([
      [[1], [], false],
      [[], [1], true],
    ]);
  });

  it('waits for its end while the mapping is paused, and has it when it goes on', async () => {
    const { mapping, put, minutePasses, settle, given } = windowBench({}, collect);
    await put('a');
    mapping.pause();
    await minutePasses();
    expect(given()).toHaveLength(1);

    mapping.resume();
    await settle();

    expect(given()[1]).toEqual([[], [1], true]);
  });
});

it('a window whose changes all came too late is never open', async () => {
  const { mapping, append, clock, settle, invoker, journal } = windowBench(
    { maximumRecordAgeSeconds: 60, onFailureDestination: 'arn:aws:s3:::failures' },
    collect,
  );
  mapping.pause();
  append('a');
  await clock.advance(120_000);
  mapping.resume();
  await settle();
  await clock.advance(60_000);
  await settle();

  expect(invoker.batches).toEqual([]);
  expect(journal.deliveries).toMatchObject([{ outcome: 'discarded' }]);
});

describe('a window’s function', () => {
  it('fails when it answers without state, and the batch comes again', async () => {
    let calls = 0;
    const { append, settle, given, mapping } = windowBench({}, (records, event) =>
      ++calls === 1 ? {} : collect(records, event),
    );
    append('a');
    await turns(5);
    expect(mapping.state().problem).toContain('must hold "state"');

    await settle();

    expect(given().slice(0, 2)).toEqual([
      [[1], [], false],
      [[1], [], false],
    ]);
  });

  it('may report failed items beside the state of those before them', async () => {
    let calls = 0;
    const { append, settle, given } = windowBench({ reportBatchItemFailures: true }, (records, event) =>
      ++calls === 1
        ? { ...collect([1], event), batchItemFailures: [{ itemIdentifier: '200' }] }
        : collect(records, event),
    );
    append('a', 'b', 'c');
    await settle();

    expect(given().slice(0, 2)).toEqual([
      [[1, 2, 3], [], false],
      [[2, 3], [1], false],
    ]);
  });

  it('keeps the state of a batch that it gives back as a whole', async () => {
    let calls = 0;
    const { append, settle, given } = windowBench({ reportBatchItemFailures: true }, (records, event) =>
      ++calls === 1
        ? { ...collect(records, event), batchItemFailures: [{ itemIdentifier: '100' }] }
        : collect(records, event),
    );
    append('a', 'b');
    await settle();

    expect(given()[1]).toEqual([[1, 2], [], false]);
  });

  it('ends the window early with more than 1 MB of state, and goes on in it with none', async () => {
    const large = 'x'.repeat(1_100_000);
    const { put, minutePasses, events, invoker } = windowBench(
      { batchSize: 1 },
      (_records, { isFinalInvokeForWindow, state }) => ({
        state: isFinalInvokeForWindow || state['small'] ? { small: 1 } : { large },
      }),
    );
    await put('a', 'b');
    await minutePasses();

    expect(invoker.batches).toEqual([[1], [], [2], []]);
    expect(events().map((event) => [event.isFinalInvokeForWindow, event.isWindowTerminatedEarly])).toEqual([
      [false, false],
      [true, true],
      [false, false],
      [true, true],
    ]);
    expect(events().map(({ state }) => Object.keys(state))).toEqual([[], ['large'], [], ['large']]);
    expect(new Set(events().map(({ window }) => window.start)).size).toBe(1);
  });

  it('leaves room for the state in an event of 6 MB', async () => {
    const { mapping, stream, settle, invoker } = windowBench({}, collect);
    mapping.pause();
    for (const item of ['a', 'b']) stream.append(item, 'ä'.repeat(1_350_000));
    mapping.resume();

    await settle();

    expect(invoker.batches).toEqual([[1], [2]]);
  });
});

describe('a final invocation that fails', () => {
  const failing = (times: number) => {
    let calls = 0;
    return (records: number[], event: BatchEvent) =>
      event.isFinalInvokeForWindow && ++calls <= times ? fail() : collect(records, event);
  };

  it('comes again before anything else does', async () => {
    const { put, append, clock, settle, given } = windowBench({}, failing(2));
    await put('a');
    await clock.advance(60_000);
    append('b');
    await settle();

    expect(given().slice(0, 5)).toEqual([
      [[1], [], false],
      [[], [1], true],
      [[], [1], true],
      [[], [1], true],
      [[2], [], false],
    ]);
  });

  it('comes again when it reports failure as items', async () => {
    let finals = 0;
    const { put, clock, settle, invoker } = windowBench(
      { reportBatchItemFailures: true },
      (records, event) => ({
        ...collect(records, event),
        batchItemFailures: event.isFinalInvokeForWindow && ++finals === 1 ? [{ itemIdentifier: '' }] : [],
      }),
    );
    await put('a');
    await clock.advance(60_000);
    await settle();

    expect(invoker.batches).toEqual([[1], [], []]);
  });

  it('is given up with its state when the retries are used up, and the next window begins', async () => {
    const { put, append, clock, settle, given, failures } = windowBench(
      { maximumRetryAttempts: 1, onFailureDestination: 'arn:aws:s3:::failures' },
      failing(2),
    );
    await put('a');
    await clock.advance(60_000);
    await settle();
    append('b');
    await settle();

    expect(given().slice(0, 4)).toEqual([
      [[1], [], false],
      [[], [1], true],
      [[], [1], true],
      [[2], [], false],
    ]);
    const object = JSON.parse(failures[0]!.object.body) as { payload: string };
    expect(object).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 0 },
    });
    expect(JSON.parse(object.payload)).toMatchObject({ state: { seen: [1] }, isFinalInvokeForWindow: true });
  });

  it('is given up when its window has ended too long ago', async () => {
    const { put, clock, settle, failures, journal } = windowBench(
      { maximumRecordAgeSeconds: 60, onFailureDestination: 'arn:aws:s3:::failures' },
      failing(Infinity),
    );
    await put('a');
    await clock.advance(60_000);
    await settle();

    expect(journal.deliveries.at(-1)).toMatchObject({ positions: '[]', outcome: 'discarded', passed: 0 });
    expect(JSON.parse(failures[0]!.body)).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded' },
    });
  });

  it('is not counted when the function can’t run at all', async () => {
    const { put, clock, settle, invoker } = windowBench({ maximumRetryAttempts: 0 }, collect);
    await put('a');
    const invoke = invoker.invoke.bind(invoker);
    let throttled = 3;
    jest.spyOn(invoker, 'invoke').mockImplementation(async (name, payload) => {
      if (throttled-- > 0) throw new Error('Rate Exceeded.');
      return invoke(name, payload);
    });
    await clock.advance(60_000);
    await settle();

    expect(invoker.batches).toEqual([[1], []]);
  });
});
