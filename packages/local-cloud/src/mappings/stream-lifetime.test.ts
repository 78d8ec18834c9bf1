import { MovableClock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import type { Mapping } from '../stack/model.ts';
import { ChangeLog } from '../tables/change-log.ts';
import { imageOf } from '../tables/image.ts';
import { positionOf } from '../tables/stream-record.ts';
import { aStream, aTable } from '../tables/tables.fixture.ts';
import type { FailureMessage } from './failure-message.ts';
import { type BatchEvent, CallbackInvoker, fail, mappingOf, turns } from './mappings.fixture.ts';
import { StreamMapping } from './stream-mapping.ts';

const HOUR = 3_600_000;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A mapping over a table's real stream, which drops what is older than 24 hours by the clock. */
function bench(changed: Partial<Mapping>, behaviour: ConstructorParameters<typeof CallbackInvoker>[0]) {
  const clock = new MovableClock();
  const journal = new Journal(':memory:');
  const inFlight = new InFlight();
  const stream = new ChangeLog({
    table: aTable('orders'),
    stream: aStream('orders'),
    region: 'eu-central-1',
    clock,
    journal,
  });
  const failures: FailureMessage[] = [];
  const invoker = new CallbackInvoker(behaviour);
  const mapping = new StreamMapping({
    mapping: mappingOf({ onFailureDestination: 'arn:aws:sqs:eu-central-1:0:q', ...changed }),
    stream,
    invoker,
    deliverFailure: async (_arn, message) => void failures.push(message),
    clock,
    inFlight,
    journal,
  });
  ends.push(() => {
    mapping.stop();
    clock.stop();
    journal.close();
  });
  const append = (...ids: string[]) => {
    for (const id of ids)
      stream.append({
        key: { id: { S: id } },
        before: imageOf(undefined),
        after: imageOf({ id: { S: id } }),
      });
  };
  const invoked = () =>
    invoker.payloads.map((payload) =>
      (JSON.parse(payload) as { Records: { dynamodb: { SequenceNumber: string } }[] }).Records.map(
        ({ dynamodb }) => positionOf(dynamodb.SequenceNumber),
      ),
    );
  const given = () =>
    failures.map(({ body }) => {
      const { requestContext, responseContext, DDBStreamBatchInfo } = JSON.parse(body) as {
        requestContext: { condition: string };
        responseContext?: unknown;
        DDBStreamBatchInfo: { startSequenceNumber: string; batchSize: number };
      };
      return [
        requestContext.condition,
        positionOf(DDBStreamBatchInfo.startSequenceNumber),
        DDBStreamBatchInfo.batchSize,
        responseContext,
      ];
    });
  const hoursPass = async (hours: number) => {
    await clock.advance(hours * HOUR);
    await turns(3);
  };
  return { mapping, append, hoursPass, invoked, given, inFlight };
}

describe('changes that the stream has dropped', () => {
  it.each<[what: string, behaviour: () => unknown]>([
    ['fails', fail],
    [
      'is throttled',
      () => {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      },
    ],
    [
      'is missing',
      () => {
        throw new AwsError('ResourceNotFoundException', 'Function not found: dispatcher', 404);
      },
    ],
  ])(
    'are given up though neither retries nor age have a limit: the function %s',
    async (_what, behaviour) => {
      const { mapping, append, hoursPass, given, inFlight } = bench({}, behaviour);
      append('a', 'b');
      mapping.start();
      await hoursPass(23);
      expect([given(), mapping.state().position]).toEqual([[], 0]);

      append('c');
      await hoursPass(2);

      expect(given()).toEqual([['RecordAgeExceeded', 1, 2, undefined]]);
      expect(mapping.state().position).toBe(2);
      mapping.pause();
      await inFlight.settled();
    },
  );

  it('are given up one half after the other while a batch is bisected', async () => {
    const { mapping, append, hoursPass, given, invoked } = bench({ bisectOnError: true }, fail);
    append('a', 'b');
    mapping.start();
    await turns(3);
    await hoursPass(25);

    expect(invoked().slice(0, 3)).toEqual([[1, 2], [1], [1]]);
    expect(given()).toEqual([
      ['RecordAgeExceeded', 1, 1, undefined],
      ['RecordAgeExceeded', 2, 1, undefined],
    ]);
  });

  it('are given up when they were read before a pause, and passed over when they were not', async () => {
    const failing = (_records: number[], event: BatchEvent) =>
      event.Records[0]!.dynamodb.Keys['id']!['S'] === 'b' ? fail() : undefined;
    const { mapping, append, hoursPass, given, invoked, inFlight } = bench({ batchSize: 1 }, failing);
    mapping.start();
    append('a', 'b');
    await turns(3);
    mapping.pause();
    append('c', 'd');
    await hoursPass(25);
    append('e');

    mapping.resume();
    await inFlight.settled();

    expect(invoked()).toEqual([[1], [2], [5]]);
    expect(given()).toEqual([['RecordAgeExceeded', 2, 1, undefined]]);
    expect(mapping.state()).toMatchObject({
      position: 5,
      behind: 0,
      problem: 'The stream dropped 2 changes, 24 hours old, before they were read',
    });
  });

  it('leave the younger ones of their batch to be delivered', async () => {
    const { mapping, append, hoursPass, given, invoked } = bench({}, fail);
    append('a');
    await hoursPass(12);
    append('b');
    mapping.start();
    await turns(3);
    expect(invoked()).toEqual([[1, 2]]);

    await hoursPass(13);

    expect(given()).toEqual([['RecordAgeExceeded', 1, 1, undefined]]);
    expect(invoked().at(-1)).toEqual([2]);
  });

  it('are no problem to a mapping that starts after them', async () => {
    const { mapping, append, hoursPass, invoked, inFlight } = bench({}, () => undefined);
    append('a');
    await hoursPass(25);
    append('b');
    mapping.start();
    await inFlight.settled();

    expect(invoked()).toEqual([[2]]);
    expect(mapping.state().problem).toBe('');
  });
});
