import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { RECEIPT_PREFIX, SALES_POINTER } from '@orderstream/domain';
import type { FaultPlan } from '@orderstream/local-cloud';
import { enableMappings } from './event-source-mappings.ts';
import { ROOT } from './prepare.ts';
import { placeOrder } from './replay/write.ts';
import { removeOrders, smokeOrdersIn } from './smoke/clean-up.ts';
import { removable } from './smoke/ended-order.ts';
import { receiveSmokeGoods, removeSmokeGoods } from './smoke/goods.ts';
import { SMOKE_SKU, smokeOrder } from './smoke/orders.ts';
import { removalOf } from './smoke/removal.ts';
import { openSmokeTarget, type SmokeTarget } from './smoke/target.ts';
import { runCommand, startProgram } from './testing/command.ts';
import { DEPLOYER, stackWithDeployer, type DeployerStack } from './testing/deployer.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(180_000);

/** More than a run may last, so that a later one does not take its orders for those of a run beside it. */
const A_RUN_MS = 5 * 60_000;
/** The same for a run `--within 1s`. */
const SHORT_RUNS_MS = 5_000;
const { signal: SIGNAL } = new AbortController();
/** An hour of the cloud's clock, from its start, in which the mail service refuses every mail. */
const REFUSING_HOUR = 100;
const NO_MAIL: FaultPlan = {
  seed: 1,
  faults: [
    {
      ...{ service: 'ses', operation: 'SendEmail', kind: 'error', code: 'MessageRejected', status: 400 },
      ...{ probability: 1, after: REFUSING_HOUR * 3_600, until: (REFUSING_HOUR + 1) * 3_600 },
    },
  ],
};

