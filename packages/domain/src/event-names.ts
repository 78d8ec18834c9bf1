// Apart from the schemas, so that who only reads changes and publishes does not bundle zod.

export const ORDER_EVENTS = [
  'OrderPlaced',
  'OrderValidated',
  'OrderPaid',
  'OrderAllocated',
  'OrderShipped',
  'OrderRejected',
  'OrderCancelled',
  'OrderFailed',
  'OrderRemoved',
] as const;
export const PRODUCT_EVENTS = ['ProductAdded', 'ProductChanged', 'ProductRemoved'] as const;
export const STOCK_EVENTS = ['StockLow', 'StockOut', 'StockBack'] as const;

export type OrderEventType = (typeof ORDER_EVENTS)[number];
export type ProductEventType = (typeof PRODUCT_EVENTS)[number];
export type StockEventType = (typeof STOCK_EVENTS)[number];
export type EventType = OrderEventType | ProductEventType | StockEventType;

/** `source` of our events on the bus, by what they speak of. */
export const EVENT_SOURCES = {
  order: 'orderstream.orders',
  product: 'orderstream.products',
  stock: 'orderstream.stock',
} as const;

/** Up to this many lines stand in an event; more become a count, so that an event stays far below 200 KB. */
export const MOST_EVENT_LINES = 200;
