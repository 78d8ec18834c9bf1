import { anOrder as placedOrder } from '@orderstream/domain/fixtures';
import type { StoredOrder } from '@orderstream/lambda-kit';

/** A valid order, just placed, whose customer can be reached by mail and SMS. */
export function anOrder(change: Partial<StoredOrder> = {}): StoredOrder {
  return { ...placedOrder({ smsUpdates: true }), ...change };
}

/** An order that was closed for a business error, or by its customer. */
export function aClosedOrder(cause: string, change: Partial<StoredOrder> = {}): StoredOrder {
  const as = cause === 'CancellationRequested' ? 'CANCELLED' : 'REJECTED';
  const closing = { as, cause, message: 'for the staff', at: '2026-01-01T09:31:00.000Z' } as const;
  return anOrder({ status: as, closing, ...change });
}
