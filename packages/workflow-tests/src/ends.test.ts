import type { Order } from '@orderstream/domain';
import { describeOnTables } from '@orderstream/test-engine';
import { violations } from './laws.ts';
import { Shop } from './shop.ts';
import { runWorkflow } from './workflow.ts';

const to = (line1: string): Partial<Order> => ({
  shippingAddress: { name: 'A. Customer', line1, city: 'Leeds', country: 'United Kingdom' },
});
const line = (change: Partial<Order['lines'][number]>): Partial<Order> => ({
  lines: [{ sku: 'Odd', quantity: 1, unitPrice: '1.00', ...change }],
});

describeOnTables('an order', () => {
  const shop = new Shop();
  afterAll(() => shop.close());

  it.each<[string, Partial<Order>, string, string | undefined]>([
    ['with a good token', { paymentToken: 'tok_approve' }, 'SHIPPED', undefined],
    ['whose payment is declined', { paymentToken: 'tok_decline' }, 'REJECTED', 'PaymentDeclined'],
    ['with an unknown token', { paymentToken: 'tok_stolen' }, 'REJECTED', 'PaymentDeclined'],
    ['whose gateway answers at the third call', { paymentToken: 'tok_unavailable_2' }, 'SHIPPED', undefined],
    [
      'whose gateway never answers',
      { paymentToken: 'tok_unavailable_99' },
      'FAILED',
      'PaymentGatewayUnavailable',
    ],
    ['whose gateway is slow', { paymentToken: 'tok_slow_5' }, 'SHIPPED', undefined],
    ['whose charge is made but not answered', { paymentToken: 'tok_lost_answer' }, 'SHIPPED', undefined],
    ['to an undeliverable address', to('Undeliverable'), 'REJECTED', 'UndeliverableAddress'],
    ['whose carrier answers at the third call', to('Unavailable 2'), 'SHIPPED', undefined],
    ['whose carrier never answers', to('Unavailable 99'), 'FAILED', 'CarrierUnavailable'],
    ['whose carrier is slow', to('Slow 5'), 'SHIPPED', undefined],
    ['whose shipment is made but not answered', to('Lost answer'), 'SHIPPED', undefined],
    ['with a price of 0', line({ unitPrice: '0' }), 'REJECTED', 'OrderInvalid'],
    ['with a negative quantity', line({ quantity: -1 }), 'REJECTED', 'OrderInvalid'],
    ['with a total that is wrong', { total: '1.00' }, 'REJECTED', 'OrderInvalid'],
    ['that asks for more than there is', line({ quantity: 10_001 }), 'REJECTED', 'OutOfStock'],
    ['that asks for all there is', line({ sku: 'Just', quantity: 10_000 }), 'SHIPPED', undefined],
    ['with a hostile SKU', line({ sku: '__proto__' }), 'SHIPPED', undefined],
  ])('%s ends as it should', async (_, change, status, cause) => {
    const orderId = await shop.place(change);

    await runWorkflow(shop.invoke, orderId);

    const ended = await shop.look(orderId);
    expect([ended.order.status, ended.order.closing?.cause]).toEqual([status, cause]);
    expect(violations(ended)).toEqual([]);
  });

  it('that has the same SKU on several lines is allocated once for their sum', async () => {
    const lines = [3, 4, 5].map((quantity) => ({ sku: 'Thrice', quantity, unitPrice: '0.001' }));
    const orderId = await shop.place({ lines });

    await runWorkflow(shop.invoke, orderId);

    const ended = await shop.look(orderId);
    expect(ended.stock).toMatchObject([{ sku: 'Thrice', shipped: 12, available: 9_988 }]);
    expect(violations(ended)).toEqual([]);
  });

  it('of 1,000 distinct SKUs ships', async () => {
    const orderId = await shop.place({}, { skus: 1_000 });

    await runWorkflow(shop.invoke, orderId);

    const ended = await shop.look(orderId);
    expect(ended.order.status).toBe('SHIPPED');
    expect(ended.markers).toHaveLength(11);
    expect(violations(ended)).toEqual([]);
  });

  it('of 1,000 distinct SKUs gives 999 of them back when the last is out of stock', async () => {
    const orderId = await shop.place({}, { skus: 1_000, ofLast: 0 });

    await runWorkflow(shop.invoke, orderId);

    const ended = await shop.look(orderId);
    expect(ended.order).toMatchObject({ status: 'REJECTED', closing: { cause: 'OutOfStock' } });
    expect(ended.order.closing?.message).toContain(ended.stock.at(-1)?.sku);
    expect(ended.markers.filter(({ state }) => state === 'released')).toHaveLength(11);
    expect(ended.stock.every(({ available, received }) => available === received)).toBe(true);
    expect(violations(ended)).toEqual([]);
  });
});
