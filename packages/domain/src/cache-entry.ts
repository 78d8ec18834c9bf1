import * as z from 'zod/mini';
import { orderHeaderSchema, orderSchema } from './order.ts';
import { productSchema } from './product.ts';

/** What the cache holds. */
export type CachedKind = 'order' | 'product';

/** The cache's key of an item. */
export function cacheKey(kind: CachedKind, id: string): string {
  return `${kind}#${id}`;
}

const { orderId, status, itemVersion, customerId, placedAt, updatedAt, cancelRequestedAt } =
  orderHeaderSchema.shape;
const text = z.optional(z.string());

/**
 * An order in the cache: whose it is, its version and what its customer is shown; nothing else, above all no payment
 * token. Parsing an item of the table with it leaves out the rest, parsing an entry of the cache makes sure of it. It
 * asks less of the values than {@link orderSchema}: a customer sees a rejected order with what was wrong in it. A
 * forgotten order is cached without whose it was, also while the table still knows.
 */
export const cachedOrderSchema = z
  .object({
    orderId,
    status,
    itemVersion,
    customerId,
    placedAt,
    updatedAt,
    cancelRequestedAt,
    closing: z.optional(z.object({ as: z.enum(['REJECTED', 'CANCELLED', 'FAILED']), message: z.string() })),
    lines: z.optional(
      z.array(z.object({ sku: z.string(), description: text, quantity: z.number(), unitPrice: z.string() })),
    ),
    shipping: text,
    tax: text,
    total: text,
    currency: text,
    shippingAddress: z.optional(orderSchema.shape.shippingAddress),
    email: text,
    phone: text,
    shipment: orderSchema.shape.shipment,
    forgottenAt: text,
  })
  .check(
    z.overwrite((order) => (order.forgottenAt === undefined ? order : { ...order, customerId: undefined })),
  );
export type CachedOrder = z.infer<typeof cachedOrderSchema>;

const { sku, name, unitPrice, currency } = productSchema.shape;

/** A product in the cache: what the shop shows of it. */
export const cachedProductSchema = z.object({ sku, name, unitPrice, currency, itemVersion });
export type CachedProduct = z.infer<typeof cachedProductSchema>;
