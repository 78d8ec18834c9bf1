import { linesTotal, openShard, placedShard, type Order } from '@orderstream/domain';
import { disableRules } from '../event-rules.ts';
import { enableMappings } from '../event-source-mappings.ts';
import { addProducts, receiveGoods } from '../replay/write.ts';
import { CATALOGUE } from '../sample/catalogue.ts';
import { randomFrom } from '../sample/random.ts';
import type { Session } from '../session.ts';

/** Leaves the workflow alone: no reader of a stream but the dispatcher, and nobody to whom events go. */
export async function consumersOff(session: Session): Promise<void> {
  await enableMappings(session, false, (name) => !name.endsWith('-stream-dispatcher'));
  await disableRules(session);
}

/** Products, and so much of each that no order finds it sold out. */
export async function stockUp(session: Session): Promise<void> {
  await addProducts(session, CATALOGUE);
  await receiveGoods(session, 'bench', new Map(CATALOGUE.map(({ sku }) => [sku, 100_000_000])));
}

/** Valid orders of one to five lines, the same at every run, numbered from `first`. */
export function benchOrders(prefix: string, count: number, first = 0): Order[] {
  const random = randomFrom(7 + first);
  return Array.from({ length: count }, (_, place) => {
    const index = first + place;
    const orderId = `${prefix}-${String(index).padStart(6, '0')}`;
    const now = Date.now();
    const placedAt = new Date(now).toISOString();
    const lines = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const product = CATALOGUE[Math.floor(random() * CATALOGUE.length)];
      return { sku: product?.sku ?? 'MUG-HERON', quantity: 1, unitPrice: product?.unitPrice ?? '1' };
    });
    return {
      orderId,
      schemaVersion: 1,
      itemVersion: now,
      status: 'PLACED',
      customerId: `customer-${index % 500}`,
      placedAt,
      updatedAt: placedAt,
      updatedBy: 'bench',
      country: 'United Kingdom',
      currency: 'GBP',
      lines,
      shipping: '0',
      tax: '0',
      total: linesTotal(lines),
      paymentToken: 'tok_approve',
      shippingAddress: { name: 'Bench', line1: '1 Bench Street', city: 'Leeds', country: 'United Kingdom' },
      openShard: openShard(orderId),
      placedShard: placedShard(orderId, placedAt),
    };
  });
}
