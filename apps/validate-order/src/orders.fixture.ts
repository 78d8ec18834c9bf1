import type { Order } from '@orderstream/domain';

/** A valid order, just placed. */
export function placedOrder(change: Partial<Order> = {}): Order {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    orderId: 'order-1',
    schemaVersion: 1,
    status: 'PLACED',
    itemVersion: 1,
    placedAt: at,
    updatedAt: at,
    updatedBy: 'order-api',
    country: 'United Kingdom',
    currency: 'GBP',
    lines: [{ sku: 'A', quantity: 2, unitPrice: '1.0625' }],
    shipping: '0',
    tax: '0',
    total: '2.125',
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: 'A. Customer',
      line1: '1 High Street',
      city: 'Leeds',
      country: 'United Kingdom',
    },
    openShard: 'open#1',
    placedShard: '2026-01-01#1',
    ...change,
  };
}
