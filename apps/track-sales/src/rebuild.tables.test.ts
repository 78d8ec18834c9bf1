import { RebuildRefused } from './generations.ts';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { Crash, endEvent, Shop, type TestOrder } from './testing/shop.ts';

describeOnTables('a rebuild', () => {
  let engine: Engine;
  let shop: Shop;
  let shops = 0;
  const open = () => Shop.open(engine.endpoint, String((shops += 1)));

  beforeAll(async () => {
    engine = await Engine.start();
  });

  beforeEach(async () => {
    shop = await open();
  });

  afterAll(() => engine.stop());

  const order = (n: number, change: Partial<TestOrder> = {}): TestOrder => ({
    orderId: `order-${n}`,
    placedAt: `2011-${n % 2 === 0 ? '11' : '12'}-1${n}T09:00:00Z`,
    lines: Array.from({ length: n === 3 ? 100 : 2 }, (_, k) => ({
      sku: `S${k}`,
      quantity: n,
      unitPrice: '0.07',
    })),
    ...change,
  });
  const ORDERS = [
    ...[1, 2, 3, 4, 5, 6].map((n) => order(n)),
    order(7, { status: 'FAILED' }),
    order(8, { status: 'PAID' }),
  ];
  const ENDED = [...[1, 2, 3, 4, 5, 6].map((n) => endEvent(`order-${n}`)), endEvent('order-7', 'FAILED')];

  /** Rows and markers of a generation, and what they say, whatever its number. */
  const rowsOf = (rows: readonly string[], generation: number) => {
    const own = new RegExp(`^(sales?)#${generation}(?=[# ])`);
    return rows.filter((row) => own.test(row)).map((row) => row.replace(own, '$1'));
  };

  it('counts all orders again, and the old figures can be removed', async () => {
    await shop.keep(...ORDERS);
    await shop.container().handle(ENDED);
    const before = rowsOf(await shop.rows(), 1);

    expect(await shop.rebuild()).toEqual({ generation: 2, counted: 7 });

    const rows = await shop.rows();
    expect(rowsOf(rows, 2)).toEqual(before);
    expect(rowsOf(rows, 1)).toEqual(before);
    expect(rows).toContain('sales generation serving=2');
    let removed = 0;
    let from: string | undefined;
    do {
      const request = { rebuild: 'clean', generation: 2, from };
      const page = (await shop.container().ask(request)) as { removed: number; next?: string };
      removed += page.removed;
      from = page.next;
    } while (from !== undefined);
    expect(removed).toBe(before.length);
    expect(rowsOf(await shop.rows(), 1)).toEqual([]);
    expect(rowsOf(await shop.rows(), 2)).toEqual(before);
  });

  it('removes nothing but sales figures that are older', async () => {
    const { summaries, ask } = shop.container();
    await shop.keep(...ORDERS);
    await shop.rebuild();
    await ask({ rebuild: 'begin' });
    await shop.container().handle(ENDED.slice(0, 1));
    for (const metric of ['activity#2026-01-01', 'notification#order-1', 'sales-of-the-century', 'sales#1'])
      await summaries.note({ metric, bucket: 'x' });
    const rows = await shop.rows();

    let from: string | undefined;
    do {
      const page = (await ask({ rebuild: 'clean', generation: 2, from })) as { next?: string };
      from = page.next;
    } while (from !== undefined);

    expect(await shop.rows()).toEqual(rows.filter((row) => row !== 'sales#1 x'));
  });

  it('misses no order that ends meanwhile, and counts none twice', async () => {
    await shop.keep(...ORDERS.slice(0, 3));
    const { handle, ask } = shop.container();
    await ask({ rebuild: 'begin' });
    await handle(ENDED.slice(0, 1));
    await shop.keep(...ORDERS.slice(3));
    await ask({ rebuild: 'page', generation: 2 });
    await handle(ENDED.slice(1));
    let page: { next?: string } = {};
    do {
      page = (await ask({ rebuild: 'page', generation: 2, from: page.next })) as { next?: string };
    } while (page.next !== undefined);
    await ask({ rebuild: 'finish', generation: 2 });
    await handle(ENDED);

    const other = await open();
    await other.keep(...ORDERS);
    await other.container().handle(ENDED);
    expect(rowsOf(await shop.rows(), 2)).toEqual(rowsOf(await other.rows(), 1));
  });

  it('a process that ends before or after any call of a page leaves nothing out and counts nothing twice', async () => {
    const small = ORDERS.filter(({ orderId }) => ['order-1', 'order-3', 'order-7'].includes(orderId));
    const page = { rebuild: 'page', generation: 2 };
    const prepared = async () => {
      const one = await Shop.open(engine.endpoint, String((shops += 1)), 10);
      await one.keep(...small);
      await one.container().ask({ rebuild: 'begin' });
      return one;
    };
    const whole = await prepared();
    const calls = await whole.countCalls(() => whole.container().ask(page));
    const right = await whole.rows();

    for (const when of ['before', 'after'] as const) {
      for (let number = 1; number <= calls; number += 1) {
        const other = await prepared();
        await other
          .crashing(number, when, () => other.container().ask(page))
          .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));

        expect(await other.container().ask(page)).toEqual({ counted: 3 });

        expect({ when, number, rows: await other.rows() }).toEqual({ when, number, rows: right });
      }
    }
    expect(calls).toBeGreaterThan(8);
  });

  it('an order that cannot be counted is named and keeps nobody from the figures', async () => {
    await shop.keep(order(1), order(2, { country: '' }));

    const { ask } = shop.container();
    await ask({ rebuild: 'begin' });

    expect(await ask({ rebuild: 'page', generation: 2 })).toEqual({ counted: 1, unreadable: ['order-2'] });
    expect(shop.reported).toEqual([expect.stringContaining('Order "order-2" cannot be counted: country: ')]);
  });

  it('goes on behind an item whose key is no order id', async () => {
    await shop.keep(...['a b', 'c d', 'e f', 'g h'].map((orderId) => order(1, { orderId })), order(2));

    expect(await shop.rebuild()).toEqual({ generation: 2, counted: 1 });
    expect(shop.reported).toHaveLength(4);
  });

  it('is not begun while another goes on, unless that is given up', async () => {
    const { ask } = shop.container();
    await ask({ rebuild: 'begin' });

    await expect(ask({ rebuild: 'begin' })).rejects.toThrow(
      'Generation 2 is being built already. Go on with its pages, or give it up: begin with "anew": true.',
    );
    expect(await ask({ rebuild: 'begin', anew: true })).toEqual({ generation: 3 });
    await expect(ask({ rebuild: 'page', generation: 2 })).rejects.toThrow(
      'Generation 2 is not being built: generation 3 is, and generation 1 serves.',
    );
    await expect(ask({ rebuild: 'finish', generation: 2 })).rejects.toThrow(RebuildRefused);
  });

  it('of two that begin at once, one is refused', async () => {
    const begin = () => shop.container().ask({ rebuild: 'begin', anew: true });

    const outcomes = await Promise.allSettled([begin(), begin(), begin()]);

    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const { building } = await shop.container().generations.read();
    expect(building).toBe(1 + taken);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RebuildRefused);
  });

  it('that begins while another begins and finishes is refused: no generation is given twice', async () => {
    // The first call reads where things stand, the second takes the generation.
    const begun = shop.inserting(
      2,
      () => shop.rebuild(),
      () => shop.container().ask({ rebuild: 'begin' }),
    );

    await expect(begun).rejects.toThrow('Another rebuild began or finished at this moment.');
    expect(await shop.container().generations.read()).toMatchObject({ serving: 2, building: undefined });
  });

  it('that was given up counts nothing any more', async () => {
    await shop.keep(...ORDERS);
    const { ask } = shop.container();
    await ask({ rebuild: 'begin' });
    await ask({ rebuild: 'begin', anew: true });

    await expect(ask({ rebuild: 'page', generation: 2 })).rejects.toThrow(RebuildRefused);
    expect(await shop.rows()).toEqual(['sales generation building=3 serving=1']);
  });

  it('does not serve before all orders were read', async () => {
    await shop.keep(...ORDERS);
    const { ask } = shop.container();
    await ask({ rebuild: 'begin' });
    await ask({ rebuild: 'page', generation: 2 });

    await expect(ask({ rebuild: 'finish', generation: 2 })).rejects.toThrow(
      'Not all orders were read for generation 2. Ask for its pages until one comes without "next".',
    );
    await ask({ rebuild: 'begin', anew: true });
    await expect(ask({ rebuild: 'finish', generation: 3 })).rejects.toThrow('Not all orders were read');
  });

  it('that is finished can be finished again, and the next takes a new generation', async () => {
    await shop.rebuild();

    const { ask, generations } = shop.container();
    expect(await ask({ rebuild: 'finish', generation: 2 })).toEqual({ generation: 2 });
    expect(await generations.read()).toEqual({ serving: 2, building: undefined, scanned: undefined });
    expect(await shop.rebuild()).toEqual({ generation: 3, counted: 0 });
    await expect(ask({ rebuild: 'finish', generation: 2 })).rejects.toThrow(
      'Generation 2 is not being built: none is, and generation 3 serves.',
    );
  });

  it('cleans up only before the generation that serves', async () => {
    await shop.rebuild();

    await expect(shop.container().ask({ rebuild: 'clean', generation: 3 })).rejects.toThrow(
      'generation: 3 does not serve, 2 does.',
    );
    await expect(shop.container().ask({ rebuild: 'clean', generation: 2, from: 'x' })).rejects.toThrow(
      'from: "x" is not the "next" of an earlier page.',
    );
  });

  it.each<[unknown, string]>([
    [{}, 'rebuild: '],
    [null, 'request: '],
    ['begin', 'request: '],
    [{ rebuild: 'start' }, 'rebuild: '],
    [{ rebuild: 'begin', generation: 2 }, 'Unrecognized key: "generation"'],
    [{ rebuild: 'begin', anew: 'yes' }, 'anew: '],
    [{ rebuild: 'page' }, 'generation: '],
    [{ rebuild: 'page', generation: 1.5 }, 'generation: '],
    [{ rebuild: 'page', generation: 1, from: '' }, 'from: '],
    [{ rebuild: 'page', generation: 1, from: 'x'.repeat(2_049) }, 'from: '],
    [{ rebuild: 'finish', generation: 0 }, 'generation: '],
    [{ rebuild: 'clean', generation: '1' }, 'generation: '],
    [
      { rebuild: 'page', generation: 2 },
      'Generation 2 is not being built: none is, and generation 1 serves.',
    ],
  ])('a request is refused that is none: %j', async (request, problem) => {
    const asked = shop.container().ask(request);

    await expect(asked).rejects.toThrow(RebuildRefused);
    await expect(asked).rejects.toThrow(problem);
    expect(await shop.rows()).toEqual([]);
  });
});
