/** Every status an order can have, in the order of the workflow; the last four are ends. */
export const ORDER_STATUSES = [
  'PLACED',
  'VALIDATED',
  'PAID',
  'ALLOCATED',
  'SHIPPED',
  'REJECTED',
  'CANCELLED',
  'FAILED',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** An end that compensation leads to: business reason, the customer's wish, or a technical failure. */
export type ClosedAs = 'REJECTED' | 'CANCELLED' | 'FAILED';

/** The one transition table: what is not in it cannot be written. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PLACED: ['VALIDATED', 'REJECTED', 'CANCELLED', 'FAILED'],
  VALIDATED: ['PAID', 'REJECTED', 'CANCELLED', 'FAILED'],
  PAID: ['ALLOCATED', 'REJECTED', 'CANCELLED', 'FAILED'],
  ALLOCATED: ['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED'],
  SHIPPED: [],
  REJECTED: [],
  CANCELLED: [],
  FAILED: [],
};

/** Open orders still have a workflow to finish. */
export const OPEN_STATUSES: readonly OrderStatus[] = ORDER_STATUSES.filter(
  (status) => TRANSITIONS[status].length > 0,
);

export function isOrderStatus(value: unknown): value is OrderStatus {
  return ORDER_STATUSES.some((status) => status === value);
}

export function isOpen(status: OrderStatus): boolean {
  return TRANSITIONS[status].length > 0;
}

export function mayMove(from: OrderStatus, to: OrderStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Whether an order in `status` has `reached` already: it stands there, or beyond it on the way to SHIPPED. */
export function hasReached(
  status: OrderStatus,
  reached: 'VALIDATED' | 'PAID' | 'ALLOCATED' | 'SHIPPED',
): boolean {
  const way: readonly OrderStatus[] = ['PLACED', 'VALIDATED', 'PAID', 'ALLOCATED', 'SHIPPED'];
  return way.indexOf(status) >= way.indexOf(reached);
}
