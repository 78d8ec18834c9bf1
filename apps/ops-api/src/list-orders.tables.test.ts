import { placedShard } from '@orderstream/domain';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { ask } from './testing/requests.ts';
import { Tables } from './testing/tables.ts';

describeOnTables('GET /orders', () => {
  let engine: Engine;
  let tables: Tables;

  /** All ids of a list, page by page, and how many pages it took. */
  async function listed(query: Record<string, string> = {}): Promise<{ ids: string[]; pages: number }> {
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { status, body } = await ask(tables, 'GET /orders', {
        query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
      });
      expect(status).toBe(200);
      ids.push(...body.orders.map(({ orderId }: { orderId: string }) => orderId));
      cursor = body.cursor;
      pages += 1;
    } while (cursor !== undefined);
    return { ids, pages };
  }

  const shipped = { status: 'SHIPPED', openShard: undefined };

  beforeAll(async () => {
    engine = await Engine.start();
    tables = await Tables.open(engine.endpoint, '1');
    // Thirty orders of one second on the 9th, and others around them.
    for (let n = 10; n < 40; n += 1) {
      await tables.keepOrder({ orderId: `same-${n}`, placedAt: '2026-01-09T10:00:00.000Z', ...shipped });
    }
    await tables.keepOrder({ orderId: 'today', placedAt: '2026-01-10T12:00:00.000Z' });
    await tables.keepOrder({
      orderId: 'week-old',
      placedAt: '2026-01-04T00:00:00.000Z',
      status: 'REJECTED',
      openShard: undefined,
    });
    await tables.keepOrder({ orderId: 'older', placedAt: '2026-01-03T23:59:59.999Z', customerId: 'ada' });
    await tables.keepOrder({
      orderId: 'ancient',
      placedAt: '2011-11-14T13:00:00Z',
      updatedAt: '2026-01-10T12:30:00.000Z',
      status: 'PAID',
      customerId: 'ada',
    });
    await tables.keepOrder({
      orderId: 'ada',
      placedAt: '2011-11-13T13:00:00Z',
      customerId: 'x|1',
      ...shipped,
    });
    for (const n of [1, 2, 3])
      await tables.keepOrder({ orderId: `late-${n}`, placedAt: `2011-11-21T0${n}:00:00Z`, ...shipped });
    await tables.keepOrder({
      orderId: 'strange',
      placedAt: 'at some time',
      placedShard: placedShard('strange', '2011-11-20'),
      status: 'REJECTED',
      openShard: undefined,
    });
  }, 20_000);

  afterAll(() => engine.stop());

  const SAME = Array.from({ length: 30 }, (_, n) => `same-${39 - n}`);

  it('without a query lists the last seven days, newest first', async () => {
    expect(await listed({ limit: '100' })).toEqual({ ids: ['today', ...SAME, 'week-old'], pages: 1 });
  });

  it.each(['1', '7', '20', '31', '32'])(
    'pages of %s show the same, though many orders share a second',
    async (limit) => {
      const { ids, pages } = await listed({ limit });

      expect(ids).toEqual(['today', ...SAME, 'week-old']);
      expect(pages).toBeLessThanOrEqual(Math.ceil(32 / Number(limit)) + 1);
    },
  );

  it.each<[string, Record<string, string>, string]>([
    ['before all days', { from: '2026-01-10', to: '2026-01-10' }, JSON.stringify(['2026-01-10', '', 'x'])],
    ['before all orders under way', { status: 'PAID' }, JSON.stringify(['', '', 'x'])],
    ['before the days asked for', { q: 'grace', from: '2026-01-09' }, JSON.stringify(['', '2011', 'x'])],
  ])('a cursor that lies %s finds nothing', async (_, query, cursor) => {
    const { status, body } = await ask(tables, 'GET /orders', {
      query: { ...query, cursor: Buffer.from(cursor).toString('base64url') },
    });

    expect([status, body.orders]).toEqual([200, []]);
  });

  it('shows summaries alone', async () => {
    const { body } = await ask(tables, 'GET /orders', { query: { from: '2026-01-10', to: '2026-01-10' } });

    expect(body).toEqual({
      orders: [
        {
          orderId: 'today',
          status: 'PLACED',
          placedAt: '2026-01-10T12:00:00.000Z',
          total: '1.00',
          currency: 'GBP',
        },
      ],
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ from: '2026-01-04', to: '2026-01-08' }, ['week-old']],
    [{ from: '2026-01-03', to: '2026-01-03' }, ['older']],
    [{ to: '2026-01-09', status: 'REJECTED' }, ['week-old']],
    [{ from: '2026-01-10' }, ['today']],
    [{ status: 'REJECTED' }, ['week-old']],
    [{ from: '2011-11-14', to: '2011-11-14' }, ['ancient']],
    [{ from: '2011-11-01', to: '2011-11-20', limit: '1' }, ['strange', 'ancient', 'ada']],
    [{ from: '2011-11-20', to: '2011-11-22', limit: '2' }, ['late-3', 'late-2', 'late-1', 'strange']],
  ])('%j lists %j', async (query, ids) => {
    expect((await listed(query)).ids).toEqual(ids);
  });

  it('looks through a month at once: a page without orders has a cursor to go on with', async () => {
    const query = { from: '2011-11-01', to: '2011-12-31' };
    const first = await ask(tables, 'GET /orders', { query });

    expect(first.body).toEqual({ orders: [], cursor: expect.any(String) });
    expect(await listed(query)).toEqual({
      ids: ['late-3', 'late-2', 'late-1', 'strange', 'ancient', 'ada'],
      pages: 2,
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ status: 'PLACED' }, ['today', 'older']],
    [{ status: 'PAID' }, ['ancient']],
    [{ status: 'PLACED', limit: '1' }, ['today', 'older']],
    [{ status: 'PLACED', from: '2026-01-04' }, ['today']],
  ])('of open orders, %j lists %j, however old they are', async (query, ids) => {
    expect((await listed(query)).ids).toEqual(ids);
  });

  it('of open orders also tells when they were last changed', async () => {
    const { body } = await ask(tables, 'GET /orders', { query: { status: 'PAID' } });

    expect(body.orders).toEqual([
      {
        orderId: 'ancient',
        status: 'PAID',
        placedAt: '2011-11-14T13:00:00Z',
        updatedAt: '2026-01-10T12:30:00.000Z',
        total: '1.00',
        currency: 'GBP',
      },
    ]);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ q: 'ancient' }, ['ancient']],
    [{ q: 'ancient', status: 'PAID', from: '2011-11-14', to: '2011-11-14' }, ['ancient']],
    [{ q: 'ancient', status: 'SHIPPED' }, []],
    [{ q: 'ancient', from: '2011-11-15' }, []],
    [{ q: 'ada' }, ['ada']],
    [{ q: 'x|1' }, ['ada']],
    [{ q: 'grace', status: 'REJECTED', limit: '1' }, ['strange', 'week-old']],
    [{ q: 'grace', from: '2026-01-09', to: '2026-01-09', limit: '11' }, SAME],
    [{ q: 'nobody' }, []],
  ])('of one order or customer, %j lists %j', async (query, ids) => {
    expect((await listed(query)).ids).toEqual(ids);
  });
});
