import { CATALOGUE, SOLD_OUT_SKU } from './catalogue.ts';
import { sampleOrders } from './orders.ts';

describe('the sample', () => {
  it('has at least forty products with names of their own', () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(40);
    expect(new Set(CATALOGUE.map(({ sku }) => sku)).size).toBe(CATALOGUE.length);
  });

  it('is the same for a seed and another for another', () => {
    expect(sampleOrders(50, 3)).toEqual(sampleOrders(50, 3));
    expect(sampleOrders(50, 3)).not.toEqual(sampleOrders(50, 4));
  });

  it('has customers with and without a telephone, who want SMS or not, and stay the same', () => {
    const orders = sampleOrders(300, 1);
    const wishes = orders.map(
      ({ customer, body }) => `${customer} ${body.phone ?? 'none'} ${body.smsUpdates}`,
    );

    expect(new Set(wishes).size).toBe(new Set(orders.map(({ customer }) => customer)).size);
    expect(new Set(orders.map(({ body }) => body.smsUpdates))).toEqual(new Set([undefined, true, false]));
  });

  it('shows every fate within its first six orders', () => {
    const fates = new Set(sampleOrders(6, 1).map(({ fate }) => fate));

    expect([...fates].sort()).toEqual([
      'cancelled',
      'declined',
      'out of stock',
      'ships',
      'troubled',
      'undeliverable',
    ]);
  });

  it('asks for what is sold out only where it is meant to', () => {
    for (const { fate, body } of sampleOrders(300, 1)) {
      expect(body.lines.some(({ sku }) => sku === SOLD_OUT_SKU)).toBe(fate === 'out of stock');
    }
  });
});
