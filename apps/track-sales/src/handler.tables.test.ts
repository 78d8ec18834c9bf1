import type { handler as trackSales } from './handler.ts';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { endEvent, Shop } from './testing/shop.ts';

describeOnTables('the function', () => {
  let engine: Engine;
  let shop: Shop;
  let handler: typeof trackSales;

  beforeAll(async () => {
    engine = await Engine.start();
    shop = await Shop.open(engine.endpoint, 'handler');
    await shop.keep({
      orderId: 'a',
      placedAt: '2011-11-14T13:00:00Z',
      lines: [{ sku: 'MUG', quantity: 1, unitPrice: '1' }],
    });
    process.env['AWS_ENDPOINT_URL'] = engine.endpoint;
    ({ handler } = await import('./handler.ts'));
  });

  afterAll(() => engine.stop());

  const busEvent = (detail: object) => ({
    id: 'e',
    source: 'orderstream.orders',
    'detail-type': 'OrderShipped',
    detail,
  });
  const message = (messageId: string, detail: object) => ({
    messageId,
    body: JSON.stringify(busEvent(detail)),
  });

  it('counts a batch from its queue, and reports those alone that failed', async () => {
    const Records = [
      message('1', endEvent('a')),
      message('2', endEvent('gone')),
      message('3', { ...endEvent('a'), schemaVersion: 2 }),
    ];

    const answer = await handler({ Records } as unknown as Parameters<typeof handler>[0]);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] });
    expect(await shop.figures('day', 1, '2011-11')).toEqual([
      { key: '2011-11-14', orders: 1, units: 1, revenue: '1' },
    ]);
  });

  it('fails at an event straight from the rule that it cannot count', async () => {
    await expect(handler(busEvent(endEvent('gone')))).rejects.toThrow(
      'Order gone is not in the orders table',
    );
  });

  it('answers an operator', async () => {
    const begin = { rebuild: 'begin' } as unknown as Parameters<typeof handler>[0];

    expect(await handler(begin)).toEqual({ generation: 2 });
  });
});
