import {
  archiveFolder,
  customersNamed,
  forgottenLine,
  isForgotten,
  type Forgetting,
} from '@orderstream/domain';
import type { Bucket, Listed } from '../archive/bucket.ts';
import { eachObject, linesOf, listed, parsedLine } from '../archive/lines.ts';
import { UsageError } from '../errors.ts';

/** Where lines of orders lie; what nobody could read may lie under a table that is not known. */
const FOLDERS = [archiveFolder('orders'), archiveFolder('unknown')];

/** Tries to rewrite an object that is written by somebody else meanwhile. */
const TRIES = 5;

type ArchiveBucket = Pick<Bucket, 'list' | 'read' | 'replace'>;

/** What the archive knows of a customer; it is looked through again and again, each object once in each state. */
export class CustomerInArchive {
  /** Orders of the customer that some line names. */
  readonly orders = new Set<string>();
  /** Orders, of any customer, whose forgetting has arrived. */
  readonly forgotten = new Set<string>();
  /** Orders, of any customer, whose removal from the table has arrived. */
  readonly removed = new Set<string>();
  readonly #bucket: ArchiveBucket;
  readonly #customerId: string;
  readonly #seen = new Map<string, string>();

  constructor(bucket: ArchiveBucket, customerId: string) {
    this.#bucket = bucket;
    this.#customerId = customerId;
  }

  /** Reads what came since the last look. */
  async look(signal: AbortSignal): Promise<void> {
    const objects = await objectsOfOrders(this.#bucket);
    const fresh = objects.filter(({ key, etag }) => this.#seen.get(key) !== etag);
    await eachObject(this.#bucket, fresh, signal, (object, text) => {
      for (const line of linesOf(text)) this.#note(line);
      this.#seen.set(object.key, object.etag);
    });
  }

  #note(line: unknown): void {
    const orderId = orderIdOf(line);
    if (orderId === undefined) return;
    if (customersNamed(line).has(this.#customerId)) this.orders.add(orderId);
    if (isForgotten(fieldOf(line, 'new'))) this.forgotten.add(orderId);
    if (fieldOf(line, 'kind') === 'REMOVE') this.removed.add(orderId);
  }
}

/** Takes the customer out of every object. Answers what was rewritten; running it again rewrites nothing. */
export async function cleanArchive(
  bucket: ArchiveBucket,
  forgetting: Forgetting,
  signal: AbortSignal,
): Promise<{ objects: number; lines: number }> {
  const marks = [forgetting.customerId, ...forgetting.forgotten].map((id) => JSON.stringify(id));
  let objects = 0;
  let lines = 0;
  await eachObject(bucket, await objectsOfOrders(bucket), signal, async ({ key, etag }, text) => {
    if (!marks.some((mark) => text.includes(mark))) return;
    const cleaned = await cleanObject(bucket, key, { text, etag }, forgetting);
    lines += cleaned;
    if (cleaned > 0) objects += 1;
  });
  return { objects, lines };
}

async function cleanObject(
  bucket: ArchiveBucket,
  key: string,
  first: { readonly text: string; readonly etag: string },
  forgetting: Forgetting,
): Promise<number> {
  let read: typeof first | undefined = first;
  for (let tries = 0; tries < TRIES && read !== undefined; tries += 1) {
    const { text, lines } = cleanText(read.text, forgetting);
    if (lines === 0 || (await bucket.replace(key, text, read.etag))) return lines;
    read = await bucket.read(key);
  }
  if (read === undefined) return 0;
  throw new UsageError(`The object ${key} is being written by somebody else. Run orders forget again.`, 1);
}

/** A text of lines without the customer, and how many lines that changed. Lines that stay, stay byte for byte. */
export function cleanText(text: string, forgetting: Forgetting): { text: string; lines: number } {
  let lines = 0;
  const kept = text.split('\n').map((line) => {
    const cleaned = line === '' ? undefined : forgottenLine(parsedLine(line), forgetting);
    if (cleaned === undefined) return line;
    lines += 1;
    return JSON.stringify(cleaned);
  });
  return { text: kept.join('\n'), lines };
}

async function objectsOfOrders(bucket: Pick<Bucket, 'list'>): Promise<Listed[]> {
  const folders = await Promise.all(FOLDERS.map((folder) => listed(bucket.list(folder))));
  return folders.flat();
}

function orderIdOf(line: unknown): string | undefined {
  const orderId = fieldOf(fieldOf(line, 'key'), 'orderId');
  return typeof orderId === 'string' ? orderId : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
