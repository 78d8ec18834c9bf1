import { parsed, record } from '../json.ts';
import type { Objects } from './ordered-objects.ts';
import { receiveAll, type Queue, type QueueMessage } from './queue.ts';

const MOST = { messages: 5_000, characters: 10_000_000 };
const CONCURRENCY = 8;

/**
 * Removes the notices whose object is gone, so that the alarm rings for those that wait and no longer than they do. What
 * announces no object, such as S3's own test message, goes, too.
 *
 * @param isLate whether the time for it is over: the rest goes another time.
 */
export async function clearNotices(
  queue: Queue,
  objects: Pick<Objects, 'has'>,
  isLate: () => boolean,
): Promise<void> {
  if (isLate()) return;
  const { messages: waiting } = await receiveAll(queue, { ...MOST, isLate });
  const stay: QueueMessage[] = [];
  const look = async (): Promise<void> => {
    for (
      let notice = waiting.shift();
      notice !== undefined;
      notice = isLate() ? undefined : waiting.shift()
    ) {
      const there = await Promise.all(keysIn(notice.body).map((key) => objects.has(key)));
      if (there.includes(true)) stay.push(notice);
      else await queue.remove(notice);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, look));
  } finally {
    await queue.giveBack([...stay, ...waiting]);
  }
}

/**
 * The keys of the objects that a notice announces; in notices they are URL-encoded.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function keysIn(notice: string): string[] {
  const { Records } = record(parsed(notice));
  return (Array.isArray(Records) ? Records : []).flatMap((one) => {
    const { key } = record(record(record(one)['s3'])['object']);
    return typeof key === 'string' ? [decodeURIComponent(key.replaceAll('+', ' '))] : [];
  });
}
