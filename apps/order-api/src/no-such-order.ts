import { isOrderId } from '@orderstream/domain';
import { Problem } from '@orderstream/lambda-kit';

/** The answer to whoever asks for an order that is not there, or is another customer's: both look the same. */
export function noSuchOrder(orderId: string): Problem {
  const named = isOrderId(orderId) ? `order ${orderId}` : 'such order';
  return new Problem('not-found', `You have no ${named}. Look at GET /orders for those you have.`);
}
