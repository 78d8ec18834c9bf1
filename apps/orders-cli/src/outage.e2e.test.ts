import { readForCheck } from './check/read.ts';
import { readOrder } from './commands/get.ts';
import { runOtherCode } from './testing/other-code.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

const MINUTE_MS = 60_000;
const STEP_MS = 15_000;

/**
 * process-payment as it is deployed, with a provider that does not answer until `until`: what is sent to its ledger gets
 * lost, but for the first charge of an order whose id begins with `heard`: there only the answer does. Nobody waits out
 * the gateway's five seconds.
 */
const withOutage = (until: number, ledger: string) => `
  const http = require('node:http');
  const isDown = () => Date.now() < ${until};
  const { request } = http;
  http.request = (...args) => {
    const sent = request(...args);
    const { end, emit } = sent;
    sent.end = (body, ...more) => {
      const text = String(body);
      if (!isDown() || !text.includes('"${ledger}"')) return end.call(sent, body, ...more);
      if (!text.includes('charge#heard') || !text.includes('charged')) return sent;
      sent.emit = (name, ...values) => name === 'response' || emit.call(sent, name, ...values);
      return end.call(sent, body, ...more);
    };
    return sent;
  };
  const wait = globalThis.setTimeout;
  globalThis.setTimeout = (callback, ms, ...values) =>
    wait(callback, ms === 5000 && isDown() ? 5 : ms, ...values);
  exports.handler = require('./real.cjs').handler;`;

describe('a payment provider that does not answer', () => {
  let shop: TestShop;
  beforeEach(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 1_000 });
  });
  afterEach(() => shop.close());

  it('for ten minutes only delays the orders: each is charged once and ships, also where it was charged unheard', async () => {
    const back = await goesDownFor(10 * MINUTE_MS);
    const orders = await place('heard-1', 'heard-2', 'unheard-1', 'unheard-2', 'unheard-3');

    await passesUntil(back - MINUTE_MS);
    expect(await statusesOf(orders)).toEqual(orders.map(() => 'VALIDATED'));
    expect(await charges()).toEqual({ 'heard-1': 'charged', 'heard-2': 'charged' });
    await passesUntil(Infinity);

    expect(await statusesOf(orders)).toEqual(orders.map(() => 'SHIPPED'));
    expect(await charges()).toEqual(Object.fromEntries(orders.map((id) => [id, 'charged'])));
    expect(await shop.violations()).toEqual([]);
  });

  it('for two hours fails the orders that have waited for half an hour, refunds what was charged unheard as soon as it is back, and only delays those that came late', async () => {
    const back = await goesDownFor(120 * MINUTE_MS);
    const early = await place('heard-1', 'heard-2', 'unheard-1', 'unheard-2');

    await passesUntil(back - 5 * MINUTE_MS);
    const closing = { as: 'FAILED', cause: 'PaymentGatewayUnavailable' };
    expect(await ordersOf(early)).toMatchObject(early.map(() => ({ status: 'VALIDATED', closing })));
    const late = await place('unheard-3', 'heard-3');
    await passesUntil(Infinity);

    expect(await statusesOf(early)).toEqual(early.map(() => 'FAILED'));
    expect(await statusesOf(late)).toEqual(late.map(() => 'SHIPPED'));
    expect(await charges()).toEqual({
      'heard-1': 'sealed, 19.01 of 19.01 refunded',
      'heard-2': 'sealed, 19.01 of 19.01 refunded',
      'unheard-1': 'sealed, 0 of 0 refunded',
      'unheard-2': 'sealed, 0 of 0 refunded',
      'unheard-3': 'charged',
      'heard-3': 'charged',
    });
    expect(await shop.violations()).toEqual([]);
  });

  /** Answers when it is back; epoch milliseconds of the cloud's clock. */
  async function goesDownFor(ms: number): Promise<number> {
    const back = shop.cloud.clock.now() + ms;
    await runOtherCode(shop.cloud, 'process-payment', withOutage(back, shop.session.tables.ledger));
    return back;
  }

  async function place(...orderIds: string[]): Promise<string[]> {
    for (const orderId of orderIds) await shop.place({ orderId });
    return orderIds;
  }

  /** Moves the clock whenever executions only wait, until that time, or until all has settled. */
  async function passesUntil(time: number): Promise<void> {
    for (;;) {
      const { execution = 0, change = 0, ...others } = shop.cloud.inFlight.counts();
      if (Object.keys(others).length === 0) {
        if (execution + change === 0) return;
        const left = time - shop.cloud.clock.now();
        if (left <= 0) return;
        await shop.cloud.clock.advance(Math.min(STEP_MS, left));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const ordersOf = (ids: readonly string[]) => Promise.all(ids.map((id) => readOrder(shop.session, id)));
  const statusesOf = async (ids: readonly string[]) => (await ordersOf(ids)).map(({ status }) => status);

  /** What the provider says of each order that it has heard of. */
  async function charges(): Promise<Record<string, string>> {
    const { ledger } = await readForCheck(shop.session);
    const entries = ledger.rows.filter(({ kind }) => kind === 'charge');
    return Object.fromEntries(
      entries.map(({ orderId, state, amount = '0', refunded }) => [
        orderId,
        refunded === undefined ? state : `${state}, ${refunded} of ${amount} refunded`,
      ]),
    );
  }
});
