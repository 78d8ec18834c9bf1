import type { FaultPlan } from '@orderstream/local-cloud';
import { readForCheck } from './check/read.ts';
import { readOrder } from './commands/get.ts';
import { disableRules } from './event-rules.ts';
import { runCommand } from './testing/command.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(180_000);

const HOUR_MS = 3_600_000;
const OUTAGE_HOURS = 8;

/** Nothing that update-inventory is asked comes about, for longer than compensation is patient. */
const LONG_OUTAGE: FaultPlan = {
  seed: 1,
  faults: [
    {
      ...{ service: 'lambda', function: 'update-inventory', kind: 'error', probability: 1 },
      until: OUTAGE_HOURS * 3_600,
    },
  ],
};
/** The first run of update-inventory begins ten seconds late. */
const LATE_START: FaultPlan = {
  seed: 1,
  faults: [
    {
      ...{ service: 'lambda', function: 'update-inventory', kind: 'latency', probability: 1 },
      ms: 10_000,
      most: 1,
    },
  ],
};

describe('a redrive of an execution that did not get beyond its third task', () => {
  let shop: TestShop | undefined;
  afterEach(() => shop?.close());

  it('undoes the first two and repeats neither, when even the undoing had failed', async () => {
    shop = await shopWith(LONG_OUTAGE);
    const orderId = await shop.place();
    const arn = await passes(shop, orderId);
    expect(execution(shop, orderId)).toMatchObject({ status: 'FAILED', error: 'Lambda.ServiceException' });
    expect(await readOrder(shop.session, orderId)).toMatchObject({
      status: 'PAID',
      closing: { as: 'FAILED' },
    });
    expect(runs(shop)).toEqual({ ValidateOrder: 1, ProcessPayment: 1, BeginClosing: 1 });
    await shop.cloud.clock.advance(OUTAGE_HOURS * HOUR_MS);

    const { port } = new URL(shop.cloud.endpointUrl);
    const redriven = await runCommand('dlq', 'redrive', '--kind', 'execution', '--json', '--port', port);

    expect(redriven.code).toBe(0);
    expect(JSON.parse(redriven.stdout)).toMatchObject({
      results: [{ id: `execution.${orderId}`, source: 'order-workflow', outcome: 'redriven' }],
    });
    expect(await shop.settled(orderId)).toMatchObject({ status: 'FAILED' });
    expect(await entered(shop, arn)).toEqual([
      ...['ValidateOrder', 'ProcessPayment', 'UpdateInventory'],
      ...['BeginClosing', 'ReleaseInventory', 'VoidShipment', 'RefundPayment', 'CloseOrder'],
      ...['HowClosed', 'OrderFailed'],
    ]);
    expect(runs(shop)).toEqual({
      ...{ ValidateOrder: 1, ProcessPayment: 1 },
      ...{ BeginClosing: 1, ReleaseInventory: 1, VoidShipment: 1, RefundPayment: 1, CloseOrder: 1 },
    });
    const { charges, stock } = await bookkeeping(shop);
    expect(charges).toMatchObject([{ orderId, state: 'sealed', amount: '19.01', refunded: '19.01' }]);
    expect(stock).toEqual([{ sku: 'MUG', available: 10, allocated: 0, shipped: 0, received: 10 }]);
    expect(await shop.violations()).toEqual([]);
  });

  it('ships what was validated and paid before it was stopped, and does neither again', async () => {
    shop = await shopWith(LATE_START);
    const orderId = await shop.place();
    const arn = await waitsIn(shop, orderId, 'UpdateInventory');
    await states(shop, 'StopExecution', { executionArn: arn });
    expect(execution(shop, orderId)).toMatchObject({ status: 'ABORTED' });

    await states(shop, 'RedriveExecution', { executionArn: arn });

    await passes(shop, orderId);
    expect(await shop.settled(orderId)).toMatchObject({ status: 'SHIPPED' });
    expect(await entered(shop, arn)).toEqual([
      ...['ValidateOrder', 'ProcessPayment', 'UpdateInventory', 'ShipOrder'],
    ]);
    expect(runs(shop)).toMatchObject({ ValidateOrder: 1, ProcessPayment: 1, ShipOrder: 1 });
    const { charges, stock } = await bookkeeping(shop);
    expect(charges).toMatchObject([{ orderId, state: 'charged', amount: '19.01' }]);
    expect(stock).toEqual([{ sku: 'MUG', available: 8, allocated: 0, shipped: 2, received: 10 }]);
    expect(await shop.violations()).toEqual([]);
  });
});

async function shopWith(faults: FaultPlan): Promise<TestShop> {
  const shop = await openShop({ faults });
  // Nobody but the test redrives.
  await disableRules(shop.session, (name) => name.endsWith('-sweep-orders'));
  await shop.receive('goods', { MUG: 10 });
  return shop;
}

function execution({ cloud }: TestShop, orderId: string) {
  return cloud.journal.rows('executions', 'WHERE name = ?', orderId)[0];
}

/** Moves the clock whenever no function runs, until the order's execution has ended. Answers its ARN. */
async function passes(shop: TestShop, orderId: string): Promise<string> {
  for (;;) {
    const found = execution(shop, orderId);
    if (found !== undefined && found.endedAt !== null) return found.arn;
    const { execution: executions = 0, change = 0, ...others } = shop.cloud.inFlight.counts();
    if (executions + change > 0 && Object.keys(others).length === 0) await shop.cloud.clock.advance(15_000);
    await turn();
  }
}

/** Resolves to the ARN of the order's execution once it is in that state. */
async function waitsIn(shop: TestShop, orderId: string, state: string): Promise<string> {
  for (;;) {
    const found = execution(shop, orderId);
    if (found !== undefined && (await entered(shop, found.arn)).at(-1) === state) return found.arn;
    await turn();
  }
}

/** The states that an execution entered, in order, as its history tells. */
async function entered(shop: TestShop, executionArn: string): Promise<string[]> {
  const request = { executionArn, maxResults: 1_000 };
  const { events } = (await states(shop, 'GetExecutionHistory', request)) as { events: HistoryEvent[] };
  return events.flatMap(({ stateEnteredEventDetails: details }) => (details ? [details.name] : []));
}

interface HistoryEvent {
  readonly stateEnteredEventDetails?: { readonly name: string };
}

/** How often a function ran for each state. */
function runs({ cloud }: TestShop): Record<string, number> {
  const rows = cloud.journal.rows('invocations', "WHERE causeKind = 'task'");
  const byState = Map.groupBy(rows, ({ causeName }) => causeName.split('/').at(-1) ?? '');
  return Object.fromEntries([...byState].map(([state, { length }]) => [state, length]));
}

async function bookkeeping({ session }: TestShop) {
  const { ledger, stock } = await readForCheck(session);
  return { charges: ledger.rows.filter(({ kind }) => kind === 'charge'), stock: stock.rows };
}

/** Asks Step Functions as an operator does. */
async function states({ cloud }: TestShop, operation: string, request: object): Promise<unknown> {
  const answer = await fetch(cloud.endpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    },
    body: JSON.stringify(request),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${operation}: ${text}`);
  return JSON.parse(text);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
