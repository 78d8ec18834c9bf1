import { UncountableOrder } from '@orderstream/domain';
import { OrderStandsOtherwise } from './count-events.ts';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { Crash, endEvent, orderEvent, Shop, type TestOrder } from './testing/shop.ts';

describeOnTables('orders that ended', () => {
  let engine: Engine;
  let shop: Shop;
  let shops = 0;

  beforeAll(async () => {
    engine = await Engine.start();
  });

  beforeEach(async () => {
    shop = await Shop.open(engine.endpoint, String((shops += 1)));
  });

  afterAll(() => engine.stop());

  const line = (sku: string, quantity: number, unitPrice: string) => ({ sku, quantity, unitPrice });
  const big = (orderId: string, skus: number): TestOrder => ({
    orderId,
    placedAt: '2011-11-15T08:00:00Z',
    lines: Array.from({ length: skus }, (_, n) => line(`SKU ${n % 100 === 7 ? '#' : ''}${n}`, 2, '0.001')),
  });
  const ORDERS: readonly TestOrder[] = [
    {
      orderId: 'a',
      placedAt: '2011-11-14T13:59:59Z',
      lines: [line('MUG', 3, '0.1'), line('TEA', 1, '0.2')],
      total: '5.4501',
    },
    { orderId: 'b', placedAt: '2011-11-14T23:00:00.000Z', lines: [line('MUG', 1, '386899.80')] },
    {
      orderId: 'c',
      placedAt: '2011-12-01T00:00:00Z',
      lines: [line('MUG', 1, '0.000000001')],
      country: 'A#B',
    },
    {
      orderId: 'd',
      placedAt: '2011-11-14T13:00:00Z',
      status: 'REJECTED',
      closedFrom: 'PAID',
      closing: { as: 'REJECTED', cause: 'OutOfStock', message: '', at: '' },
    },
  ];
  const EVENTS = [endEvent('a'), endEvent('b'), endEvent('c'), endEvent('d', 'REJECTED')];

  it('are counted to the last decimal', async () => {
    await shop.keep(...ORDERS);

    expect(await shop.container().handle(EVENTS)).toEqual(new Map());

    expect(await shop.figures('day', 1, '2011-11')).toEqual([
      { key: '2011-11-14', orders: 2, units: 5, revenue: '386905.2501' },
    ]);
    expect(await shop.figures('hour', 1, '2011-11')).toEqual([
      { key: '2011-11-14T13', orders: 1, units: 4, revenue: '5.4501' },
      { key: '2011-11-14T23', orders: 1, units: 1, revenue: '386899.8' },
    ]);
    expect(await shop.figures('product', 1, '2011-11')).toEqual([
      { key: 'MUG', orders: 2, units: 4, revenue: '386900.1' },
      { key: 'TEA', orders: 1, units: 1, revenue: '0.2' },
    ]);
    expect(await shop.figures('country', 1, '2011-12')).toEqual([
      { key: 'A#B', orders: 1, units: 1, revenue: '0.000000001' },
    ]);
    const rows = await shop.rows();
    expect(
      rows.filter((row) => / end#/.test(row)).map((row) => row.slice('sales#1#2011-11#0 '.length)),
    ).toEqual(expect.arrayContaining(['end#2011-11-14#REJECTED#PAID#OutOfStock orders=1']));
    expect(rows).toEqual(expect.arrayContaining(['sales#1 2011-11', 'sales#1 2011-12']));
  });

  it('are counted once, though every event comes three times and in any order', async () => {
    await shop.keep(...ORDERS, big('e', 200));
    await shop.container().handle([...EVENTS, endEvent('e')]);
    const once = await shop.rows();
    const again = await Shop.open(engine.endpoint, String((shops += 1)));
    await again.keep(...ORDERS, big('e', 200));
    const containers = [again.container(), again.container(), again.container()];
    const thrice = [...EVENTS, endEvent('e')].flatMap((event) => [event, event, event]);

    // Each container has its own order, and they work at the same time.
    const failures = await Promise.all(
      containers.map(({ handle }, turn) => handle([...thrice.slice(turn * 4), ...thrice.slice(0, turn * 4)])),
    );

    expect(failures.map(({ size }) => size)).toEqual([0, 0, 0]);
    expect(await again.rows()).toEqual(once);
    expect(again.ended.toSorted()).toEqual([
      'a SHIPPED',
      'b SHIPPED',
      'c SHIPPED',
      'd REJECTED',
      'e SHIPPED',
    ]);
  });

  it('are counted with more than a thousand SKUs', async () => {
    await shop.keep(big('e', 1_114));

    await shop.container().handle([endEvent('e')]);

    const products = await shop.figures('product', 1, '2011-11');
    expect(products).toHaveLength(1_114);
    expect(products.every(({ orders, units, revenue }) => orders + units === 3 && revenue === '0.002')).toBe(
      true,
    );
    expect(await shop.figures('day', 1, '2011-11')).toEqual([
      { key: '2011-11-15', orders: 1, units: 2_228, revenue: '2.228' },
    ]);
  });

  it('a process that ends before or after any call leaves nothing out and counts nothing twice', async () => {
    const orders = [...ORDERS, big('e', 200)];
    const events = [...EVENTS, endEvent('e')];
    await shop.keep(...orders);
    const calls = await shop.countCalls(() => shop.container().handle(events));
    const right = await shop.rows();

    for (const when of ['before', 'after'] as const) {
      for (let number = 1; number <= calls; number += 1) {
        const other = await Shop.open(engine.endpoint, String((shops += 1)));
        await other.keep(...orders);
        await other
          .crashing(number, when, async () => {
            const failures = await other.container().handle(events);
            for (const failure of failures.values()) throw failure;
          })
          .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));

        expect(await other.container().handle(events)).toEqual(new Map());

        expect({ when, number, rows: await other.rows() }).toEqual({ when, number, rows: right });
      }
    }
    expect(calls).toBeGreaterThan(12);
  });

  it('are counted into both generations while one is being built', async () => {
    await shop.keep(...ORDERS);
    const container = shop.container();
    await container.ask({ rebuild: 'begin' });

    await container.handle(EVENTS);

    for (const generation of [1, 2])
      expect(await shop.figures('day', generation, '2011-12')).toEqual([
        { key: '2011-12-01', orders: 1, units: 1, revenue: '0.000000001' },
      ]);
  });

  it('an event of an order that is not there or stands otherwise waits as a dead letter, its neighbours do not', async () => {
    await shop.keep(...ORDERS, { orderId: 'open', placedAt: '2011-11-14T13:00:00Z', status: 'ALLOCATED' });
    const events = [endEvent('gone'), endEvent('open'), endEvent('a', 'FAILED'), endEvent('b')];

    const failures = await shop.container().handle(events);

    expect([...failures.keys()].map(({ subject }) => subject.id).sort()).toEqual(['a', 'gone', 'open']);
    for (const error of failures.values()) expect(error).toBeInstanceOf(OrderStandsOtherwise);
    expect(String(failures.get(events[0]!))).toContain(
      'Order gone is not in the orders table, but its OrderShipped',
    );
    expect(String(failures.get(events[1]!))).toContain('Order open is ALLOCATED, but its OrderShipped');
    expect((await shop.figures('day', 1, '2011-11')).map(({ orders }) => orders)).toEqual([1]);
  });

  it('an order that cannot be read is told by name', async () => {
    const event = endEvent('x');
    await shop.keep({ orderId: 'x', placedAt: '2011-11-14T13:00:00Z', lines: [line('A', -1, '1')] });

    const failures = await shop.container().handle([event]);

    expect(failures.get(event)).toBeInstanceOf(UncountableOrder);
    expect(String(failures.get(event))).toContain('lines.0.quantity: must be at least 1');
    expect(await shop.rows()).toEqual([]);
  });

  it('events of orders under way ask nothing of the tables', async () => {
    const handle = () => shop.container().handle([orderEvent('a', 'OrderPaid')]);

    expect(await shop.countCalls(handle)).toBe(0);
  });

  it('a container notes a month once', async () => {
    await shop.keep(...ORDERS.slice(0, 2));
    const container = shop.container();
    const first = await shop.countCalls(() => container.handle([endEvent('a')]));
    const second = await shop.countCalls(() => container.handle([endEvent('b')]));

    // The pointer, the order, the month, the count.
    expect([first, second]).toEqual([4, 3]);
  });
});
