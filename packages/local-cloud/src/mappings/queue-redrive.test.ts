import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Invoker } from '../functions/invoker.ts';
import { DEAD, LANE, setUpQueues, WORK } from '../queues/setup.fixture.ts';
import type { Mapping } from '../stack/model.ts';
import { mappingOf, MemoryJournal, turn, turns } from './mappings.fixture.ts';
import { QueueMapping } from './queue-mapping.ts';

const cloud = setUpQueues();

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const running: QueueMapping[] = [];
afterEach(() => {
  for (const mapping of running.splice(0)) mapping.stop();
});

/** A mapping over a queue of SQS; the function answers with what `answer` returns, or fails where that is `fail`. */
function start(arn: string, answer: (records: SqsRecord[]) => unknown, changed: Partial<Mapping> = {}) {
  const invoker: Invoker = {
    async invoke(_name, payload) {
      const result = await answer((JSON.parse(payload) as { Records: SqsRecord[] }).Records);
      const functionError = result === 'fail' ? ('Unhandled' as const) : undefined;
      return { requestId: 'request', payload: JSON.stringify(result ?? null), functionError };
    },
  };
  const mapping = new QueueMapping({
    mapping: mappingOf({ sourceArn: arn, batchSize: 10, ...changed }),
    queue: () => cloud.queues.source(arn),
    invoker,
    clock: cloud.clock,
    inFlight: cloud.inFlight,
    journal: new MemoryJournal(),
  });
  running.push(mapping);
  mapping.start();
}

/** Moves the clock until no message is left and nothing is under way. */
async function settle(): Promise<void> {
  let settled = false;
  void cloud.inFlight.settled().then(() => (settled = true));
  while (!settled) {
    await cloud.clock.advance(1_000);
    await turn();
  }
}

it('a message that always fails is received as often as its queue allows, then is dead under its own id', async () => {
  const seen: [string, string | undefined][] = [];
  start(WORK, (records) => {
    for (const { messageId, attributes } of records)
      seen.push([messageId, attributes['ApproximateReceiveCount']]);
    return 'fail';
  });
  await cloud.queues.sendMessage(WORK, 'poison');
  await settle();

  const id = seen[0]![0];
  expect(seen).toEqual([
    [id, '1'],
    [id, '2'],
  ]);
  expect(cloud.queues.source(DEAD).receive(10)).toMatchObject([{ messageId: id, body: 'poison' }]);
});

describe('a FIFO queue', () => {
  const send = async (group: string, ...bodies: string[]) => {
    for (const MessageBody of bodies) {
      const QueueUrl = cloud.queueUrl('lane.fifo');
      await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: group }));
    }
  };

  it('gives a batch with all its messages in order, and again from the first that is reported as failed', async () => {
    const batches: string[][] = [];
    await send('a', '1', '2', '3', '4');
    start(
      LANE,
      (records) => {
        batches.push(records.map(({ body }) => body));
        const failed = batches.length === 1 ? records.slice(1) : [];
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      { reportBatchItemFailures: true },
    );
    await settle();

    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', '4'],
    ]);
  });

  it('has one batch of a group under way at a time, in order, also when some fail', async () => {
    const handled = new Map<string, string[]>();
    const underWay = new Set<string>();
    const twice: string[] = [];
    let calls = 0;
    for (const group of ['a', 'b', 'c'])
      await send(group, ...Array.from({ length: 12 }, (_, n) => `${group}${n}`));
    start(
      LANE,
      async (records) => {
        const groups = new Set(records.map(({ attributes }) => attributes['MessageGroupId']!));
        for (const group of groups) {
          if (underWay.has(group)) twice.push(group);
          underWay.add(group);
        }
        await turns(++calls % 4);
        for (const group of groups) underWay.delete(group);
        if (calls % 3 === 0) return 'fail';
        for (const { body, attributes } of records) {
          const group = attributes['MessageGroupId']!;
          handled.set(group, [...(handled.get(group) ?? []), body]);
        }
        return undefined;
      },
      { batchSize: 4 },
    );
    await settle();

    expect(twice).toEqual([]);
    for (const group of ['a', 'b', 'c'])
      expect(handled.get(group)).toEqual(Array.from({ length: 12 }, (_, n) => `${group}${n}`));
  });
});
