import { PublishCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';
import { DEAD, LANE, LATER, NEWS, WORK, setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues({ kept: true });

const urlOf = (name: string) => cloud.queueUrl(name);
const send = (name: string, MessageBody: string, MessageGroupId?: string) =>
  cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: urlOf(name),
      MessageBody,
      ...(MessageGroupId !== undefined && { MessageGroupId }),
    }),
  );
const receive = async (name: string, MaxNumberOfMessages = 10) => {
  const { Messages = [] } = await cloud.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: urlOf(name),
      MaxNumberOfMessages,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
};
const bodies = async (name: string) => (await receive(name)).map(({ Body }) => Body);
const remove = (name: string, ReceiptHandle: string | undefined) =>
  cloud.sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf(name), ReceiptHandle }));

/** Waits until all that was done is in the files. */
async function written(): Promise<void> {
  await cloud.queues.sendMessage(LATER, 'all before this is written');
}

describe('a message that was acknowledged survives a crash', () => {
  it.each([
    ['from the endpoint', () => send('work', 'one')],
    [
      'in a batch',
      () =>
        cloud.sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: urlOf('work'),
            Entries: [{ Id: 'a', MessageBody: 'one' }],
          }),
        ),
    ],
    ['from inside', () => cloud.queues.sendMessage(WORK, 'one')],
    ['by a topic', () => cloud.sns.send(new PublishCommand({ TopicArn: NEWS, Message: 'one' }))],
    ['by a topic, from inside', () => cloud.queues.publish(NEWS, 'one')],
  ])('%s', async (_how, act) => {
    await act();
    cloud.crash();

    expect(await bodies('work')).toEqual(['one']);
  });

  it('whole, with its attributes and when it was sent', async () => {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'greeting' } };
    await cloud.sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf('work'), MessageBody: 'hello', MessageAttributes }),
    );
    const [before] = cloud.queues.source(WORK).receive(1);
    await written();
    cloud.crash();

    const [after] = cloud.queues.source(WORK).receive(1);

    expect(after).toEqual({
      ...before,
      receiptHandle: expect.any(String),
      attributes: { ...before!.attributes, ApproximateFirstReceiveTimestamp: expect.any(String) },
    });
  });

  it('in the order in which messages were sent, and as often as it crashes', async () => {
    for (const body of ['one', 'two', 'three']) await send('work', body);
    for (let i = 0; i < 3; i++) cloud.crash();

    expect(await bodies('work')).toEqual(['one', 'two', 'three']);
  });
});

describe('a received message', () => {
  it('stays hidden from others for as long as it was, by the cloud’s clock', async () => {
    await send('work', 'one');
    await receive('work');
    await cloud.clock.advance(40_000);
    cloud.crash();

    await cloud.clock.advance(19_000);
    expect(await bodies('work')).toEqual([]);
    await cloud.clock.advance(1_500);
    expect(await receive('work')).toMatchObject([
      { Body: 'one', Attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });

  it('is deleted by the receipt handle from before', async () => {
    await send('work', 'one');
    const [message] = await receive('work');
    cloud.crash();

    await remove('work', message?.ReceiptHandle);
    await cloud.clock.advance(61_000);

    expect(await bodies('work')).toEqual([]);
  });

  it('keeps the visibility that was set', async () => {
    await send('work', 'one');
    const [message] = await receive('work');
    const change = (VisibilityTimeout: number) =>
      cloud.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urlOf('work'),
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(600);
    cloud.crash();
    await cloud.clock.advance(61_000);
    expect(await bodies('work')).toEqual([]);

    await change(0);
    cloud.crash();
    expect(await bodies('work')).toEqual(['one']);
  });

  it('is gone when it was deleted', async () => {
    await send('work', 'one');
    await remove('work', (await receive('work'))[0]?.ReceiptHandle);
    await written();
    cloud.crash();
    await cloud.clock.advance(61_000);

    expect(await bodies('work')).toEqual([]);
  });

  it('is there at once when it was a mapping that held it, as if it had not been received', async () => {
    await send('work', 'one');
    expect(cloud.bodies(WORK)).toEqual(['one']);
    await written();
    cloud.crash();

    expect(await receive('work')).toMatchObject([{ Attributes: { ApproximateReceiveCount: '1' } }]);
  });
});

it('a message goes to the dead letters once, after receives before and after a crash', async () => {
  await send('work', 'poison');
  await receive('work');
  cloud.crash();
  await cloud.clock.advance(61_000);
  await receive('work');
  await cloud.clock.advance(61_000);
  expect(await bodies('work')).toEqual([]);
  cloud.crash();

  await cloud.clock.advance(61_000);
  expect(await bodies('work')).toEqual([]);
  expect(await receive('dead')).toMatchObject([
    { Body: 'poison', Attributes: { ApproximateReceiveCount: '4' } },
  ]);
});

describe('what becomes of messages is the same wherever it crashes', () => {
  let held: string | undefined;
  const steps: readonly (() => Promise<unknown>)[] = [
    () => Promise.all(['slow', 'poison'].map((body) => send('work', body))),
    () => send('later', 'patience'),
    async () => {
      const received = await receive('work', 1);
      held = received[0]?.ReceiptHandle;
    },
    () =>
      cloud.sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urlOf('work'),
          ReceiptHandle: held,
          VisibilityTimeout: 600,
        }),
      ),
    () => receive('work'),
    () => cloud.clock.advance(61_000),
    () => receive('work'),
    () => cloud.clock.advance(61_000),
    () => receive('work'),
    () => send('lane.fifo', 'first', 'g'),
    () => send('lane.fifo', 'second', 'g'),
    () => receive('lane.fifo', 1),
    () => cloud.clock.advance(10_000),
    async () => {
      await remove('work', held);
      await written();
    },
  ];
  const places: [string, (step: number) => boolean][] = [
    ['nowhere', () => false],
    ['after every step', () => true],
    ...steps.map((_, at): [string, (step: number) => boolean] => [
      `after step ${at + 1}`,
      (step) => step === at,
    ]),
  ];

  it.each(places)('%s', async (_where, crashes) => {
    for (const [number, step] of steps.entries()) {
      await step();
      if (crashes(number)) cloud.crash();
    }

    expect(await bodies('lane.fifo')).toEqual([]);
    await cloud.clock.advance(21_000);
    expect(await receive('lane.fifo')).toMatchObject([
      { Body: 'first', Attributes: { ApproximateReceiveCount: '2' } },
      { Body: 'second', Attributes: { ApproximateReceiveCount: '1' } },
    ]);
    expect(await bodies('later')).toEqual([]);
    await cloud.clock.advance(900_000);
    expect(await bodies('work')).toEqual([]);
    expect(await receive('dead')).toMatchObject([
      { Body: 'poison', Attributes: { ApproximateReceiveCount: '4' } },
    ]);
    expect((await bodies('later')).sort()).toEqual(['all before this is written', 'patience']);
  });
});

