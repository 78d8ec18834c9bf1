import { randomBytes } from 'node:crypto';
import { firstItemVersion, linesTotal, openShard, placedShard, type Order } from '@orderstream/domain';

/** Who smoke orders belong to, and who writes and removes them. */
export const SMOKE = 'smoke';
/** What they order. It is in no catalogue, so that no customer sees it or can order it. */
export const SMOKE_SKU = 'SMOKE';
/** Takes mail and answers nothing: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const MAILBOX = 'success@simulator.amazonses.com';
/** Of its own, so that their sales stand in rows of their own while they are there. */
const COUNTRY = 'Smoke test';

/** Begins the ids of a run's orders: an id is never used twice, because an execution's name cannot be. */
export function smokeRun(nowMs: number): string {
  const moment = new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${SMOKE}-${moment}-${randomBytes(3).toString('hex')}`;
}

/** A valid order: one piece for one unit of the currency. */
export function smokeOrder(
  orderId: string,
  { nowMs, currency, token }: { readonly nowMs: number; readonly currency: string; readonly token: string },
): Order {
  const lines = [{ sku: SMOKE_SKU, quantity: 1, unitPrice: '1.00' }];
  const at = new Date(nowMs).toISOString();
  return {
    orderId,
    schemaVersion: 1,
    itemVersion: firstItemVersion(nowMs),
    status: 'PLACED',
    customerId: SMOKE,
    email: MAILBOX,
    placedAt: at,
    updatedAt: at,
    updatedBy: SMOKE,
    country: COUNTRY,
    currency,
    lines,
    shipping: '0',
    tax: '0',
    total: linesTotal(lines),
    paymentToken: token,
    shippingAddress: { name: 'Smoke test', line1: '1 Smoke Street', city: 'Smoketown', country: COUNTRY },
    openShard: openShard(orderId),
    placedShard: placedShard(orderId, at),
  };
}

/** Whether an item of the orders table is a smoke order: by more than its customer's name, which a token could have. */
export function isSmokeOrder(item: Readonly<Record<string, unknown>>): boolean {
  const { orderId, customerId, lines } = item;
  const [line, another]: unknown[] = Array.isArray(lines) ? lines : [];
  return (
    typeof orderId === 'string' &&
    orderId.startsWith(`${SMOKE}-`) &&
    customerId === SMOKE &&
    another === undefined &&
    Reflect.get(Object(line), 'sku') === SMOKE_SKU
  );
}
