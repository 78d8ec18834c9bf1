import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueMessage } from '../mappings/queue-source.ts';
import { DEAD, LANE, LATER, WORK, setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues();

test('a message wakes the listener and has the form of Lambda’s record', async () => {
  const message = nextMessage(WORK);
  await cloud.queues.sendMessage(WORK, 'hello', { code: 'late', count: 3 });

  expect(await message).toEqual({
    messageId: expect.any(String),
    receiptHandle: expect.any(String),
    body: 'hello',
    md5OfBody: '5d41402abc4b2a76b9719d911017c592',
    md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    attributes: {
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      SenderId: expect.any(String),
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
    },
    messageAttributes: {
      code: { dataType: 'String', stringValue: 'late', stringListValues: [], binaryListValues: [] },
      count: { dataType: 'Number', stringValue: '3', stringListValues: [], binaryListValues: [] },
    },
  });
});

test('a message that was there before the listener wakes it, too', async () => {
  await cloud.queues.sendMessage(WORK, 'early');

  expect((await nextMessage(WORK)).body).toBe('early');
});

test('messages of one turn of the event loop arrive together', async () => {
  const source = cloud.queues.source(WORK);
  const received = new Promise<number>((resolve) => {
    source.onMessage(() => resolve(source.receive(100).length));
  });
  for (let number = 0; number < 25; number++) await cloud.queues.sendMessage(WORK, `message ${number}`);

  expect(await received).toBe(25);
});

test('a message nobody deletes comes back after the visibility timeout, then goes to the dead letters', async () => {
  const source = cloud.queues.source(WORK);
  const counts: (string | undefined)[] = [];
  source.onMessage(() => {
    for (const { attributes } of source.receive(10)) counts.push(attributes['ApproximateReceiveCount']);
  });
  await cloud.queues.sendMessage(WORK, 'poison');
  await untilTrue(() => counts.length === 1);

  await cloud.clock.advance(59_000);
  expect(counts).toEqual(['1']);
  await cloud.clock.advance(1_000);
  await untilTrue(() => counts.length === 2);
  await cloud.clock.advance(60_000);
  await cloud.inFlight.settled();

  expect(counts).toEqual(['1', '2']);
  expect(cloud.bodies(DEAD)).toEqual(['poison']);
});

test('a delayed message wakes the listener when its delay has passed', async () => {
  let woken = 0;
  cloud.queues.source(LATER).onMessage(() => woken++);
  await cloud.queues.sendMessage(LATER, 'patience');
  await untilTrue(() => woken === 1);
  expect(cloud.bodies(LATER)).toEqual([]);

  await cloud.clock.advance(900_000);
  await untilTrue(() => woken === 2);
  expect(cloud.bodies(LATER)).toEqual(['patience']);
});

test('the clock also moves for a queue that nobody listens to', async () => {
  await cloud.queues.sendMessage(LATER, 'patience');
  await cloud.clock.advance(900_000);

  expect(cloud.bodies(LATER)).toEqual(['patience']);
});

test('a message sent after the clock moved is not received early', async () => {
  await cloud.clock.advance(3_600_000);
  await cloud.queues.sendMessage(LATER, 'patience');

  expect(cloud.bodies(LATER)).toEqual([]);
});

test('the next message of a FIFO group wakes the listener when the one before is deleted', async () => {
  for (const MessageBody of ['first', 'second']) {
    await cloud.sqs.send(
      new SendMessageCommand({ QueueUrl: cloud.queueUrl('lane.fifo'), MessageBody, MessageGroupId: 'g' }),
    );
  }
  const source = cloud.queues.source(LANE);
  const order: string[] = [];
  source.onMessage(() => {
    for (const { body, receiptHandle } of source.receive(10)) {
      order.push(body);
      source.delete([receiptHandle]);
    }
  });
  await cloud.inFlight.settled();

  expect(order).toEqual(['first', 'second']);
});

describe('a FIFO queue', () => {
  const send = async (MessageGroupId: string, ...bodies: string[]) => {
    for (const MessageBody of bodies) {
      const QueueUrl = cloud.queueUrl('lane.fifo');
      await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));
    }
  };
  const receive = (max = 10) => cloud.queues.source(LANE).receive(max);
  const remove = (messages: readonly QueueMessage[]) =>
    cloud.queues.source(LANE).delete(messages.map(({ receiptHandle }) => receiptHandle));
  const bodies = (messages: readonly QueueMessage[]) => messages.map(({ body }) => body);

  test('hands out several messages of a group together, in order, and no more until they are gone', async () => {
    await send('a', 'a1', 'a2', 'a3', 'a4');

    const first = receive(3);
    expect(bodies(first)).toEqual(['a1', 'a2', 'a3']);
    remove(first.slice(0, 2));
    expect(receive()).toEqual([]);
    remove(first.slice(2));
    expect(bodies(receive())).toEqual(['a4']);
  });

  test('hands out other groups while one is under way', async () => {
    await send('a', 'a1', 'a2');
    expect(bodies(receive(1))).toEqual(['a1']);
    await send('b', 'b1', 'b2');

    expect(bodies(receive())).toEqual(['b1', 'b2']);
  });

  test('hands messages out again in order when they come back one after the other', async () => {
    await send('a', 'a1', 'a2', 'a3');
    for (const [place, { receiptHandle: ReceiptHandle }] of receive().entries()) {
      const QueueUrl = cloud.queueUrl('lane.fifo');
      const VisibilityTimeout = 5 + place * 5;
      await cloud.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      );
    }

    for (let second = 0; second < 14; second += 7) {
      await cloud.clock.advance(7_000);
      expect(receive()).toEqual([]);
    }
    await cloud.clock.advance(7_000);

    expect(bodies(receive())).toEqual(['a1', 'a2', 'a3']);
  });

  test('hands messages out again in order when they come back together', async () => {
    await send('a', 'a1', 'a2', 'a3');
    expect(bodies(receive())).toEqual(['a1', 'a2', 'a3']);

    await cloud.clock.advance(30_000);

    const again = receive();
    expect(bodies(again)).toEqual(['a1', 'a2', 'a3']);
    expect(again.map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['2', '2', '2']);
  });
});

test('a message is in flight from sending to deletion while someone listens', async () => {
  const source = cloud.queues.source(WORK);
  await cloud.queues.sendMessage(WORK, 'before');
  expect(cloud.inFlight.counts()).toEqual({});
  const end = source.onMessage(() => undefined);
  await cloud.queues.sendMessage(WORK, 'after');
  expect(cloud.inFlight.counts()).toEqual({ message: 2 });

  const [first] = source.receive(1);
  source.delete([first!.receiptHandle]);
  expect(cloud.inFlight.counts()).toEqual({ message: 1 });

  end();
  expect(cloud.inFlight.counts()).toEqual({});
});

/** Resolves with the next message of a queue, woken by its arrival. */
function nextMessage(queueArn: string): Promise<QueueMessage> {
  const source = cloud.queues.source(queueArn);
  return new Promise((resolve) => {
    const end = source.onMessage(() => {
      const [message] = source.receive(1);
      if (!message) return;
      end();
      resolve(message);
    });
  });
}

/** Waits, a turn of the event loop at a time, until `condition` holds. */
async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
