import { UnreadableOrder, type OrdersTable } from '@orderstream/lambda-kit';

/**
 * An order's status as text; undefined where there is no such order. One that nobody can read is no reason to keep
 * everybody else's dead letters waiting: it has no status that closes it.
 */
export async function orderStatus(
  orders: Pick<OrdersTable, 'read'>,
  orderId: string,
): Promise<string | undefined> {
  try {
    return (await orders.read(orderId))?.status;
  } catch (error) {
    if (error instanceof UnreadableOrder) return 'a status that nobody can read';
    throw error;
  }
}
