import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCloudProcess, type CloudProcess } from './bench/cloud-process.ts';
import { ROOT } from './prepare.ts';
import { HeldQueue } from './testing/held-queue.ts';

jest.setTimeout(300_000);

const DATA = join(ROOT, '../shared/data');
const withData = existsSync(join(DATA, 'README.md')) ? describe : describe.skip;

/** Calls the command line in a process of its own and answers what it printed and its exit code. */
async function orders(port: number, ...args: string[]) {
  const call = promisify(execFile)(
    process.execPath,
    [join(ROOT, 'apps/orders-cli/src/main.ts'), ...args, '--port', String(port), '--json'],
    { maxBuffer: 1e8 },
  );
  const { stdout, code } = await call.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  return { document: JSON.parse(stdout) as Record<string, unknown>, code };
}

withData('a replay of real invoices (../shared/data)', () => {
  let cloud: CloudProcess;
  beforeAll(async () => {
    cloud = await startCloudProcess(AbortSignal.timeout(120_000));
  });
  afterAll(() => cloud.stop());

  const port = () => Number(new URL(cloud.session.cloud.endpoint).port);

  it('ships the sample week to the penny, also when it is run again, and no law is broken', async () => {
    const week = { placed: 773, shipped: 687, rejected: 86, cancelled: 0, failed: 0, revenue: '386899.80' };
    const ends = new HeldQueue(cloud.session, 'track-sales');
    await ends.hold();

    const first = await orders(port(), 'replay', join(DATA, 'sample-2011-W46.ndjson.gz'));
    expect((await orders(port(), 'sales', '--by', 'day')).document).toEqual([]);
    await ends.deliverShuffled(3);
    expect(await sales()).toEqual(answers());
    expect((await orders(port(), 'rebuild', 'sales')).code).toBe(0);
    expect(await sales()).toEqual(answers());
    const again = await orders(port(), 'replay', join(DATA, 'sample-2011-W46.ndjson.gz'));

    expect(first.document).toEqual({ ...week, skipped: { cancellation: 121 } });
    expect(again.document).toEqual(first.document);
    expect(await sales()).toEqual(answers());
    expect(await orders(port(), 'check')).toMatchObject({ code: 0, document: { violations: 0 } });
  });

  async function sales() {
    const rowsBy = async (by: string) => {
      const rows = (await orders(port(), 'sales', '--by', by)).document as unknown as Record<
        string,
        unknown
      >[];
      return Object.fromEntries(rows.map(({ [by]: key, ...figures }) => [key, figures]));
    };
    return { perDay: await rowsBy('day'), perCountry: await rowsBy('country') };
  }
});

interface Counted {
  readonly orders: number;
  readonly lines: number;
  readonly units: number;
  readonly revenue: string;
}

/** Orders, units and revenue of the week, computed independently. */
function answers() {
  const file = join(DATA, 'sample-2011-W46.answers.json');
  const { ruleX } = JSON.parse(readFileSync(file, 'utf8')) as {
    ruleX: Record<'perDay' | 'perCountry', Record<string, Counted>>;
  };
  const figures = (rows: Record<string, Counted>) =>
    Object.fromEntries(
      Object.entries(rows).map(([key, { orders, units, revenue }]) => [key, { orders, units, revenue }]),
    );
  return { perDay: figures(ruleX.perDay), perCountry: figures(ruleX.perCountry) };
}

withData('a replay with little stock and one of rare dirt (../shared/data)', () => {
  let cloud: CloudProcess;
  beforeAll(async () => {
    cloud = await startCloudProcess(AbortSignal.timeout(120_000));
  });
  afterAll(() => cloud.stop());

  const port = () => Number(new URL(cloud.session.cloud.endpoint).port);

  it('rejects what is out of stock, ends every invoice and breaks no law', async () => {
    const little = await orders(port(), 'replay', join(DATA, 'sample-2011-W46.ndjson.gz'), '--stock', '40');
    const dirt = await orders(port(), 'replay', join(DATA, 'sample-rare-dirt.ndjson'));

    const { placed, shipped, rejected } = little.document as Record<string, number>;
    expect(placed).toBe(773);
    expect(rejected).toBeGreaterThan(86);
    expect((shipped ?? 0) + (rejected ?? 0)).toBe(773);
    expect(dirt.code).toBe(0);
    expect(dirt.document['revenue']).toMatch(/^\d+\.\d{3}$/);
    expect(await orders(port(), 'check')).toMatchObject({ code: 0, document: { violations: 0 } });
  });
});
