import { fromStripeAmount } from '@orderstream/domain';
import type Stripe from 'stripe';
import type { Charge } from '../payment-gateway.ts';
import { declineReason } from './stripe-errors.ts';

/** What became of a PaymentIntent so far. */
export type PaymentStanding =
  /** Nothing was charged yet: it may be confirmed. */
  | { readonly is: 'open' }
  | { readonly is: 'charged'; readonly charge: Charge }
  /** Canceled, or charged and refunded in full: it can't be confirmed ever again. */
  | { readonly is: 'sealed' }
  | { readonly is: 'declined'; readonly reason: string }
  /** Stripe has not decided, or not by itself. */
  | { readonly is: 'undecided'; readonly status: string };

/**
 * Reads a PaymentIntent, with its latest charge expanded. One that was declined is not tried a second time: the decline
 * may have been told already. One that asks for the customer (3-D Secure) is declined, because nobody is there to answer.
 *
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function standingOf(intent: Stripe.PaymentIntent): PaymentStanding {
  switch (intent.status) {
    case 'succeeded':
      return succeeded(intent);
    case 'canceled':
      return { is: 'sealed' };
    case 'requires_action':
      return { is: 'declined', reason: 'authentication_required' };
    case 'requires_confirmation':
    case 'requires_payment_method': {
      const failure = intent.last_payment_error;
      if (failure?.type !== 'card_error') return { is: 'open' };
      return { is: 'declined', reason: declineReason(failure) };
    }
    default:
      return { is: 'undecided', status: intent.status };
  }
}

function succeeded({ amount_received, currency, latest_charge }: Stripe.PaymentIntent): PaymentStanding {
  if (latest_charge === null || typeof latest_charge === 'string') {
    return { is: 'undecided', status: 'succeeded, without its charge' };
  }
  if (latest_charge.refunded) return { is: 'sealed' };
  const charge: Charge = {
    chargeId: latest_charge.id,
    amount: fromStripeAmount(amount_received, currency.toUpperCase()),
    at: new Date(latest_charge.created * 1000).toISOString(),
  };
  return { is: 'charged', charge };
}
