import { clearNotices } from './notices.ts';
import { MemoryObjects, MemoryQueue } from './testing/memory.ts';

const notice = (...keys: string[]) => ({
  Records: keys.map((key) => ({ eventName: 'ObjectCreated:Put', s3: { object: { key } } })),
});

it('notices wait where it is late', async () => {
  const queue = new MemoryQueue();
  for (let count = 0; count < 30; count += 1) queue.send(notice('gone'));
  const times = [false, false, false, true];

  await clearNotices(queue, new MemoryObjects(), () => times.shift() ?? true);
  await clearNotices(queue, new MemoryObjects(), () => true);

  expect(queue.messages.length).toBeGreaterThan(0);
  expect(queue.held.size).toBe(0);
});

it('notices go with their objects, and those of objects that wait stay', async () => {
  const objects = new MemoryObjects();
  const queue = new MemoryQueue();
  objects.texts.set('quarantine/a b/1.json', '');
  const waiting = notice('quarantine/a+b/1.json');
  queue.send(notice('quarantine/a%20b/2.json'));
  queue.send(waiting);
  queue.send(notice('gone', 'quarantine/a%20b/1.json'));
  queue.send({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'letters' });
  queue.send('no JSON');

  await clearNotices(queue, objects, () => false);

  expect(queue.messages.map(({ id }) => id)).toEqual(['message-2', 'message-3']);
  expect(queue.held.size).toBe(0);
});