describe('a smoke run', () => {
  let stack: DeployerStack;
  let shop: TestShop;
  let target: SmokeTarget;
  let startedAt = 0;
  let byHand = 0;
  beforeAll(async () => {
    stack = await stackWithDeployer();
    shop = await openShop({ stackFile: stack.stackFile, faults: NO_MAIL });
    startedAt = shop.cloud.clock.now();
    target = await openSmokeTarget({ operands: [], values: { port: port() }, signal: SIGNAL });
    await shop.receive('goods', { MUG: 100 });
    await shop.place();
    await shop.cloud.settled();
  });
  afterEach(async () => {
    await dispatching(true);
    await counting(true);
  });
  afterAll(async () => {
    await target.close();
    await shop.close();
    stack.remove();
  });

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

  it('works on AWS with the outputs of the deployment and what the role of the deployment may do', async () => {
    const before = await everyTable();
    const { endpoint, region, outputs } = shop.session.status;
    const folder = mkdtempSync(join(tmpdir(), 'orders-smoke-'));
    const file = join(folder, 'outputs.json');
    writeFileSync(file, JSON.stringify({ orderstream: outputs }));

    const { stdout, stderr, code } = await startProgram('env', [
      `AWS_ENDPOINT_URL=${endpoint}`,
      `AWS_REGION=${region}`,
      `AWS_ACCESS_KEY_ID=${DEPLOYER}`,
      'AWS_SECRET_ACCESS_KEY=local',
      process.execPath,
      join(ROOT, 'apps/orders-cli/src/main.ts'),
      ...['smoke', '--target', 'aws', '--outputs', file, '--orders', '2'],
    ]).ended;
    await shop.cloud.settled();

    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
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
    await shop.cloud.clock.advance(SHORT_RUNS_MS);
    const told = await runCommand('smoke', '--port', port(), '--orders', '1', '--within', '1s');
    expect(told.stdout).toMatch(/-1 is PLACED, its execution none: nobody has started it\..*orders resume/);
    expect(told.stdout).toMatch(/of an earlier run stays: it stands at PLACED/);

    await dispatching(true);
    await shop.cloud.settled();
    const beside = await smoke('--orders', '1');
    expect(beside).toMatchObject({ code: 0, document: { shipped: 1, keptOfEarlier: [] } });
    expect(beside.stderr).toMatch(/The goods stay for smoke orders that are still there/);
    await shop.cloud.clock.advance(A_RUN_MS);
    const next = await smoke('--orders', '1');
    await shop.cloud.settled();
    expect(next.stderr).toContain('Removing what earlier runs have left: 3 orders.');
    expect(next).toMatchObject({ code: 0, document: { shipped: 1, keptOfEarlier: [] } });
    expect(await everyTable()).toEqual(before);
    expect(await shop.violations()).toEqual([]);
  });

  it('says which order ended otherwise, and why, and removes it the next time', async () => {
    const before = await everyTable();

    const declined = await smoke('--orders', '1', '--token', 'tok_decline');
    await shop.cloud.settled();
    await shop.cloud.clock.advance(A_RUN_MS);
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
    await shop.cloud.clock.advance(A_RUN_MS);
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

  it('does well beside another, and the last of them clears away', async () => {
    await shop.cloud.clock.advance(A_RUN_MS);
    await removeOrders(target, await smokeOrdersIn(target), performance.now() + 10_000, SIGNAL);
    await removeSmokeGoods(target, new Set(await smokeOrdersIn(target)));
    const before = await everyTable();

    const both = await Promise.all([smoke('--orders', '8'), smoke('--orders', '3')]);
    await shop.cloud.settled();

    for (const one of both) expect(one).toMatchObject({ code: 0, document: { late: [], kept: [] } });
    expect(await everyTable()).toEqual(before);
  });

  it('takes no order away that a rebuild of the sales figures may have counted meanwhile', async () => {
    const orderId = await shippedOrder();
    const found = await removable(target, orderId);
    if (!('whole' in found)) throw new Error(JSON.stringify(found));
    const remove = () =>
      shop.session.documents.send(
        new TransactWriteCommand({ TransactItems: removalOf(found.whole, target.tables, 'now') }),
      );

    await point('SET building = :generation', 2);
    await expect(remove()).rejects.toThrow(TransactionCanceledException);
    await point('REMOVE building SET serving = :generation', 1);
    await runCommand('rebuild', 'sales', '--port', port());
    await expect(remove()).rejects.toThrow(TransactionCanceledException);
    expect(await shop.violations()).toEqual([]);

    expect(await removeOrders(target, [orderId], 0, SIGNAL)).toEqual({ kept: [], unsent: [] });
    await shop.cloud.settled();
    expect(await shop.violations()).toEqual([]);
  });

  it('adds nothing to goods of the same name that the shop has received', async () => {
    await removeSmokeGoods(target, new Set(await smokeOrdersIn(target)));
    await shop.receive('theirs', { [SMOKE_SKU]: 5 });

    const { stderr, code } = await smoke('--orders', '1');

    const { Item } = await shop.session.documents.send(
      new GetCommand({ TableName: target.tables.stock, Key: { sku: SMOKE_SKU } }),
    );
    await shop.cloud.settled();
    const violations = await shop.violations();
    for (const [TableName, Key] of [
      [target.tables.stock, { sku: SMOKE_SKU }],
      [target.tables.allocations, { orderId: `${RECEIPT_PREFIX}theirs`, chunk: 0 }],
    ] as const)
      await shop.session.documents.send(new DeleteCommand({ TableName, Key }));
    expect(stderr).toContain('The stock has a SKU SMOKE-TEST-ORDERSTREAM that no smoke run received');
    expect(code).toBe(1);
    expect(Item).toMatchObject({ available: 5, received: 5 });
    expect(violations).toEqual([]);
  });

  it('fails where the mail about a shipment was not sent, and removes the order all the same', async () => {
    const { clock } = shop.cloud;
    await clock.advance(startedAt + REFUSING_HOUR * 3_600_000 - clock.now());
    await shop.cloud.settled();

    const { code, document } = await smoke('--orders', '1');

    expect(code).toBe(1);
    expect(document).toMatchObject({
      shipped: 1,
      unsent: [{ orderId: expect.stringMatching(/^smoke-/), mail: 'failed' }],
      kept: [],
    });
    await shop.cloud.settled();
    expect(await shop.violations()).toEqual([]);
  });

  it.each(['0', '-1', 'much'])('is refused with --price=%s', async (price) => {
    const { stderr, code } = await smoke(`--price=${price}`);

    expect(stderr).toMatch(`--price is ${price}, but must be an amount above 0`);
    expect(code).toBe(2);
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

  /** A smoke order that has ended, with all that follows from it. Answers its id. */
  async function shippedOrder(): Promise<string> {
    await receiveSmokeGoods(target);
    const orderId = `smoke-by-hand-${(byHand += 1)}`;
    const nowMs = target.now();
    const order = smokeOrder(orderId, {
      nowMs,
      currency: target.currency,
      price: '200',
      token: 'tok_approve',
    });
    await placeOrder(shop.session, order);
    await shop.cloud.settled();
    return orderId;
  }

  /** Changes where the generations of the sales figures stand. */
  async function point(UpdateExpression: string, generation: number): Promise<void> {
    await shop.session.documents.send(
      new UpdateCommand({
        TableName: target.tables.summaries,
        Key: { ...SALES_POINTER },
        UpdateExpression,
        ExpressionAttributeValues: { ':generation': generation },
      }),
    );
  }

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
