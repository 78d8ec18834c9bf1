import { isOpen, type CachedOrder } from '@orderstream/domain';

/**
 * An order as its customer sees it: what was agreed and how it stands. Left out is what is ours: the payment token,
 * versions, shards, intents, the reason of a failure that is not the customer's. It is the same for an order of the table
 * and one of the cache, which holds what is needed here.
 */
export function orderView(order: Omit<CachedOrder, 'itemVersion'>) {
  const { orderId, status, placedAt, updatedAt, closing } = order;
  const reason = closing !== undefined && !isOpen(status) && closing.as !== 'FAILED' ? closing : undefined;
  return {
    orderId,
    status,
    placedAt,
    updatedAt,
    lines: order.lines?.map(({ sku, description, quantity, unitPrice }) => ({
      sku,
      description,
      quantity,
      unitPrice,
    })),
    shipping: order.shipping,
    tax: order.tax,
    total: order.total,
    currency: order.currency,
    shippingAddress: order.shippingAddress,
    email: order.email,
    phone: order.phone,
    cancelRequestedAt: order.cancelRequestedAt,
    shipment: order.shipment,
    reason: reason?.message,
  };
}

/** An order in a list: what the customer's index holds of it. */
export function orderSummary(item: Readonly<Record<string, unknown>>) {
  const { orderId, status, placedAt, total, currency } = item;
  return { orderId, status, placedAt, total, currency };
}
