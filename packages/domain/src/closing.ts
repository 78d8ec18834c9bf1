import { BUSINESS_ERRORS } from './errors.ts';
import type { Closing, OrderHeader } from './order.ts';

/**
 * How an order that failed with `error` is to be closed. A customer who was told that the order is cancelled finds it
 * cancelled, whatever else went wrong meanwhile; a business error rejects; anything else needs a person.
 */
export function closingFor(
  order: Pick<OrderHeader, 'cancelRequestedAt'>,
  error: { name: string; message: string },
  at: string,
): Closing {
  if (order.cancelRequestedAt !== undefined || error.name === 'CancellationRequested') {
    return { as: 'CANCELLED', cause: 'CancellationRequested', message: 'The customer cancelled it.', at };
  }
  const business = BUSINESS_ERRORS.some((name) => name === error.name);
  return { as: business ? 'REJECTED' : 'FAILED', cause: error.name, message: error.message, at };
}
