import { archiveFolder } from '@orderstream/domain';
import { paint } from '../output.ts';
import type { Bucket } from './bucket.ts';
import { archivedChangeSchema, eachObject, listed, parsedLine, type ArchivedChange } from './lines.ts';

/** Versions that can be a time: from 2015 to a day from now. Others say nothing of when an order was first written. */
const EARLIEST_MS = Date.UTC(2015, 0, 1);
const HOUR_MS = 3_600_000;

/** Fields that every write changes, and that say nothing. */
const HOUSEKEEPING = ['itemVersion', 'updatedAt', 'updatedBy'];

/**
 * Key behind which all changes of an order lie: its version began as the epoch milliseconds of its first write and rose by
 * one at each of the few since. Undefined where that cannot be told, so that everything is looked through.
 */
export function behindKey(itemVersion: unknown, now: number): string | undefined {
  if (typeof itemVersion !== 'number') return undefined;
  if (itemVersion < EARLIEST_MS || itemVersion > now + 24 * HOUR_MS) return undefined;
  // An hour more, for clocks that differ.
  const from = new Date(Math.min(itemVersion, now) - HOUR_MS).toISOString();
  return archiveFolder('orders', from);
}

/** All that the archive holds of an order, in the order in which it happened. */
export async function readHistory(
  bucket: Pick<Bucket, 'list' | 'read'>,
  orderId: string,
  options: { after: string | undefined; signal: AbortSignal },
): Promise<ArchivedChange[]> {
  const objects = await listed(bucket.list(archiveFolder('orders'), options.after));
  const found: ArchivedChange[] = [];
  await eachObject(bucket, objects, options.signal, (_, text) => {
    found.push(...changesOf(text, orderId));
  });
  return inOrder(found);
}

/** The order's changes in an object's text. Only lines that name it are parsed at all. */
export function changesOf(text: string, orderId: string): ArchivedChange[] {
  const name = JSON.stringify(orderId);
  if (!text.includes(name)) return [];
  return text.split('\n').flatMap((line) => {
    const read = line.includes(name) ? archivedChangeSchema.safeParse(parsedLine(line)) : undefined;
    return read?.success && read.data.key['orderId'] === orderId ? [read.data] : [];
  });
}

/** Every change once, by version; by time where one has no version. */
export function inOrder(changes: readonly ArchivedChange[]): ArchivedChange[] {
  const once = [...new Map(changes.map((change) => [change.eventId, change])).values()];
  const versions = once.every(({ itemVersion }) => itemVersion !== undefined);
  const compare = (a: ArchivedChange, b: ArchivedChange) =>
    (versions ? (a.itemVersion ?? 0) - (b.itemVersion ?? 0) : 0) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  return once.sort(compare);
}

/** A line a change: when, by whom, what became of the status, which fields changed. */
export function historyText(changes: readonly ArchivedChange[], full: boolean): string {
  const width = Math.max(0, ...changes.map(({ who }) => who.length));
  const moves = changes.map(moveOf);
  const moveWidth = Math.max(0, ...moves.map((move) => move.length));
  return changes
    .map((change, index) => {
      const fields = change.changed.filter((name) => name !== 'status' && !HOUSEKEEPING.includes(name));
      const told = change.kind === 'MODIFY' ? fields.join(', ') : '';
      const move = moves[index] ?? '';
      const gap = told === '' ? '' : ' '.repeat(moveWidth - move.length + 2);
      const line = `  ${change.at}  ${change.who.padEnd(width)}  ${paint('cyan', move)}${gap}${told}`;
      return full ? `${line}\n${imagesText(change)}` : line;
    })
    .join('\n');
}

function moveOf({ kind, old, new: now }: ArchivedChange): string {
  const [from, to] = [old?.['status'], now?.['status']].map((status) => String(status ?? '?'));
  if (kind === 'INSERT') return `new, ${to}`;
  if (kind === 'REMOVE') return `removed, was ${from}`;
  if (now?.['forgottenAt'] !== undefined && old?.['forgottenAt'] === undefined) return `${to}, forgotten`;
  return from === to ? `${to}` : `${from} → ${to}`;
}

function imagesText(change: ArchivedChange): string {
  const images = [
    ['old', change.old],
    ['new', change.new],
  ] as const;
  return images
    .filter(([, image]) => image !== undefined)
    .map(([name, image]) => `    ${name} ${JSON.stringify(image)}`)
    .join('\n');
}