it('a delayed message comes when its delay has passed, by the cloud’s clock', async () => {
  await cloud.clock.advance(3_600_000);
  await send('later', 'patience');
  await cloud.clock.advance(600_000);
  cloud.crash();

  await cloud.clock.advance(299_000);
  expect(cloud.bodies(LATER)).toEqual([]);
  await cloud.clock.advance(1_500);
  expect(cloud.bodies(LATER)).toEqual(['patience']);
});

it('a purged queue stays empty', async () => {
  for (const body of ['one', 'two']) await send('work', body);
  await receive('work', 1);
  await cloud.sqs.send(new PurgeQueueCommand({ QueueUrl: urlOf('work') }));
  cloud.crash();
  await cloud.clock.advance(61_000);

  expect(await bodies('work')).toEqual([]);
});

it('a listener that comes after the crash is woken, and what it is woken for is in flight', async () => {
  await send('work', 'one');
  cloud.crash();

  const source = cloud.queues.source(WORK);
  const body = await new Promise((resolve) =>
    source.onMessage(() => {
      expect(cloud.inFlight.counts()).toEqual({ message: 1 });
      const [message] = source.receive(1);
      if (message) source.delete([message.receiptHandle]);
      resolve(message?.body);
    }),
  );

  expect(body).toBe('one');
  expect(cloud.inFlight.counts()).toEqual({});
});

describe('a FIFO queue', () => {
  it('gives no message of a group while one before it is held', async () => {
    for (const [body, group] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      await send('lane.fifo', body, group);
    const [first] = await receive('lane.fifo', 1);
    cloud.crash();

    expect(await bodies('lane.fifo')).toEqual(['b1']);
    await remove('lane.fifo', first?.ReceiptHandle);
    expect(await bodies('lane.fifo')).toEqual(['a2']);
  });

  it('gives a group in order again after a mapping had part of it', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send('lane.fifo', body, 'a');
    expect(cloud.queues.source(LANE).receive(2)).toHaveLength(2);
    await written();
    cloud.crash();

    expect(cloud.bodies(LANE)).toEqual(['a1', 'a2', 'a3']);
  });

  it('numbers messages on, and takes none twice within five minutes, also when it is gone', async () => {
    const first = await send('lane.fifo', 'a1', 'a');
    await remove('lane.fifo', (await receive('lane.fifo'))[0]?.ReceiptHandle);
    await written();
    await cloud.clock.advance(200_000);
    cloud.crash();

    const again = await send('lane.fifo', 'a1', 'a');
    expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(await bodies('lane.fifo')).toEqual([]);

    await cloud.clock.advance(100_000);
    cloud.crash();
    const later = await send('lane.fifo', 'a1', 'a');
    expect(BigInt(later.SequenceNumber!)).toBeGreaterThan(BigInt(first.SequenceNumber!));
    expect(await bodies('lane.fifo')).toEqual(['a1']);
  });
});

it('what a queue held that the stack has no more is forgotten', async () => {
  await send('work', 'one');
  cloud.crash((folder) => {
    const journal = new Journal(join(folder, 'journal.sqlite'));
    const [[, value] = []] = journal.entries('message');
    journal.put('message', 'gone/1', value);
    journal.close();
  });
  await written();
  const journal = new Journal(join(cloud.folder(), 'journal.sqlite'));
  const left = journal.entries('message').map(([key]) => key.split('/')[0]);
  journal.close();

  expect(left).toEqual(['work', 'later']);
});

describe('a start that can’t read what was kept says so in one line, with the remedy', () => {
  it.each([
    ['a message', 'message', 'work/1', { body: 1 }],
    ['a deduplication id', 'deduplication', 'lane.fifo/1', 'yesterday'],
    ['a sequence', 'sequence', 'lane.fifo', 'first'],
  ] as const)('%s', (_what, kind, key, value) => {
    const damage = (folder: string) => {
      const journal = new Journal(join(folder, 'journal.sqlite'));
      journal.put(kind, key, value);
      journal.close();
    };

    expect(() => cloud.crash(damage)).toThrow(
      `The state holds a ${kind} that can't be read, ${key}: start with --fresh`,
    );
  });
});

it('dead letters are where they were', async () => {
  await cloud.queues.sendMessage(DEAD, 'lost');
  cloud.crash();

  expect(cloud.bodies(DEAD)).toEqual(['lost']);
});
