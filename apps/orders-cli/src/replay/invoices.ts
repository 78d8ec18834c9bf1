import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isDecimal, isSku, MOST_LINES } from '@orderstream/domain';
import * as z from 'zod';
import { UsageError } from '../errors.ts';

/** DynamoDB takes index keys of 1,024 bytes at least; a character has up to three in UTF-16's reach. */
const LONGEST_CUSTOMER_ID = 300;
/** A description names a product: a hundred of them must fit into a transaction (4 MB). */
const LONGEST_DESCRIPTION = 5_000;

const invoiceSchema = z.object({
  invoiceNo: z.string().min(1),
  /** The shop's clock without a zone; taken as UTC. */
  invoiceDate: z.iso
    .datetime({ local: true, offset: false })
    .refine((date) => !date.endsWith('Z'), 'must be without a zone, such as 2010-12-01T08:26:00'),
  customerId: z.string().min(1).max(LONGEST_CUSTOMER_ID).nullable(),
  country: z.string().min(1),
  lines: z
    .array(
      z.object({
        stockCode: z.string().refine(isSku, 'must be 1 to 64 printable characters'),
        description: z.string().max(LONGEST_DESCRIPTION).nullable(),
        quantity: z.number().int(),
        unitPrice: z.string().refine(isDecimal, 'must be a decimal string such as "2.55"'),
      }),
    )
    .max(MOST_LINES),
});
export type Invoice = z.infer<typeof invoiceSchema> & {
  /** Where it stands: file and line, for errors. */
  readonly source: string;
};

/** What a file of invoices amounts to. */
export interface InvoiceFile {
  /** Invoices that become orders: those with six digits. */
  readonly invoices: readonly Invoice[];
  /** Invoices that do not, counted by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The same for the same content: names the goods received for it, so that they are received once. */
  readonly fingerprint: string;
}

/**
 * Reads a file of invoices, one JSON document a line, plain or gzip. The whole file is read and checked before anything
 * is done with it.
 * @throws UsageError naming the line and what is wrong with it.
 */
export async function readInvoices(file: string): Promise<InvoiceFile> {
  const seen = new Map<string, { line: number; hash: string }>();
  const content = createHash('sha256');
  const invoices: Invoice[] = [];
  const skipped: Record<string, number> = {};
  let number = 0;
  for await (const text of linesOf(file)) {
    number += 1;
    if (text.trim() === '') continue;
    const invoice = parseInvoice(`${file}: line ${number}`, text);
    content.update(text);
    const hash = createHash('sha256').update(text).digest('base64');
    const reason = skipReason(invoice.invoiceNo) ?? repeated(file, seen.get(invoice.invoiceNo), number, hash);
    if (reason === undefined) {
      seen.set(invoice.invoiceNo, { line: number, hash });
      invoices.push(invoice);
    } else {
      skipped[reason] = (skipped[reason] ?? 0) + 1;
    }
  }
  return { invoices, skipped, fingerprint: content.digest('hex').slice(0, 32) };
}

/** Why an invoice becomes no order, from its number alone; undefined when it becomes one. */
function skipReason(invoiceNo: string): string | undefined {
  if (/^\d{6}$/.test(invoiceNo)) return undefined;
  if (invoiceNo.startsWith('C')) return 'cancellation';
  if (invoiceNo.startsWith('A')) return 'adjustment';
  return 'not six digits';
}

function repeated(
  file: string,
  earlier: { line: number; hash: string } | undefined,
  number: number,
  hash: string,
): string | undefined {
  if (earlier === undefined) return undefined;
  if (earlier.hash === hash) return 'repeated';
  throw new UsageError(
    `${file}: line ${number}: this invoice stands already in line ${earlier.line} with other content. Keep one of them.`,
    1,
  );
}

function parseInvoice(source: string, text: string): Invoice {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${source}: not a JSON document (${problem}). Correct the line and run it again.`,
      1,
    );
  }
  const parsed = invoiceSchema.safeParse(document);
  if (parsed.success) return { ...parsed.data, source };
  const problems = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`)
    .join('; ');
  throw new UsageError(`${source}: ${problems}. Correct the line and run it again.`, 1);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let input: Readable | undefined;
  try {
    const gzip = await isGzip(file);
    input = gzip ? createReadStream(file).pipe(createGunzip()) : createReadStream(file);
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read (${problem}). Name an NDJSON file, plain or gzip.`, 1);
  } finally {
    // Nobody would hear of its errors any more.
    input?.destroy();
  }
}

/** By its first two bytes, whatever the file is called (RFC 1952). */
async function isGzip(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
}
