import { FunctionError, StreamBench, THROTTLED, turn, turns } from './mappings.fixture.ts';

const benches: StreamBench[] = [];
function bench(...parameters: ConstructorParameters<typeof StreamBench>): StreamBench {
  const made = new StreamBench(...parameters);
  benches.push(made);
  return made;
}
afterEach(() => {
  for (const { mapping, clock } of benches.splice(0)) {
    mapping.stop();
    clock.stop();
  }
});

const fail = () => {
  throw new FunctionError();
};

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
    const { mapping, stream, journal, settle } = withSettle(
      bench({ reportBatchItemFailures: true }, (records) =>
        records.length > 2 ? { batchItemFailures: [{ itemIdentifier: '200' }] } : undefined,
      ),
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

  it('refuses a tumbling window by name', () => {
    expect(() => bench({ tumblingWindowSeconds: 60 }, () => undefined)).toThrow(
      'Mapping orders-to-dispatcher: tumbling_window_in_seconds is not run yet.',
    );
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

describe('what fails', () => {
  it('comes again after a pause that grows', async () => {
    const { mapping, stream, clock, invoker } = bench({}, fail);
    mapping.start();
    stream.append('a');
    await turns(3);
    expect(invoker.batches).toHaveLength(1);
    await clock.advance(110);
    await turns(3);
    expect(invoker.batches).toHaveLength(2);
    await clock.advance(110);
    await turns(3);
    expect(invoker.batches).toHaveLength(2);
    await clock.advance(110);
    await turns(3);
    expect(invoker.batches).toHaveLength(3);
  });

  it('blocks only its own lane', async () => {
    const poison = (records: number[]) => (records.includes(1) ? fail() : undefined);
    const { mapping, stream, invoker } = bench({ parallelizationFactor: 10 }, poison);
    mapping.start();
    for (let item = 0; item < 40; item++) stream.append(`item-${item}`);
    await turns(10);
    expect(new Set(invoker.batches.flat()).size).toBeGreaterThan(30);
    expect(mapping.state().position).toBe(0);
  });

  it('goes to the on-failure destination in AWS’s form once its retries are used up', async () => {
    const { mapping, stream, failures, settle } = withSettle(
      bench({ maximumRetryAttempts: 1, onFailureDestination: 'arn:aws:s3:::failures' }, fail),
    );
    for (const item of ['a', 'b']) stream.append(item);
    mapping.start();
    await settle();
    const [failure] = failures;
    const message = {
      requestContext: {
        requestId: 'request-2',
        functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:dispatcher',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      DDBStreamBatchInfo: {
        shardId: 'shardId-1',
        startSequenceNumber: '100',
        endSequenceNumber: '200',
        approximateArrivalOfFirstRecord: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        approximateArrivalOfLastRecord: expect.stringMatching(/:\d\dZ$/) as string,
        batchSize: 2,
        streamArn: stream.arn,
      },
    };
    expect(failures).toHaveLength(1);
    expect(JSON.parse(failure!.body)).toEqual(message);
    const event = JSON.stringify({ Records: stream.read(0, 2).map(({ record }) => record) });
    expect(JSON.parse(failure!.object.body)).toEqual({ ...message, payload: event });
    expect(failure!.object.key).toMatch(
      /^aws\/lambda\/[0-9a-f-]{36}\/shardId-1\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
  });

  it('is given up when it is too old, without a response context', async () => {
    const { mapping, stream, clock, failures, invoker, settle } = withSettle(
      bench(
        { maximumRecordAgeSeconds: 60, onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q' },
        () => undefined,
      ),
    );
    for (const item of ['a', 'b']) stream.append(item);
    await clock.advance(62_000);
    stream.append('c');
    mapping.start();
    await settle();
    expect(invoker.batches).toEqual([[3]]);
    const message = JSON.parse(failures[0]!.body) as Record<string, unknown>;
    expect(message).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 },
      DDBStreamBatchInfo: { startSequenceNumber: '100', endSequenceNumber: '200', batchSize: 2 },
    });
    expect(message).not.toHaveProperty('responseContext');
    expect(failures).toHaveLength(1);
  });

  it('is kept, without using up retries, while the function can’t run', async () => {
    let calls = 0;
    const { mapping, stream, invoker, failures, settle } = withSettle(
      bench({ maximumRetryAttempts: 0 }, () => (++calls < 20 ? THROTTLED() : undefined)),
    );
    stream.append('a');
    mapping.start();
    await settle();
    expect([calls, invoker.batches, failures]).toEqual([20, [[1]], []]);
  });

  it('is isolated from 99 neighbours in seven splits', async () => {
    const poison = (records: number[]) => (records.includes(42) ? fail() : undefined);
    const { mapping, stream, invoker, failures, settle } = withSettle(
      bench(
        {
          bisectOnError: true,
          maximumRetryAttempts: 0,
          onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q',
        },
        poison,
      ),
    );
    for (let item = 1; item <= 100; item++) stream.append(`item-${item}`);
    mapping.start();
    await settle();
    const failed = invoker.batches.filter((batch) => batch.includes(42));
    expect(failed.at(-1)).toEqual([42]);
    expect(failed.length - 1).toBeLessThanOrEqual(7);
    expect(new Set(invoker.batches.flat()).size).toBe(100);
    expect(JSON.parse(failures[0]!.body)).toMatchObject({ DDBStreamBatchInfo: { batchSize: 1 } });
  });
});

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

  it('is how a disabled mapping begins', async () => {
    const { mapping, stream, invoker } = bench({ enabled: false }, () => undefined);
    stream.append('a');
    mapping.start();
    await turns(3);
    expect([invoker.batches, mapping.state().state]).toEqual([[], 'Disabled']);
  });
});

