import * as z from 'zod/mini';
import { ORDER_EVENTS, PRODUCT_EVENTS, STOCK_EVENTS } from './event-names.ts';
import { ORDER_STATUSES } from './status.ts';

const envelope = {
  /** Stream record id + `/` + type: equal for every delivery of the same fact. */
  eventId: z.string(),
  schemaVersion: z.literal(1),
  /** ISO 8601, UTC. */
  occurredAt: z.string(),
  /** One sentence a person can read. */
  message: z.string(),
  /** X-Ray trace header of whatever began it, if known. */
  trace: z.optional(z.string()),
};

const subject = <Kind extends string>(kind: Kind) =>
  z.object({ kind: z.literal(kind), id: z.string(), itemVersion: z.number() });

/** An order as events show it: no mail address, name, street or payment token. Who needs those reads the order. */
export const eventOrderSchema = z.object({
  customerId: z.optional(z.string()),
  country: z.optional(z.string()),
  currency: z.optional(z.string()),
  total: z.optional(z.string()),
  placedAt: z.optional(z.string()),
  lineCount: z.number(),
  units: z.number(),
  /** Absent when there are more than MOST_EVENT_LINES, or one of them is for no SKU. */
  lines: z.optional(z.array(z.object({ sku: z.string(), quantity: z.number() }))),
  /** Why it was rejected, cancelled or failed: the name of the error. */
  cause: z.optional(z.string()),
});

export const orderEventSchema = z.object({
  ...envelope,
  type: z.enum(ORDER_EVENTS),
  subject: subject('order'),
  previousStatus: z.optional(z.enum(ORDER_STATUSES)),
  status: z.optional(z.enum(ORDER_STATUSES)),
  order: eventOrderSchema,
});
export type OrderEvent = z.infer<typeof orderEventSchema>;

export const productEventSchema = z.object({
  ...envelope,
  type: z.enum(PRODUCT_EVENTS),
  subject: subject('product'),
  product: z.object({
    name: z.optional(z.string()),
    unitPrice: z.optional(z.string()),
    currency: z.optional(z.string()),
  }),
});
export type ProductEvent = z.infer<typeof productEventSchema>;

export const stockEventSchema = z.object({
  ...envelope,
  type: z.enum(STOCK_EVENTS),
  subject: subject('stock'),
  stock: z.object({ available: z.number() }),
});
export type StockEvent = z.infer<typeof stockEventSchema>;

/** Any event of ours; fields a consumer does not know are left out, not refused. */
export const eventSchema = z.discriminatedUnion('type', [
  orderEventSchema,
  productEventSchema,
  stockEventSchema,
]);
export type DomainEvent = OrderEvent | ProductEvent | StockEvent;
