import { anOrder } from './an-order.fixture.ts';
import { cachedOrderSchema, cachedProductSchema, cacheKey } from './cache-entry.ts';

it('an order in the cache is what its customer is shown', () => {
  const order = anOrder({ shipment: { shipmentId: 's-1', at: '2026-01-01T10:00:00.000Z' } });

  const cached = cachedOrderSchema.parse({ ...order, chargeIntent: { key: 'k', at: 'now' } });

  expect(cached).toEqual({
    orderId: order.orderId,
    status: order.status,
    itemVersion: order.itemVersion,
    customerId: order.customerId,
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
    lines: order.lines,
    shipping: order.shipping,
    tax: order.tax,
    total: order.total,
    currency: order.currency,
    shippingAddress: order.shippingAddress,
    email: order.email,
    phone: order.phone,
    shipment: order.shipment,
  });
  expect(JSON.stringify(cached)).not.toMatch(/tok_|Shard|updatedBy|chargeIntent/);
});

it('an order is cached with what was wrong in it', () => {
  const lines = [{ sku: ' ', quantity: -1, unitPrice: '0' }];

  expect(cachedOrderSchema.parse({ ...anOrder(), status: 'REJECTED', lines }).lines).toEqual(lines);
});

it('a forgotten order is cached as forgotten, without whose it was', () => {
  const cached = cachedOrderSchema.parse({ ...anOrder(), forgottenAt: '2026-01-01T00:00:00.000Z' });

  expect(cached.forgottenAt).toBe('2026-01-01T00:00:00.000Z');
  expect(JSON.stringify(cached)).not.toContain('customer-1');
  expect(Object.keys(cachedOrderSchema.shape)).toContain('forgottenAt');
});

it.each([
  ['an order without a version', { ...anOrder(), itemVersion: undefined }],
  ['lines that are none', { ...anOrder(), lines: [null] }],
])('%s is not cached', (_, item) => {
  expect(cachedOrderSchema.safeParse(item).success).toBe(false);
});

it('a product in the cache is what the shop shows', () => {
  const product = { sku: 'MUG', name: 'Mug', unitPrice: '4.25', currency: 'GBP', itemVersion: 7 };

  expect(cachedProductSchema.parse({ ...product, updatedBy: 'ops-api', margin: '0.9' })).toEqual(product);
});

it('keys of different kinds never meet', () => {
  expect(cacheKey('order', '1')).not.toBe(cacheKey('product', '1'));
});
