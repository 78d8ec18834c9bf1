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
 * Looks at all values of an order, once: later stages rely on them. A wish to cancel comes before any fault.
 *
 * @param currency the deployment's own.
 * @throws OrderInvalid with everything that is wrong.
 */
export async function validateOrder(
  orders: Pick<OrdersTable, 'read' | 'advance'>,
  currency: string,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const stands = standing(orderId, await orders.read(orderId), STEP);
  if ('earlier' in stands) return stands.earlier;
  const problems = orderProblems(stands.ready, currency);
  if (problems.length > 0) throw new OrderInvalid(orderId, problems);
  const moved = await orders.advance({ orderId, ...STEP });
  return moved.done ? { orderId, status: STEP.to } : refusedResult(orderId, moved.order, STEP);
}
