import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { AUDIT, LATER, setUpQueues, WORK } from './setup.fixture.ts';

const cloud = setUpQueues();

test('what is held counts messages that wait, are in flight, are delayed or of a group, and objects once', async () => {
  const { queues } = cloud;
  for (const body of ['1', '2', '3']) await queues.sendMessage(WORK, body);
  const [first] = queues.source(WORK).receive(2);
  queues.source(WORK).delete([String(first?.receiptHandle)]);
  await queues.sendMessage(LATER, 'later');
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: cloud.queueUrl('lane.fifo'),
      MessageBody: 'ordered',
      MessageGroupId: 'a',
    }),
  );
  for (const body of ['old', 'new']) await queues.putObject(AUDIT, 'key', body, 'text/plain');
  await queues.putObject(AUDIT, 'other', 'x'.repeat(100_000), 'text/plain');

  const { messages, objects } = queues.held();

  expect([messages, objects.count]).toEqual([4, 2]);
  expect(objects.bytes).toBeGreaterThan(100_000);
});
