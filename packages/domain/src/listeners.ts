import { ORDER_EVENTS, PRODUCT_EVENTS, type EventType } from './event-names.ts';

/** Which events each consumer of the bus asks for, by app. The stack's rules and the catalogue are made from it. */
export const LISTENERS = {
  'notify-customer': ['OrderPlaced', 'OrderShipped', 'OrderRejected', 'OrderCancelled'],
  'track-sales': ['OrderShipped', 'OrderRejected', 'OrderCancelled', 'OrderFailed'],
  'refresh-cache': [...ORDER_EVENTS, ...PRODUCT_EVENTS],
  'index-products': [...PRODUCT_EVENTS, 'StockOut', 'StockBack'],
} as const satisfies Readonly<Record<string, readonly EventType[]>>;
