import { endedOrder, SALES_POINTER, salesChunks, salesMonth, salesMonths } from '@orderstream/domain';
import { getSales } from './get-sales.ts';
import { SalesReader } from './sales-reader.ts';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { ask } from './testing/requests.ts';
import { Tables } from './testing/tables.ts';

describeOnTables('the sales figures', () => {
  let engine: Engine;
  let tables: Tables;
  let opened = 0;

  beforeAll(async () => {
    engine = await Engine.start();
  });

  beforeEach(async () => {
    tables = await Tables.open(engine.endpoint, String((opened += 1)));
  });

  afterAll(() => engine.stop());

  /** Counts orders as track-sales does. */
  async function count(generation: number, ...orders: Record<string, unknown>[]): Promise<void> {
    for (const order of orders.map(endedOrder)) {
      await tables.summaries.note({ metric: salesMonths(generation), bucket: salesMonth(order) });
      for (const { marker, additions } of salesChunks(order, generation))
        await tables.summaries.countOnce(marker, additions);
    }
  }

  const sale = (orderId: string, placedAt: string, country: string, total: string, ...skus: string[]) => ({
    orderId,
    placedAt,
    country,
    total,
    status: 'SHIPPED',
    lines: skus.map((sku) => ({ sku, quantity: 2, unitPrice: '0.05' })),
  });
  const lost = (orderId: string, placedAt: string, closedFrom: string, cause: string) => ({
    orderId,
    placedAt,
    status: 'REJECTED',
    closedFrom,
    closing: { cause },
  });
  const SALES = [
    sale('a', '2011-11-14T13:00:00Z', 'France', '1.2001', 'MUG', 'TEA'),
    sale('b', '2011-11-14T14:00:00Z', 'EIRE', '10', 'MUG'),
    sale('c', '2011-11-15T13:00:00Z', 'France', '0.3', 'TEA', 'A#B'),
    sale('d', '2011-12-01T00:00:00Z', 'EIRE', '5', 'MUG'),
  ];
  const LOST = [
    lost('e', '2011-11-15T13:00:00Z', 'PAID', 'OutOfStock'),
    lost('f', '2011-12-01T13:00:00Z', 'PLACED', 'OrderInvalid'),
  ];

  const figures = async (query: Record<string, string>) => {
    const { status, body } = await ask(tables, 'GET /sales', { query });
    expect(status).toBe(200);
    return body;
  };

  it('are told by day', async () => {
    await count(1, ...SALES, ...LOST);

    expect(await figures({ by: 'day' })).toEqual({
      by: 'day',
      currency: 'GBP',
      rows: [
        { day: '2011-11-14', orders: 2, units: 6, revenue: '11.2001' },
        { day: '2011-11-15', orders: 1, units: 4, revenue: '0.30' },
        { day: '2011-12-01', orders: 1, units: 2, revenue: '5.00' },
      ],
      total: { orders: 4, units: 12, revenue: '16.5001' },
    });
  });

  it('are told of some days, both included', async () => {
    await count(1, ...SALES);

    const { rows, from, to, total } = await figures({ by: 'day', from: '2011-11-15', to: '2011-12-01' });
    expect(rows.map(({ day }: { day: string }) => day)).toEqual(['2011-11-15', '2011-12-01']);
    expect({ from, to, total }).toEqual({
      from: '2011-11-15',
      to: '2011-12-01',
      total: { orders: 2, units: 6, revenue: '5.30' },
    });
    expect((await figures({ by: 'day', from: '2011-11-16', to: '2011-11-30' })).rows).toEqual([]);
    expect((await figures({ by: 'day', to: '2011-11-14' })).rows).toHaveLength(1);
    expect((await figures({ by: 'day', from: '2011-11-15' })).rows).toHaveLength(2);
  });

  it('are told by hour', async () => {
    await count(1, ...SALES);

    expect((await figures({ by: 'hour', to: '2011-11-14' })).rows).toEqual([
      { hour: '2011-11-14T13', orders: 1, units: 4, revenue: '1.2001' },
      { hour: '2011-11-14T14', orders: 1, units: 2, revenue: '10.00' },
    ]);
  });

  it('are told by country, the highest revenue first', async () => {
    await count(1, ...SALES);

    expect(await figures({ by: 'country' })).toMatchObject({
      rows: [
        { country: 'EIRE', orders: 2, units: 4, revenue: '15.00' },
        { country: 'France', orders: 2, units: 8, revenue: '1.5001' },
      ],
      total: { orders: 4, units: 12, revenue: '16.5001' },
    });
  });

  it('are told by product; an order of several products is one order of the total', async () => {
    await count(1, ...SALES);

    expect(await figures({ by: 'product' })).toMatchObject({
      rows: [
        { product: 'MUG', orders: 3, units: 6, revenue: '0.30' },
        { product: 'TEA', orders: 2, units: 4, revenue: '0.20' },
        { product: 'A#B', orders: 1, units: 2, revenue: '0.10' },
      ],
      total: { orders: 4, units: 12, revenue: '0.60' },
    });
  });

  it('of nothing are nothing', async () => {
    expect(await figures({ by: 'product' })).toEqual({
      by: 'product',
      currency: 'GBP',
      rows: [],
      total: { orders: 0, units: 0, revenue: '0.00' },
    });
  });

  it('are those of the generation that serves', async () => {
    await count(1, ...SALES);
    await count(2, ...SALES.slice(0, 1));
    await tables.put('summaries', { ...SALES_POINTER, serving: 1, building: 2 });
    expect((await figures({ by: 'day' })).total.orders).toBe(4);

    await tables.put('summaries', { ...SALES_POINTER, serving: 2 });
    expect((await figures({ by: 'day' })).total.orders).toBe(1);
  });

  it('are read again when another generation began to serve meanwhile', async () => {
    await count(2, ...SALES.slice(0, 1));
    await count(1, ...SALES);
    const { summaries } = tables;
    let reads = 0;
    const sales = new SalesReader({
      read: async (key) => {
        reads += 1;
        if (reads === 2) await tables.put('summaries', { ...SALES_POINTER, serving: 2 });
        return summaries.read(key);
      },
      range: (...range) => summaries.range(...range),
    });

    const { body } = await getSales({ query: { by: 'day' } }, sales, 'GBP');

    expect(body).toMatchObject({ total: { orders: 1 } });
    expect(reads).toBe(3);
  });

  it('make the funnel, together with orders under way', async () => {
    await count(1, ...SALES, ...LOST);
    await tables.keepOrder({ orderId: 'open-1', placedAt: '2011-11-14T00:00:00Z', status: 'PAID' });
    await tables.keepOrder({ orderId: 'open-2', placedAt: '2011-11-14T00:00:00Z' });

    const { body } = await ask(tables, 'GET /funnel');

    expect(body).toEqual({
      reached: { PLACED: 8, VALIDATED: 6, PAID: 6, ALLOCATED: 4, SHIPPED: 4 },
      ends: { SHIPPED: 4, REJECTED: 2, CANCELLED: 0, FAILED: 0 },
      open: { PLACED: 1, VALIDATED: 0, PAID: 1, ALLOCATED: 0 },
      reasons: [
        { cause: 'OrderInvalid', as: 'REJECTED', orders: 1 },
        { cause: 'OutOfStock', as: 'REJECTED', orders: 1 },
      ],
    });
  });

  it('of some days make a funnel of the orders that have ended', async () => {
    await count(1, ...SALES, ...LOST);
    await tables.keepOrder({ orderId: 'open-1', placedAt: '2011-12-01T00:00:00Z' });

    const { body } = await ask(tables, 'GET /funnel', { query: { from: '2011-12-01', to: '2011-12-31' } });

    expect(body).toEqual({
      from: '2011-12-01',
      to: '2011-12-31',
      reached: { PLACED: 2, VALIDATED: 1, PAID: 1, ALLOCATED: 1, SHIPPED: 1 },
      ends: { SHIPPED: 1, REJECTED: 1, CANCELLED: 0, FAILED: 0 },
      open: null,
      reasons: [{ cause: 'OrderInvalid', as: 'REJECTED', orders: 1 }],
    });
  });
});
