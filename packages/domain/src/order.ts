import * as z from 'zod/mini';
import { en } from 'zod/locales';
import { isOrderId, isSku, openShard } from './ids.ts';
import { isInstant } from './instant.ts';
import { compareMoney, isDecimal, orderTotal } from './money.ts';
import { OPEN_STATUSES, ORDER_STATUSES } from './status.ts';

z.config(en());

/** Most lines an order may have; the largest real ones have 1,114, and an item stops at 400 KB. */
export const MOST_LINES = 2_000;

const decimal = z.string().check(z.refine(isDecimal, 'must be a decimal string such as "12.50"'));
const amount = decimal.check(z.refine((value) => !value.startsWith('-'), 'must not be negative'));
const text = (longest: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(longest));

export const orderIdSchema = z.string().check(z.refine(isOrderId, 'must be 1 to 64 of A–Z a–z 0–9 _ -'));
export const skuSchema = z.string().check(z.refine(isSku, 'must be 1 to 64 printable characters'));

/** One line of an order. The price is the line's own: the same SKU may stand in an order at several prices. */
export const orderLineSchema = z.object({
  sku: skuSchema,
  description: z.optional(z.string().check(z.maxLength(500))),
  quantity: z.int().check(z.minimum(1, 'must be at least 1'), z.maximum(1_000_000)),
  unitPrice: amount.check(
    z.refine((value) => isDecimal(value) && compareMoney(value, '0') > 0, 'must be more than 0'),
  ),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** Where an order goes. The sandbox carrier decides by `line1` (see sandbox.ts). */
export const addressSchema = z.object({
  name: text(200),
  line1: text(200),
  line2: z.optional(text(200)),
  city: text(200),
  postcode: z.optional(text(20)),
  country: text(100),
});
export type Address = z.infer<typeof addressSchema>;

const closingSchema = z.object({
  as: z.enum(['REJECTED', 'CANCELLED', 'FAILED']),
  /** Name of the error that led here. */
  cause: z.string(),
  message: z.string(),
  at: z.string(),
});
/** Set first when an order is compensated; from then on no stage moves it forward. */
export type Closing = z.infer<typeof closingSchema>;

/** What can be read of any stored order, however bad its lines are: enough to find, move and close it. */
export const orderHeaderSchema = z.object({
  orderId: orderIdSchema,
  status: z.enum(ORDER_STATUSES),
  itemVersion: z.number(),
  customerId: z.optional(z.string()),
  placedAt: z.string(),
  updatedAt: z.string(),
  cancelRequestedAt: z.optional(z.string()),
  shippingStartedAt: z.optional(z.string()),
  closing: z.optional(closingSchema),
  trace: z.optional(z.string()),
  /** How often its workflow was started again; the name of its newest execution ends with it. */
  restarts: z.optional(z.int().check(z.minimum(1))),
});
export type OrderHeader = z.infer<typeof orderHeaderSchema>;

/** An order as stored, complete and valid: what every stage after ValidateOrder may rely on. */
export const orderSchema = z.extend(orderHeaderSchema, {
  schemaVersion: z.literal(1),
  updatedBy: z.string(),
  email: z.optional(z.string()),
  phone: z.optional(z.string()),
  /** Whether the customer wants to hear by SMS, too. */
  smsUpdates: z.optional(z.boolean()),
  /** As the customer or the import wrote it. */
  country: text(100),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/, 'must be a currency code such as GBP')),
  lines: z
    .array(orderLineSchema)
    .check(z.minLength(1, 'must have at least one line'), z.maxLength(MOST_LINES)),
  shipping: amount,
  tax: amount,
  /** lines + shipping + tax, exact. */
  total: amount,
  paymentToken: text(200),
  shippingAddress: addressSchema,
  openShard: z.optional(z.string()),
  placedShard: z.string(),
  chargeIntent: z.optional(z.object({ key: z.string(), at: z.string() })),
  charge: z.optional(z.object({ chargeId: z.string(), amount, at: z.string() })),
  shipment: z.optional(z.object({ shipmentId: z.string(), at: z.string() })),
  closedAt: z.optional(z.string()),
  /** The status at which an order stood that ended without being shipped. */
  closedFrom: z.optional(z.enum(OPEN_STATUSES)),
});
export type Order = z.infer<typeof orderSchema>;

const instant = z
  .string()
  .check(z.refine(isInstant, 'must be a time in UTC such as 2026-01-01T09:30:00.000Z'));
const unwritten = z.optional(z.never('is the workflow’s own, and written later'));

/** An order as it is placed: found by the indexes, and without anything that a stage takes for its own earlier run. */
const placedOrderSchema = z.extend(orderSchema, {
  placedAt: instant,
  updatedAt: instant,
  openShard: z.string(),
  chargeIntent: unwritten,
  charge: unwritten,
  shippingStartedAt: unwritten,
  shipment: unwritten,
  closedFrom: unwritten,
});

/**
 * Everything that is wrong with an order just placed, as `field: problem` lines; empty when it may be paid for.
 * This is ValidateOrder's whole decision.
 *
 * @param currency the deployment's own; orders in another are not taken.
 */
export function orderProblems(stored: unknown, currency: string): string[] {
  const parsed = placedOrderSchema.safeParse(stored);
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => `${issue.path.join('.') || 'order'}: ${issue.message}`);
  }
  const order = parsed.data;
  const problems: string[] = [];
  const shard = openShard(order.orderId);
  if (order.openShard !== shard) problems.push(`openShard: must be ${shard} for this order id`);
  if (order.currency !== currency)
    problems.push(`currency: is ${order.currency}, but orders are in ${currency} here`);
  const total = orderTotal(order);
  if (compareMoney(total, order.total) !== 0)
    problems.push(`total: is ${order.total}, but lines + shipping + tax make ${total}`);
  return problems;
}
