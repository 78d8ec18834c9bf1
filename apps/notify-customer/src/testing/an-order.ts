import type { StoredOrder } from '@orderstream/lambda-kit';

/** A valid order, just placed, whose customer can be reached by mail and SMS. */
export function anOrder(change: Partial<StoredOrder> = {}): StoredOrder {
  const at = '2026-01-01T09:30:00.000Z';
  return {
    orderId: 'order-1',
    schemaVersion: 1,
    status: 'PLACED',
    itemVersion: 1_767_260_000_000,
    customerId: 'customer-1',
    email: 'ada@mail.example',
    phone: '+44 20 7946 0000',
    smsUpdates: true,
    placedAt: at,
    updatedAt: at,
    updatedBy: 'order-api',
    country: 'United Kingdom',
    currency: 'GBP',
    lines: [
      { sku: 'MUG', description: 'Red mug', quantity: 2, unitPrice: '9.50' },
      { sku: 'CUP', quantity: 1, unitPrice: '0.001' },
    ],
    shipping: '4.95',
    tax: '4.79',
    total: '28.741',
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      city: 'London',
      postcode: 'SW1Y 4JH',
      country: 'United Kingdom',
    },
    openShard: 'open#1',
    placedShard: '2026-01-01#1',
    ...change,
  };
}

/** An order that was closed for a business error, or by its customer. */
export function aClosedOrder(cause: string, change: Partial<StoredOrder> = {}): StoredOrder {
  const as = cause === 'CancellationRequested' ? 'CANCELLED' : 'REJECTED';
  const closing = { as, cause, message: 'for the staff', at: '2026-01-01T09:31:00.000Z' } as const;
  return anOrder({ status: as, closing, ...change });
}
