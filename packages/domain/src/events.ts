import * as z from 'zod';
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
  trace: z.string().optional(),
};

const subject = <Kind extends string>(kind: Kind) =>
  z.object({ kind: z.literal(kind), id: z.string(), itemVersion: z.number() });

/** An order as events show it: no mail address, name, street or payment token. Who needs those reads the order. */
export const eventOrderSchema = z.object({
  customerId: z.string().optional(),
  country: z.string().optional(),
  currency: z.string().optional(),
  total: z.string().optional(),
  placedAt: z.string().optional(),
  lineCount: z.number(),
  units: z.number(),
  /** Absent when there are more than MOST_EVENT_LINES. */
  lines: z.array(z.object({ sku: z.string(), quantity: z.number() })).optional(),
  /** Why it was rejected, cancelled or failed: the name of the error. */
  cause: z.string().optional(),
});

export const orderEventSchema = z.object({
  ...envelope,
  type: z.enum(ORDER_EVENTS),
  subject: subject('order'),
  previousStatus: z.enum(ORDER_STATUSES).optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  order: eventOrderSchema,
});
export type OrderEvent = z.infer<typeof orderEventSchema>;

export const productEventSchema = z.object({
  ...envelope,
  type: z.enum(PRODUCT_EVENTS),
  subject: subject('product'),
  product: z.object({
    name: z.string().optional(),
    unitPrice: z.string().optional(),
    currency: z.string().optional(),
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
