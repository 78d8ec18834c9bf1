import { clearNotices } from './notices.ts';
import { MemoryObjects, MemoryQueue } from './testing/memory.ts';

const notice = (...keys: string[]) => ({
  Records: keys.map((key) => ({ eventName: 'ObjectCreated:Put', s3: { object: { key } } })),
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

  await clearNotices(queue, objects);

  expect(queue.messages.map(({ id }) => id)).toEqual(['message-2', 'message-3']);
  expect(queue.held.size).toBe(0);
});
