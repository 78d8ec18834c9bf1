import * as z from 'zod';
import { paced } from '../pace.ts';
import type { Bucket, Listed } from './bucket.ts';

/** Objects that are read at once. */
const CONCURRENCY = 8;

const image = z.record(z.string(), z.unknown());

/** A line of the archive, as far as it is read here. */
export const archivedChangeSchema = z.object({
  eventId: z.string(),
  table: z.string(),
  kind: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  at: z.string(),
  who: z.string(),
  key: image,
  itemVersion: z.number().optional(),
  changed: z.array(z.string()),
  old: image.optional(),
  new: image.optional(),
});
export type ArchivedChange = z.infer<typeof archivedChangeSchema>;

/** The lines of an object as JSON values; a line that is none is undefined. */
export function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parsedLine);
}

export function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads the objects, several at once, and hands each over; one that is gone meanwhile is passed over. */
export async function eachObject(
  bucket: Pick<Bucket, 'read'>,
  objects: readonly Listed[],
  signal: AbortSignal,
  work: (object: Listed, text: string) => Promise<void> | void,
): Promise<void> {
  await paced(objects, { perSecond: undefined, concurrency: CONCURRENCY, signal }, async (object) => {
    const read = await bucket.read(object.key);
    if (read !== undefined) await work({ key: object.key, etag: read.etag }, read.text);
  });
}

export async function listed(objects: AsyncIterable<Listed>): Promise<Listed[]> {
  const all: Listed[] = [];
  for await (const object of objects) all.push(object);
  return all;
}
