import { AlreadyClosed, closingFor, isOpen, OrderNotFound, type OrderHeader } from '@orderstream/domain';
import { closingOrder, type OrdersTable, type StageInput, type StageOutput } from '@orderstream/lambda-kit';

/** What an execution is closed for when the state machine says nothing of it. */
const UNKNOWN = { name: 'Unknown', message: 'The workflow ended without telling why.' };

/**
 * Begins compensation: decides how the order will end, and keeps stages from moving it. The first cause wins: an order
 * that is being closed already stays as it was decided, and its compensation goes on.
 *
 * @throws AlreadyClosed when it is shipped or closed.
 */
export async function beginClosing(
  orders: Pick<OrdersTable, 'beginClosing'>,
  input: StageInput,
): Promise<StageOutput> {
  return decide(orders, input, {});
}

async function decide(
  orders: Pick<OrdersTable, 'beginClosing'>,
  input: StageInput,
  known: Pick<OrderHeader, 'cancelRequestedAt'>,
): Promise<StageOutput> {
  const { orderId, failure = UNKNOWN } = input;
  const closing = closingFor(known, failure, new Date().toISOString());
  const { done, order } = await orders.beginClosing(orderId, closing);
  if (order === undefined) throw new OrderNotFound(orderId);
  const { status } = order;
  if (!isOpen(status)) throw new AlreadyClosed(orderId, status);
  if (done || order.closing !== undefined) return { orderId, status };
  // It refused because its customer cancelled it meanwhile, which is now the cause.
  return decide(orders, input, order);
}

/**
 * Writes the order's end once compensation is complete: the one that closing named. Only here an order becomes FAILED.
 *
 * @throws AlreadyClosed when it was shipped; InvalidStageInput when closing never began.
 */
export async function finishClosing(
  orders: Pick<OrdersTable, 'finishClosing'>,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const { done, order } = await orders.finishClosing(orderId);
  const { status, closing } = closingOrder(orderId, order);
  if (!done && status !== closing?.as) throw new AlreadyClosed(orderId, status);
  return { orderId, status };
}
