import { openShard } from './ids.ts';
import type { Order } from './order.ts';

/** A valid order, just placed, with everything an order can have of its customer. */
export function anOrder(change: Partial<Order> = {}): Order {
  const at = '2026-01-01T09:30:00.000Z';
  return {
    orderId: 'order-1',
    schemaVersion: 1,
    status: 'PLACED',
    itemVersion: 1_767_260_000_000,
    customerId: 'customer-1',
    email: 'ada@mail.example',
    phone: '+44 20 7946 0000',
    placedAt: at,
    updatedAt: at,
    updatedBy: 'order-api',
    country: 'United Kingdom',
    currency: 'GBP',
    lines: [
      { sku: 'MUG', description: 'Red mug', quantity: 2, unitPrice: '9.50' },
      { sku: 'mug', quantity: 1, unitPrice: '0.001' },
    ],
    shipping: '4.95',
    tax: '4.79',
    total: '28.741',
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      city: 'London',
      country: 'United Kingdom',
    },
    openShard: openShard(change.orderId ?? 'order-1'),
    placedShard: '2026-01-01#1',
    ...change,
  };
}