describe('ten lanes', () => {
  it('keep the order of each item through delays, failures and bisects', async () => {
    const handled = new Map<string, number[]>();
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const { mapping, stream, inFlight, clock } = bench(
      { parallelizationFactor: 10, bisectOnError: true, reportBatchItemFailures: true },
      async (records) => {
        for (let rest = Math.floor(random() * 3); rest > 0; rest--) await turn();
        if (random() < 0.1) fail();
        const done = random() < 0.2 ? records.slice(0, Math.floor(random() * records.length)) : records;
        for (const record of done) {
          const item = stream.read(record - 1, 1)[0]!.itemKey;
          handled.set(item, [...(handled.get(item) ?? []), record]);
        }
        const failed = records[done.length];
        return failed && { batchItemFailures: [{ itemIdentifier: String(failed * 100) }] };
      },
    );
    mapping.start();
    for (let change = 0; change < 10_000; change++) stream.append(`order-${Math.floor(random() * 200)}`);
    let settled = false;
    void inFlight.settled().then(() => (settled = true));
    while (!settled) {
      await clock.advance(50);
      await turn();
    }
    expect([...handled.values()].flat()).toHaveLength(10_000);
    for (const records of handled.values()) expect(records).toEqual(records.toSorted((a, b) => a - b));
  });

  it('run at the same time', async () => {
    let running = 0;
    let most = 0;
    const { mapping, stream, inFlight } = bench({ parallelizationFactor: 10, batchSize: 1 }, async () => {
      most = Math.max(most, ++running);
      await turns(5);
      running--;
    });
    for (let item = 0; item < 60; item++) stream.append(`item-${item}`);
    mapping.start();
    await inFlight.settled();
    expect(most).toBe(10);
  });

  it('hold a bounded number of changes while one of them is stuck', async () => {
    const poison = (records: number[]) => (records.includes(1) ? fail() : undefined);
    const { mapping, stream, invoker } = bench({ parallelizationFactor: 10, batchSize: 10 }, poison);
    for (let change = 0; change < 5_000; change++)
      stream.append(change % 2 === 0 ? 'stuck' : `item-${change}`);
    mapping.start();
    await turns(2_000);
    const newest = Math.max(...invoker.batches.flat());
    expect(newest).toBeGreaterThan(1_500);
    expect(newest).toBeLessThan(3_000);
  });
});

function withSettle(made: StreamBench) {
  return Object.assign(made, { settle: made.settle.bind(made) });
}
