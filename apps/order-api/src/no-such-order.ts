import { Problem } from '@orderstream/lambda-kit';

/** The answer to whoever asks for an order that is not there, or is another customer's: both look the same. */
export function noSuchOrder(orderId: string): Problem {
  return new Problem('not-found', `You have no order ${orderId}. Look at GET /orders for those you have.`);
}
