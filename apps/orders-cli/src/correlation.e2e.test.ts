import type { LocalCloudOptions } from '@orderstream/local-cloud';
import { readOrder } from './commands/get.ts';
import { stockShop } from './sample/send.ts';
import { openShop, type TestShop } from './testing/shop.ts';
import { synthesizedWith, type Synthesis } from './synthesis.ts';

jest.setTimeout(240_000);

type FunctionLog = Parameters<NonNullable<LocalCloudOptions['onLog']>>[0];

const PREFIX = 'orderstream-local-';
/** What handles an order on its way to SHIPPED, from the request on. */
const HANDLING = [
  ...[
    'order-api',
    'stream-dispatcher',
    'validate-order',
    'process-payment',
    'update-inventory',
    'ship-order',
  ],
  ...['archive-changes', 'notify-customer', 'track-sales', 'refresh-cache'],
];
const STAGES = ['validate-order', 'process-payment', 'update-inventory', 'ship-order'];

describe('an order is found by its id, and by the trace that it was placed under', () => {
  const logs: FunctionLog[] = [];
  let synthesis: Synthesis;
  let shop: TestShop;
  let orderId: string;
  let trace: string;

  beforeAll(async () => {
    synthesis = await synthesizedWith({ ORDERSTREAM_LOG_LEVEL: 'INFO' });
    shop = await openShop({ stackFile: synthesis.stackFile, onLog: (log) => logs.push(log) });
    await stockShop(shop.session);
    await shop.cloud.settled();
    logs.length = 0;
    orderId = await placeByApi();
    await shop.cloud.settled();
    trace = String((await readOrder(shop.session, orderId))['trace']);
  });
  afterAll(async () => {
    await shop.close();
    synthesis.remove();
  });

  it('the order keeps the trace of the request', () => {
    expect(trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
  });

  it.each(HANDLING)('a line of the log of %s names it', (app) => {
    const named = linesOf(app).filter(
      ({ orderId: one, orderIds }) => one === orderId || orderIds?.includes(orderId),
    );

    expect(named.length).toBeGreaterThan(0);
  });

  it.each(STAGES)('the lines of %s have its trace', (app) => {
    expect(linesOf(app)).not.toEqual([]);
    for (const line of linesOf(app)) expect(line).toMatchObject({ orderId, trace });
  });

  it('each of its events has both', async () => {
    const path = '$.detail.subject.id';
    const events = await shop.session.cloud.journal('events', { path, value: orderId });

    expect(events.map(({ detailType }) => detailType)).toEqual(
      ['Placed', 'Validated', 'Paid', 'Allocated', 'Shipped'].map((what) => `Order${what}`),
    );
    for (const { event } of events) {
      expect(JSON.parse(String(event))).toMatchObject({ detail: { subject: { id: orderId }, trace } });
    }
  });

  it('its execution bears its id and goes on under its trace', async () => {
    const executions = await shop.session.cloud.journal('executions', { name: orderId });

    expect(executions).toMatchObject([{ name: orderId, input: JSON.stringify({ orderId, trace }) }]);
  });

  async function placeByApi(): Promise<string> {
    const { session } = shop;
    const answer = await fetch(`${session.status.api}/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await session.cloud.token('ada')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        lines: [{ sku: 'MUG-HERON', quantity: 1 }],
        paymentToken: 'tok_approve',
        shippingAddress: { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' },
        email: 'ada@example.com',
      }),
    });
    const placed: { readonly orderId: string } = JSON.parse(await answer.text());
    return placed.orderId;
  }

  interface Line {
    readonly orderId?: string;
    readonly orderIds?: readonly string[];
    readonly trace?: string;
  }

  /** The lines that an app's logger wrote, without its metrics. */
  function linesOf(app: string): Line[] {
    return logs
      .filter(({ functionName }) => functionName === `${PREFIX}${app}`)
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.startsWith('{') && !line.includes('CloudWatchMetrics'))
      .map((line): Line => JSON.parse(line));
  }
});
