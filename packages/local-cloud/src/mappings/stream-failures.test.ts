import { AwsError } from '../endpoint/service.ts';
import type { Mapping } from '../stack/model.ts';
import { fail, mappingOf, streamBenches, THROTTLED, turns } from './mappings.fixture.ts';
import { StreamLane } from './stream-lane.ts';

const bench = streamBenches();

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

  it('goes there with the alias that was called, and its version', async () => {
    const { mapping, stream, failures, settle } = bench(
      { qualifier: 'live', maximumRetryAttempts: 0, onFailureDestination: 'arn:aws:s3:::failures' },
      fail,
    );
    stream.append('a');
    mapping.start();
    await settle();

    expect(JSON.parse(failures[0]!.body)).toMatchObject({
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:dispatcher:live',
      },
      responseContext: { executedVersion: '1' },
    });
  });

  it('goes to the on-failure destination in AWS’s form once its retries are used up', async () => {
    const { mapping, stream, failures, settle } = bench(
      { maximumRetryAttempts: 1, onFailureDestination: 'arn:aws:s3:::failures' },
      fail,
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
    const { mapping, stream, clock, failures, invoker, settle } = bench(
      { maximumRecordAgeSeconds: 60, onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q' },
      () => undefined,
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
    const { mapping, stream, invoker, failures, settle } = bench({ maximumRetryAttempts: 0 }, () =>
      ++calls < 20 ? THROTTLED() : undefined,
    );
    stream.append('a');
    mapping.start();
    await settle();
    expect([calls, invoker.batches, failures]).toEqual([20, [[1]], []]);
  });

  it('is kept while there is no such function, and delivered once there is', async () => {
    let deployed = false;
    const { mapping, stream, clock, invoker, failures } = bench({ maximumRetryAttempts: 0 }, () => {
      if (!deployed) throw new AwsError('ResourceNotFoundException', 'Function not found: dispatcher', 404);
    });
    stream.append('a');
    mapping.start();
    await turns(3);
    expect(mapping.state().problem).toContain('Function not found: dispatcher');
    await clock.advance(3_600_000);
    deployed = true;
    await clock.advance(60_000);
    await turns(3);
    expect([invoker.batches, failures, mapping.state().problem]).toEqual([[[1]], [], '']);
  });

  it('is isolated from 99 neighbours in seven splits', async () => {
    const poison = (records: number[]) => (records.includes(42) ? fail() : undefined);
    const { mapping, stream, invoker, failures, settle } = bench(
      {
        bisectOnError: true,
        maximumRetryAttempts: 0,
        onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q',
      },
      poison,
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

  it.each<[what: string, changed: Partial<Mapping>]>([
    ['of items', { reportBatchItemFailures: true }],
    ['of state', { tumblingWindowSeconds: 60 }],
  ])(
    'in its answer, which cannot be read, comes again without using up retries: %s',
    async (_what, changed) => {
      const { mapping, stream, clock, inFlight, invoker } = bench(
        { maximumRetryAttempts: 0, ...changed },
        () => ({
          state: {},
        }),
      );
      jest
        .spyOn(invoker, 'invoke')
        .mockResolvedValueOnce({ requestId: 'broken', payload: 'no JSON', functionError: undefined });
      mapping.start();
      stream.append('a');
      await turns(3);
      expect(mapping.state()).toMatchObject({
        position: 0,
        problem: expect.stringContaining('not valid JSON') as string,
      });

      await clock.advance(110);
      await turns(3);

      expect([invoker.batches, mapping.state().position, mapping.state().problem]).toEqual([[[1]], 1, '']);
      expect(inFlight.counts()).toEqual({});
    },
  );

  it('to be recorded comes again', async () => {
    const { mapping, stream, clock, inFlight, invoker, journal } = bench({}, () => undefined);
    jest.spyOn(journal, 'append').mockImplementationOnce(() => {
      throw new Error('The disk is full.');
    });
    mapping.start();
    stream.append('a');
    await turns(3);
    expect(mapping.state()).toMatchObject({ position: 0, problem: 'Error: The disk is full.' });

    await clock.advance(110);
    await turns(3);

    expect([invoker.batches, mapping.state().position]).toEqual([[[1], [1]], 1]);
    expect(inFlight.counts()).toEqual({});
  });

  it('to be kept as a place leaves nothing in flight, and the lane goes on with the next change', async () => {
    const { stream, inFlight, ...parts } = bench({}, () => undefined);
    const onDelivered = jest.fn().mockImplementationOnce(() => {
      throw new Error('The disk is full.');
    });
    const deliverFailure = () => Promise.resolve();
    const lane = new StreamLane(
      { ...parts, mapping: mappingOf(), stream, inFlight, deliverFailure },
      { onDelivered, onMoved: () => undefined, isCaughtUp: () => true },
    );
    stream.append('a');
    stream.append('b');
    lane.open();
    lane.push(stream.read(0, 1));
    await turns(3);
    expect([lane.problem, inFlight.counts()]).toEqual(['Error: The disk is full.', {}]);

    lane.push(stream.read(1, 1));
    await parts.clock.advance(110);
    await turns(3);

    expect([parts.invoker.batches, lane.problem, inFlight.counts()]).toEqual([[[1], [2]], '', {}]);
  });
});
