import { PaymentGatewayUnavailable } from '@orderstream/domain';
import type Stripe from 'stripe';
import { PaymentRefusedByProvider } from './stripe-errors.ts';

/** The refunds of a PaymentIntent that was charged, which must have been read with them. */
export function refundsOf(
  orderId: string,
  { latest_charge }: Stripe.PaymentIntent,
): readonly Stripe.Refund[] {
  const refunds = typeof latest_charge === 'string' ? undefined : latest_charge?.refunds;
  if (refunds) return refunds.data;
  throw new PaymentGatewayUnavailable(orderId, 'Stripe told the charge without its refunds');
}

/**
 * Whether a charge of `amount` (in the currency's smallest unit) has been given back whole, by whoever asked for it. A refund
 * that is pending holds the order: it waits for the balance of the account, and may still fail. After one that failed no
 * other is made: a person may already be giving the money back by another way.
 *
 * @throws PaymentGatewayUnavailable while a refund is pending; PaymentRefusedByProvider when one failed or needs a person.
 * @see https://docs.stripe.com/refunds
 */
export function isGivenBack(orderId: string, amount: number, refunds: readonly Stripe.Refund[]): boolean {
  const pending = refunds.find(({ status }) => status === 'pending');
  if (pending !== undefined) {
    const { id, pending_reason = 'processing' } = pending;
    throw new PaymentGatewayUnavailable(orderId, `refund ${id} is pending (${pending_reason})`);
  }
  const given = refunds
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, each) => sum + each.amount, 0);
  if (given >= amount) return true;
  const undone = refunds.find(({ status }) => status !== 'succeeded');
  if (undone === undefined) return false;
  throw new PaymentRefusedByProvider(orderId, `refund ${undone.id} is ${undone.status}`);
}
