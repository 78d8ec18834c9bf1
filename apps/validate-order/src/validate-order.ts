import { OrderInvalid, orderProblems } from '@orderstream/domain';
import {
  refusedResult,
  standing,
  type OrdersTable,
  type StageInput,
  type StageOutput,
} from '@orderstream/lambda-kit';

const STEP = { from: 'PLACED', to: 'VALIDATED' } as const;

/**
 * Looks at all values of an order: later stages rely on them. A wish to cancel comes before any fault. An order that is
 * VALIDATED already is looked at all the same: who imports orders may have written any status, and nothing else proves this one.
 *
 * @param currency the deployment's own.
 * @throws OrderInvalid with everything that is wrong.
 */
export async function validateOrder(
  orders: Pick<OrdersTable, 'read' | 'advance'>,
  currency: string,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const order = await orders.read(orderId);
  const stands = standing(orderId, order, STEP);
  const looked = 'ready' in stands || order?.status === STEP.to ? order : undefined;
  const problems = looked === undefined ? [] : orderProblems(looked, currency);
  if (problems.length > 0) throw new OrderInvalid(orderId, problems);
  if ('earlier' in stands) return stands.earlier;
  const moved = await orders.advance({ orderId, ...STEP });
  return moved.done ? { orderId, status: STEP.to } : refusedResult(orderId, moved.order, STEP);
}
