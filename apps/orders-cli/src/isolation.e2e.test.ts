import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { runCommand } from './testing/command.ts';
import { clientConfigOf, outputOf } from './session.ts';
import { runOtherCode } from './testing/other-code.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

const BATCH = 100;
const MINUTE_MS = 60_000;
const HANDLED = { outcomes: { redriven: 1 }, complete: true };

/** The dispatcher as it is deployed, but ended by a batch that holds this SKU, as a bug in native code would end it. */
const CRASHING = `
  const { handler } = require('./real.cjs');
  exports.handler = async (event, context) => {
    if (event.Records.some(({ dynamodb }) => dynamodb.Keys.sku.S === 'POISON')) process.exit(1);
    return handler(event, context);
  };`;

/** Each begins with a hundred changes that waited together, so that they come in one batch. */
describe('a record that nobody can handle', () => {
  let shop: TestShop;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'isolation-'));
    shop = await openShop();
  });
  afterEach(async () => {
    await shop.close();
    rmSync(folder, { recursive: true });
  });

  it('because it crashes the function is isolated in at most 7 splits, its 99 neighbours are handled, and it waits whole until it is redriven', async () => {
    const mend = await runOtherCode(shop.cloud, 'stream-dispatcher', CRASHING);
    const neighbours = skusOf('SKU', BATCH - 1);
    const skus = neighbours.toSpliced(42, 0, 'POISON');

    const since = shop.cloud.clock.now();
    await whilePaused(async () => {
      for (const sku of skus) await put('products', { sku, name: 'MUG', unitPrice: '2.55', currency: 'GBP' });
    });
    await waitUntil(1_000, (waiting) => waiting === 1 && deliveries('products').at(-1)?.size === 1);

    const split = deliveries('products').filter(({ outcome, size }) => outcome === 'error' && size > 1);
    expect(split[0]?.size).toBe(BATCH);
    expect(split.length).toBeLessThanOrEqual(7);

    // The dispatcher's mappings give a change up after 60 tries.
    await waitUntil(MINUTE_MS, (waiting) => waiting === 0);
    expect(await told('ProductAdded')).toEqual(neighbours.toSorted());
    expect(shop.cloud.clock.now() - since).toBeLessThan(90 * MINUTE_MS);
    const [letter, ...others] = await deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted' } });
    expect(JSON.parse(String(letter?.['payload']))).toMatchObject({
      Records: [
        { eventName: 'INSERT', dynamodb: { NewImage: { sku: { S: 'POISON' }, name: { S: 'MUG' } } } },
      ],
    });

    const early = await orders('dlq', 'redrive', '--all', '--json');
    expect(early).toMatchObject({ code: 1, document: { outcomes: { stays: 1 } } });
    await mend();
    const listed = await orders('dlq', 'list', '--json');
    const redriven = await orders('dlq', 'redrive', '--all', '--json');

    expect(listed.document).toMatchObject([
      { kind: 'change', source: 'stream-dispatcher/products', records: 1, redrivable: true },
    ]);
    expect(redriven).toMatchObject({ code: 0, document: HANDLED });
    expect(await told('ProductAdded')).toEqual(skus.toSorted());
    expect((await orders('dlq', 'list', '--json')).document).toEqual([]);
  });

  it('because it does not parse is quarantined at once while its 99 neighbours are handled in the same invocation, and is handled once it is corrected', async () => {
    const skus = skusOf('STOCK', BATCH);
    const unreadable = skus[42] ?? '';

    await whilePaused(async () => {
      for (const sku of skus) await put('stock', { sku, available: sku === unreadable ? 'many' : 50 });
    });
    await shop.cloud.settled();

    expect(deliveries('stock')).toEqual([{ size: BATCH, outcome: 'ok' }]);
    expect(await told('StockBack')).toEqual(skus.filter((sku) => sku !== unreadable).sort());
    const { document: letters } = await orders('dlq', 'list', '--kind', 'quarantine', '--json');
    expect(letters).toMatchObject([{ source: 'stream-dispatcher/stock', records: 1 }]);
    const [{ id }] = letters as [{ id: string }];

    expect(await orders('dlq', 'redrive', id, '--json')).toMatchObject({ code: 1 });
    const { document: payload } = await orders('dlq', 'show', id);
    expect(payload).toMatchObject({ record: { dynamodb: { NewImage: { available: { S: 'many' } } } } });
    const file = join(folder, 'corrected.json');
    writeFileSync(file, JSON.stringify(payload).replace('{"S":"many"}', '{"N":"50"}'));
    expect(await orders('dlq', 'edit', id, '--from', file, '--json')).toMatchObject({ code: 0 });
    const redriven = await orders('dlq', 'redrive', id, '--json');

    expect(redriven).toMatchObject({ code: 0, document: HANDLED });
    expect(await told('StockBack')).toEqual(skus.toSorted());
    expect((await orders('dlq', 'list', '--json')).document).toEqual([]);
  });

  async function whilePaused(write: () => Promise<void>): Promise<void> {
    expect(await orders('pause', '--json')).toMatchObject({ code: 0, document: { paused: true } });
    await write();
    expect(await orders('resume', '--json')).toMatchObject({ code: 0, document: { paused: false } });
  }

  async function put(table: 'products' | 'stock', item: Record<string, unknown>): Promise<void> {
    const written = { itemVersion: 1, updatedAt: '2026-01-01T00:00:00.000Z', updatedBy: 'test' };
    const TableName = shop.session.tables[table];
    await shop.session.documents.send(new PutCommand({ TableName, Item: { ...item, ...written } }));
  }

  /** The dispatcher's batches of a table's changes, in their order. */
  function deliveries(table: string): { size: number; outcome: string }[] {
    const rows = shop.cloud.journal.rows('deliveries', 'WHERE mapping LIKE ?', `dispatcher_${table}%`);
    return rows.map(({ positions, outcome }) => ({
      size: (JSON.parse(positions) as unknown[]).length,
      outcome,
    }));
  }

  /** Moves the clock whenever nothing but changes that wait is in flight, until it is as it is to be. */
  async function waitUntil(stepMs: number, reached: (waiting: number) => boolean): Promise<void> {
    for (;;) {
      const { change = 0, ...others } = shop.cloud.inFlight.counts();
      if (Object.keys(others).length === 0) {
        if (reached(change)) return;
        await shop.cloud.clock.advance(stepMs);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What events of this type are about, sorted. */
  async function told(detailType: string): Promise<string[]> {
    await shop.cloud.settled();
    const events = shop.cloud.journal.rows('events', 'WHERE detailType = ?', detailType);
    return events
      .map(({ event }) => (JSON.parse(event) as { detail: { subject: { id: string } } }).detail.subject.id)
      .sort();
  }

  async function deadLetters(): Promise<Record<string, unknown>[]> {
    const s3 = new S3Client({ ...clientConfigOf(shop.session), forcePathStyle: true });
    const bucket = { Bucket: outputOf(shop.session, 'dead_letter_bucket') };
    const { Contents = [] } = await s3.send(new ListObjectsV2Command(bucket));
    const texts = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ ...bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '') as Record<string, unknown>;
    });
    return Promise.all(texts).finally(() => s3.destroy());
  }

  /** Runs the command line against the cloud; what it prints is JSON. */
  async function orders(...args: string[]): Promise<{ code: number | null; document: unknown }> {
    const port = new URL(shop.cloud.endpointUrl).port;
    const { code, stdout, stderr } = await runCommand(...args, '--port', port);
    if (stdout === '') throw new Error(stderr);
    return { code, document: JSON.parse(stdout) };
  }
});

function skusOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${n}`);
}
