import { logger, storedOrder, type StoredOrder } from '@orderstream/lambda-kit';
import type { Execution } from './decide.ts';
import type { OpenOrder } from './open-orders.ts';
import { sweep, type Shop } from './sweep.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-15T12:00:00.000Z');
const LIMITS = { still: 1.5 * HOUR, running: 6 * HOUR, mayStart: true };
const NOTHING = { redrive: 0, start: 0, restart: 0, hold: 0, looked: 0, reported: 0, later: 0 };

const ENDED: Execution = {
  status: 'FAILED',
  startedAt: NOW - 2 * HOUR,
  redrivenAt: undefined,
  endedAt: NOW - HOUR,
  redrives: 0,
  redrivable: true,
  error: undefined,
};
const RUNNING: Execution = { ...ENDED, status: 'RUNNING', endedAt: undefined, redrivable: false };
const SUCCEEDED: Execution = { ...ENDED, status: 'SUCCEEDED', redrivable: false };

function anOrder(orderId: string, change: object = {}): StoredOrder {
  const item = { orderId, status: 'PLACED', updatedAt: '2026-01-15T10:00:00.000Z', ...change };
  return storedOrder(item)!;
}

/** A shop of these orders, in their order, and what was asked of its executions. */
function shopOf(orders: readonly StoredOrder[], executions: Readonly<Record<string, Execution>> = {}) {
  const asked: string[] = [];
  const written: (OpenOrder | undefined)[] = [];
  const known = new Map(orders.map((order) => [order.orderId, order]));
  const shop: Shop = {
    openOrders: {
      async *oldestFirst(range, after) {
        const start = orders.findIndex(({ orderId }) => orderId === after?.orderId) + 1;
        for (const { orderId, updatedAt } of orders.slice(start)) {
          const within = 'until' in range ? updatedAt <= range.until : updatedAt >= range.from;
          if (within) yield { orderId, updatedAt };
        }
        return undefined;
      },
    },
    orders: {
      read: async (orderId) => known.get(orderId),
      countRestart: async (orderId, restarts) => {
        asked.push(`count ${orderId}`);
        return (restarts ?? 0) + 1;
      },
    },
    executions: {
      find: async (name) => executions[name],
      start: async ({ executionName, input }) => void asked.push(`start ${executionName} ${input.orderId}`),
      redrive: async (name) => void asked.push(`redrive ${name}`),
      async *endedIllSince() {},
    },
    position: { read: async () => written.at(-1), write: async (after) => void written.push(after) },
  };
  return { shop, asked, written };
}

const always = () => true;
const row = ({ orderId, updatedAt }: StoredOrder): OpenOrder => ({ orderId, updatedAt });

