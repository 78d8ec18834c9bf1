import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readInvoices } from './invoices.ts';

const DATA = join(import.meta.dirname, '../../../../../shared/data');
const withData = existsSync(join(DATA, 'README.md')) ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'invoices-'));
afterAll(() => rmSync(folder, { recursive: true }));

const invoice = (change: object = {}) => ({
  invoiceNo: '536365',
  invoiceDate: '2010-12-01T08:26:00',
  customerId: '17850',
  country: 'United Kingdom',
  lines: [{ stockCode: '85123A', description: 'HOLDER', quantity: 6, unitPrice: '2.55' }],
  ...change,
});

function fileOf(content: string | Buffer, name = 'file.ndjson'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
/** What is packed, with another check sum. */
function damaged(packed: Buffer): Buffer {
  const bytes = Buffer.from(packed);
  bytes.writeUInt32LE(~bytes.readUInt32LE(bytes.length - 8) >>> 0, bytes.length - 8);
  return bytes;
}
const lines = (...documents: object[]) => documents.map((document) => JSON.stringify(document)).join('\n');

describe('a file of invoices', () => {
  it('gives its six-digit invoices and counts the others by reason', async () => {
    const others = ['C536379', 'A563185', 'X1'].map((invoiceNo) => invoice({ invoiceNo }));

    const read = await readInvoices(fileOf(lines(invoice(), ...others)));

    expect(read.invoices.map(({ invoiceNo }) => invoiceNo)).toEqual(['536365']);
    expect(read.skipped).toEqual({ cancellation: 1, adjustment: 1, 'not six digits': 1 });
  });

  it('is read plain or gzip, whatever it is called, with one fingerprint', async () => {
    const plain = await readInvoices(fileOf(lines(invoice()), 'plain.gz'));
    const zipped = await readInvoices(fileOf(gzipSync(lines(invoice())), 'zipped.ndjson'));

    expect(zipped.fingerprint).toBe(plain.fingerprint);
    expect(zipped.invoices.map(({ invoiceNo }) => invoiceNo)).toEqual(['536365']);
  });

  it('counts an invoice that is there twice once', async () => {
    const read = await readInvoices(fileOf(lines(invoice(), invoice())));

    expect(read.invoices).toHaveLength(1);
    expect(read.skipped).toEqual({ repeated: 1 });
  });

  it.each([
    ['text that is no JSON', `${lines(invoice())}\n{"invoiceNo":`, /line 2: not a JSON document/],
    ['a missing field', lines(invoice({ country: undefined })), /line 1: country: /],
    [
      'a price that is a number',
      lines(invoice({ lines: [{ ...invoice().lines[0], unitPrice: 2.5 }] })),
      /lines\.0\.unitPrice/,
    ],
    ['a date that is none', lines(invoice({ invoiceDate: 'yesterday' })), /line 1: invoiceDate/],
    [
      'a date with a zone',
      lines(invoice(), invoice({ invoiceNo: '536366', invoiceDate: '2011-11-14T09:00:00Z' })),
      /line 2: invoiceDate: must be without a zone/,
    ],
    [
      'a description that no product can have',
      lines(invoice({ lines: [{ ...invoice().lines[0], description: 'X'.repeat(5_001) }] })),
      /line 1: lines\.0\.description/,
    ],
    [
      'one number with two contents',
      lines(invoice(), invoice({ country: 'France' })),
      /line 2: .* already in line 1/,
    ],
  ])('is refused with its line for %s', async (_, content, message) => {
    await expect(readInvoices(fileOf(content))).rejects.toThrow(message);
  });

  it.each([
    ['is not there', join(folder, 'absent')],
    ['is cut off', fileOf(gzipSync(lines(invoice())).subarray(0, 40), 'cut.gz')],
  ])('is refused when it %s', async (_, file) => {
    await expect(readInvoices(file)).rejects.toThrow(/cannot be read .*Name an NDJSON file/);
  });

  it('is refused once, with its line, when it is damaged behind it', async () => {
    const wrong = Array<object>(5_000).fill(invoice({ country: undefined }));
    const packed = damaged(gzipSync(lines(...wrong)));

    await expect(readInvoices(fileOf(packed, 'both.gz'))).rejects.toThrow(/line 1: country: /);
  });
});

withData('the sample week (../shared/data)', () => {
  it('has 773 orders and 121 cancellations', async () => {
    const read = await readInvoices(join(DATA, 'sample-2011-W46.ndjson.gz'));

    expect(read.invoices).toHaveLength(773);
    expect(read.skipped).toEqual({ cancellation: 121 });
  });
});
