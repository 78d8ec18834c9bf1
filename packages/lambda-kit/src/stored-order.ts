import {
  AlreadyClosed,
  CancellationRequested,
  ClosingUnfinished,
  hasReached,
  InvalidStageInput,
  isOpen,
  isOrderId,
  isOrderStatus,
  OrderNotFound,
  shown,
  Throttled,
  type Order,
  type OrderHeader,
  type OrderStatus,
} from '@orderstream/domain';

/** An order as it stands in the table. Its header can be relied on; the rest only once it was VALIDATED. */
export type StoredOrder = OrderHeader & Partial<Omit<Order, keyof OrderHeader>>;

/** What a stage answers with: tiny, because the state machine's payload is limited and the order is in the table. */
export interface StageOutput {
  readonly orderId: string;
  readonly status: OrderStatus;
}

/** An item of the orders table is no order: its status is none that the domain knows. */
export class UnreadableOrder extends Error {
  override readonly name = 'UnreadableOrder';
}

/**
 * Reads an item of the orders table. Only the key and the status are looked at: our own writers made the rest of the
 * header, and ValidateOrder looks at all values once.
 *
 * @throws UnreadableOrder
 */
export function storedOrder(item: Record<string, unknown> | undefined): StoredOrder | undefined {
  if (item === undefined || isStoredOrder(item)) return item;
  const { orderId, status } = item;
  const id = isOrderId(orderId) ? `"${orderId}"` : shown(orderId);
  throw new UnreadableOrder(
    `The item ${id} of the orders table is no order: its status is ${shown(status)}. Correct the item.`,
  );
}

function isStoredOrder(item: object): item is StoredOrder {
  return 'orderId' in item && isOrderId(item.orderId) && 'status' in item && isOrderStatus(item.status);
}

/**
 * The order with all its values, which ValidateOrder found valid and nobody changes afterwards.
 *
 * @throws InvalidStageInput when it has not been validated.
 */
export function validatedOrder(order: StoredOrder): Order {
  if (isValidated(order)) return order;
  throw new InvalidStageInput('The stage', `order ${order.orderId} is ${order.status}, so not yet validated`);
}

function isValidated(order: StoredOrder): order is Order {
  return hasReached(order.status, 'VALIDATED');
}

/** A step of the workflow: the status that it finds and the one that it leaves. */
export interface Step {
  readonly from: 'PLACED' | 'VALIDATED' | 'PAID' | 'ALLOCATED';
  readonly to: 'VALIDATED' | 'PAID' | 'ALLOCATED' | 'SHIPPED';
}

/** How a stage finds an order: its work done by an earlier run, or ready for it. */
export type Standing = { readonly earlier: StageOutput } | { readonly ready: StoredOrder };

/**
 * How an order stands towards a step of the workflow.
 *
 * @throws OrderNotFound, AlreadyClosed, ClosingUnfinished, CancellationRequested as the workflow knows them;
 * InvalidStageInput when the order has not come as far as this step, or is paid by its status alone.
 */
export function standing(orderId: string, order: StoredOrder | undefined, step: Step): Standing {
  if (order === undefined) throw new OrderNotFound(orderId);
  const { status, closing } = order;
  if (closing !== undefined) {
    throw isOpen(status)
      ? new ClosingUnfinished(orderId, `as ${closing.as}`)
      : new AlreadyClosed(orderId, closing.as);
  }
  // A status is proof of earlier stages only with what they leave: whoever writes items may have written any.
  if ((status === 'PAID' || status === 'ALLOCATED') && order.charge === undefined)
    throw new InvalidStageInput('The stage', `order ${orderId} is ${status}, but was never charged`);
  if (hasReached(status, step.to)) return { earlier: { orderId, status } };
  if (!isOpen(status)) throw new AlreadyClosed(orderId, status);
  if (order.cancelRequestedAt !== undefined) throw new CancellationRequested(orderId);
  if (status === step.from) return { ready: order };
  throw new InvalidStageInput(
    'The stage',
    `it takes an order from ${step.from} to ${step.to}, but ${orderId} is ${status}`,
  );
}

/**
 * The earlier result of a stage whose forward write the order refused. See {@link standing} for what it throws.
 *
 * @throws Throttled should the order be ready after all: it changed in between, and the stage is to look again.
 */
export function refusedResult(orderId: string, order: StoredOrder | undefined, step: Step): StageOutput {
  const stands = standing(orderId, order, step);
  if ('earlier' in stands) return stands.earlier;
  throw new Throttled('The orders table', `order ${orderId} is being changed`);
}

/**
 * The order as compensation works on it: being closed, or closed already. Nothing is taken back from any other.
 *
 * @throws OrderNotFound; AlreadyClosed for a shipped one; InvalidStageInput where closing has not begun.
 */
export function closingOrder(orderId: string, order: StoredOrder | undefined): StoredOrder {
  if (order === undefined) throw new OrderNotFound(orderId);
  if (order.closing !== undefined) return order;
  if (!isOpen(order.status)) throw new AlreadyClosed(orderId, order.status);
  throw new InvalidStageInput('Compensation', `order ${orderId} is ${order.status} and is not being closed`);
}