/** What was logged as an error: the sentence, and the fields beside it. */
let logged: object[];
beforeEach(() => {
  logged = [];
  jest.spyOn(logger, 'error').mockImplementation((message, ...[fields]) => {
    logged.push({ message, ...Object(fields) });
  });
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

it.each<[string, object, Readonly<Record<string, Execution>>, readonly string[], string]>([
  ['has no execution', {}, {}, ['start 1 1'], 'start'],
  ['has none of its newest name', { restarts: 2 }, { '1.r1': SUCCEEDED }, ['start 1.r2 1'], 'start'],
  ['failed', {}, { '1': ENDED }, ['redrive 1'], 'redrive'],
  ['failed after a restart', { restarts: 1 }, { '1.r1': ENDED }, ['redrive 1.r1'], 'redrive'],
  ['succeeded', {}, { '1': SUCCEEDED }, ['count 1', 'start 1.r1 1'], 'restart'],
])('an order whose execution %s is helped once', async (_, change, executions, expected, remedy) => {
  const { shop, asked } = shopOf([anOrder('1', change)], executions);

  expect(await sweep(shop, LIMITS, NOW, always)).toEqual({ ...NOTHING, looked: 1, [remedy]: 1 });
  expect(asked).toEqual(expected);
});

it('while nothing may be started, executions go on and no other begins', async () => {
  const orders = ['none', 'failed', 'ended'].map((orderId) => anOrder(orderId));
  const { shop, asked } = shopOf(orders, { failed: ENDED, ended: SUCCEEDED });

  const outcome = await sweep(shop, { ...LIMITS, mayStart: false }, NOW, always);

  expect(outcome).toEqual({ ...NOTHING, looked: 3, redrive: 1, hold: 2 });
  expect(asked).toEqual(['redrive failed']);
});

it('an order that somebody else restarts meanwhile is left to them', async () => {
  const { shop, asked } = shopOf([anOrder('1')], { '1': SUCCEEDED });
  const refused = { ...shop, orders: { ...shop.orders, countRestart: async () => undefined } };

  expect(await sweep(refused, LIMITS, NOW, always)).toEqual({ ...NOTHING, looked: 1 });
  expect(asked).toEqual([]);
});

it('orders whose time of change is to come, or none, are looked after, too', async () => {
  const times = ['2026-01-15T11:00:00.000Z', '2099-01-01T00:00:00.000Z', 'yesterday'];
  const { shop, asked } = shopOf(times.map((updatedAt, index) => anOrder(`${index}`, { updatedAt })));

  await sweep(shop, LIMITS, NOW, always);

  expect(asked).toEqual(['start 1 1', 'start 2 2']);
});

it('an order whose execution runs, or that is gone from the table, is left alone', async () => {
  const { shop, asked } = shopOf([anOrder('1'), anOrder('2')], { '1': RUNNING });
  const read = async (orderId: string) => (orderId === '2' ? undefined : anOrder(orderId));

  await sweep({ ...shop, orders: { ...shop.orders, read } }, LIMITS, NOW, always);

  expect(asked).toEqual([]);
});

it('one order that cannot be understood is reported, one that met a throttle is not, and neither keeps the others', async () => {
  const { shop, asked } = shopOf([anOrder('1'), anOrder('2'), anOrder('3')]);
  const read = async (orderId: string) => {
    if (orderId === '1') throw new Error('its status is 7');
    if (orderId === '2') throw Object.assign(new Error('later'), { name: 'ThrottlingException' });
    return anOrder(orderId);
  };

  const outcome = await sweep({ ...shop, orders: { ...shop.orders, read } }, LIMITS, NOW, always);

  expect(outcome).toEqual({ ...NOTHING, looked: 3, start: 1, reported: 1, later: 1 });
  expect(asked).toEqual(['start 3 3']);
  expect(logged).toMatchObject([{ concern: 'NotUnderstood', orderId: '1' }]);
});

it('reports each order once, with nothing personal in it', async () => {
  const closing = { as: 'REJECTED', cause: 'OutOfStock', message: 'secret', at: 'x' };
  const personal = { email: 'secret', paymentToken: 'secret', shippingAddress: { name: 'secret' } };
  const chargeIntent = { key: 'charge#1', at: 'x' };
  const { shop } = shopOf([anOrder('1', { ...personal, closing, chargeIntent })], { '1': ENDED });

  expect(await sweep(shop, LIMITS, NOW, always)).toMatchObject({ reported: 1 });

  expect(logged).toMatchObject([
    { concern: 'CompensationUnfinished', orderId: '1', execution: '1', executionStatus: 'FAILED' },
  ]);
  expect(JSON.stringify(logged)).not.toContain('secret');
});

describe('orders that are gone although an execution of theirs has failed', () => {
  function shopWithFailed(...names: string[]) {
    const { shop } = shopOf([anOrder('1', { status: 'FAILED' })]);
    const since: number[] = [];
    const endedIllSince = async function* (time: number) {
      since.push(time);
      yield* names;
    };
    return { shop: { ...shop, executions: { ...shop.executions, endedIllSince } }, since };
  }

  it('are reported, each once', async () => {
    const { shop, since } = shopWithFailed('1', 'gone', 'gone.r1', 'not one of ours');

    expect(await sweep(shop, LIMITS, NOW, always)).toMatchObject({ reported: 1 });
    expect(since).toEqual([NOW - 24 * HOUR]);
    expect(logged).toMatchObject([{ concern: 'OrderGone', orderId: 'gone' }]);
  });

  it('are looked for while there is time', async () => {
    const { shop } = shopWithFailed('gone-1', 'gone-2', 'gone-3');
    const isTime = () => logged.length < 2;

    expect(await sweep(shop, LIMITS, NOW, isTime)).toMatchObject({ reported: 2 });
  });
});

describe('a sweep that can’t see to all', () => {
  const many = Array.from({ length: 1_200 }, (_, index) =>
    anOrder(`o-${index}`, { updatedAt: new Date(NOW - 5 * HOUR + index).toISOString() }),
  );

  it('begins with the oldest; the next goes on there, and the last begins again', async () => {
    const { shop, asked, written } = shopOf(many);
    const looked: number[] = [];

    for (let run = 0; run < 3; run += 1) looked.push((await sweep(shop, LIMITS, NOW, always)).looked);

    expect(looked).toEqual([500, 500, 200]);
    expect(asked.slice(0, 3)).toEqual(['start o-0 o-0', 'start o-1 o-1', 'start o-2 o-2']);
    expect(new Set(asked).size).toBe(1_200);
    expect(written).toStrictEqual([row(many[499]!), row(many[999]!), undefined]);
  });

  it('stops when its time is over, and loses its position neither then nor when it has none', async () => {
    const { shop, written } = shopOf(many);
    let left = 10;

    expect(await sweep(shop, LIMITS, NOW, () => (left -= 1) >= 0)).toMatchObject({ looked: 10 });
    expect(await sweep(shop, LIMITS, NOW, () => false)).toEqual(NOTHING);
    expect(written).toStrictEqual([row(many[9]!)]);
  });
});
