import { randomBytes } from 'node:crypto';
import {
  firstItemVersion,
  linesTotal,
  openShard,
  placedShard,
  type Decimal,
  type Order,
} from '@orderstream/domain';

/** Who smoke orders belong to, and who writes and removes them. */
export const SMOKE = 'smoke';
/** What they order: a name that no shop gives to goods. It is in no catalogue, so that no customer sees it or can order it. */
export const SMOKE_SKU = 'SMOKE-TEST-ORDERSTREAM';
/** Above Stripe's least amount in the currencies of most shops: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const SMOKE_PRICE = '200.00';
/** Takes mail and answers nothing: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const MAILBOX = 'success@simulator.amazonses.com';
/** Of its own, so that their sales stand in rows of their own while they are there. */
const COUNTRY = 'Smoke test';

/** Begins the ids of a run's orders: an id is never used twice, because an execution's name cannot be. */
export function smokeRun(nowMs: number): string {
  const moment = new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${SMOKE}-${moment}-${randomBytes(3).toString('hex')}`;
}

export interface SmokeOrderOptions {
  readonly nowMs: number;
  readonly currency: string;
  /** Of one piece. */
  readonly price: Decimal;
  readonly token: string;
}

/** A valid order of one piece. */
export function smokeOrder(orderId: string, { nowMs, currency, price, token }: SmokeOrderOptions): Order {
  const lines = [{ sku: SMOKE_SKU, quantity: 1, unitPrice: price }];
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
