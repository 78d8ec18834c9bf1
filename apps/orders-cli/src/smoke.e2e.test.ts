import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { enableMappings } from './event-source-mappings.ts';
import { ROOT } from './prepare.ts';
import { runCommand, startProgram } from './testing/command.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(180_000);

describe('a smoke run', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 100 });
    await shop.place();
    await shop.cloud.settled();
  });
  afterAll(() => shop.close());

  const port = () => new URL(shop.session.cloud.endpoint).port;
  const smoke = async (...more: string[]) => {
    const { stdout, stderr, code } = await runCommand('smoke', '--port', port(), '--json', ...more);
    const document = stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    return { stderr, code, document };
  };

  it('ships its orders, tells how long that took, and leaves every table as it was, however often it runs', async () => {
    const before = await everyTable();

    const first = await smoke();
    await shop.cloud.settled();
    const between = await everyTable();
    const second = await smoke('--orders', '5');
    await shop.cloud.settled();

    expect(first).toMatchObject({
      code: 0,
      document: { orders: 20, shipped: 20, late: [], kept: [], keptOfEarlier: [] },
    });
    const { writeToStart, writeToShipped } = first.document as Record<string, Record<string, number>>;
    expect(writeToStart!['p50']).toBeGreaterThanOrEqual(0);
    expect(writeToShipped!['p50']).toBeGreaterThan(writeToStart!['p50']!);
    expect(writeToShipped!['p99']).toBeGreaterThanOrEqual(writeToShipped!['p50']!);
    expect(between).toEqual(before);
    expect(second).toMatchObject({ code: 0, document: { shipped: 5, kept: [] } });
    expect(await everyTable()).toEqual(before);
    expect(await shop.violations()).toEqual([]);
  });

  it('works on AWS with the caller’s credentials and the outputs of the deployment', async () => {
    const before = await everyTable();
    const { endpoint, region, outputs } = shop.session.status;
    const folder = mkdtempSync(join(tmpdir(), 'orders-smoke-'));
    const file = join(folder, 'outputs.json');
    writeFileSync(file, JSON.stringify({ orderstream: outputs }));

    const { stdout, code } = await startProgram('env', [
      `AWS_ENDPOINT_URL=${endpoint}`,
      `AWS_REGION=${region}`,
      'AWS_ACCESS_KEY_ID=OPERATOR',
      'AWS_SECRET_ACCESS_KEY=local',
      process.execPath,
      join(ROOT, 'apps/orders-cli/src/main.ts'),
      ...['smoke', '--target', 'aws', '--outputs', file, '--orders', '2'],
    ]).ended;
    await shop.cloud.settled();

    rmSync(folder, { recursive: true });
    expect(stdout).toMatch(/shipped +2 of 2\n.*write → start +p50 -?\d+ ms.*\n.*write → shipped +p50 \d+ ms/);
    expect(code).toBe(0);
    expect(await everyTable()).toEqual(before);
  });

  it('fails where an order is not started, names it, and removes it the next time, with what was counted of it', async () => {
    const before = await everyTable();
    await dispatching(false);

    const stuck = await smoke('--orders', '2', '--within', '1s');

    expect(stuck).toMatchObject({
      code: 1,
      document: { orders: 2, shipped: 0, writeToStart: null, kept: [] },
    });
    expect(stuck.document['late']).toMatchObject([
      { orderId: expect.stringMatching(/^smoke-.*-1$/), status: 'PLACED', execution: { status: 'none' } },
      { orderId: expect.stringMatching(/^smoke-.*-2$/), status: 'PLACED' },
    ]);
    const told = await runCommand('smoke', '--port', port(), '--orders', '1', '--within', '1s');
    expect(told.stdout).toMatch(/-1 is PLACED, its execution none: nobody has started it\..*orders resume/);
    expect(told.stdout).toMatch(/of an earlier run stays: it stands at PLACED/);

    await dispatching(true);
    await shop.cloud.settled();
    const next = await smoke('--orders', '1');
    await shop.cloud.settled();
    expect(next.stderr).toMatch(/3 orders of an earlier run are still there/);
    expect(next).toMatchObject({ code: 0, document: { shipped: 1, keptOfEarlier: [] } });
    expect(await everyTable()).toEqual(before);
    expect(await shop.violations()).toEqual([]);
  });

  it('says which order ended otherwise, and why, and removes it the next time', async () => {
    const before = await everyTable();

    const declined = await smoke('--orders', '1', '--token', 'tok_decline');
    await shop.cloud.settled();
    const next = await smoke('--orders', '1');
    await shop.cloud.settled();

    expect(declined).toMatchObject({
      code: 1,
      document: { shipped: 0, late: [{ status: 'REJECTED', cause: 'PaymentDeclined' }] },
    });
    expect(next).toMatchObject({ code: 0, document: { keptOfEarlier: [] } });
    expect(await everyTable()).toEqual(before);
    expect(await shop.violations()).toEqual([]);
  });

  it('fails where track-sales has not counted its sale, and touches nothing of an order that only looks like its own', async () => {
    const stranger = await shop.place({ orderId: 'smoke-stranger', customerId: 'smoke' });
    await shop.cloud.settled();
    await counting(false);

    const { code, document } = await smoke('--orders', '1', '--within', '3s');

    expect(code).toBe(1);
    expect(document).toMatchObject({
      shipped: 1,
      kept: [{ why: 'track-sales has not counted it' }],
      keptOfEarlier: [{ orderId: stranger, why: 'it is no smoke order' }],
    });
    await counting(true);
    await shop.cloud.settled();
    expect(await shop.violations()).toEqual([]);
  });

  it('is refused where a provider could charge real money', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-smoke-'));
    const file = join(folder, 'outputs.json');
    const outputs = { ...shop.session.status.outputs, payment_gateway: 'stripe' };
    writeFileSync(file, JSON.stringify({ orderstream: outputs }));

    const { stderr, code } = await runCommand('smoke', '--target', 'aws', '--outputs', file);

    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/payment_gateway is stripe, which may charge real money.*--token TOKEN/);
    expect(code).toBe(2);
  });

  async function dispatching(enabled: boolean): Promise<void> {
    await enableMappings(shop.session, enabled, (name) => name.endsWith('-stream-dispatcher'));
  }

  async function counting(enabled: boolean): Promise<void> {
    await enableMappings(shop.session, enabled, (name) => name.endsWith('-track-sales'));
  }

  /** All items of all tables, each table's in the order of their texts. */
  async function everyTable(): Promise<Record<string, string[]>> {
    const tables = shop.cloud.stack.tables.map(async ({ name }) => {
      const { Items = [] } = await shop.session.documents.send(
        new ScanCommand({ TableName: name, ConsistentRead: true }),
      );
      return [name, Items.map(sortedText).toSorted()] as const;
    });
    return Object.fromEntries(await Promise.all(tables));
  }

  /** As a text in which the table engine's random order of attributes does not show. */
  function sortedText(item: Record<string, unknown>): string {
    return JSON.stringify(item, (_, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  }
});
