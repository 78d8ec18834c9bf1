import { OrderstreamError, PaymentDeclined, PaymentGatewayUnavailable } from '@orderstream/domain';
import Stripe from 'stripe';

/**
 * Stripe does not do what we ask, for a reason that neither time nor the customer changes: a wrong key, a request that it
 * does not take, a refund that failed. Not retried by the charge, which goes to compensation; compensation itself stops at
 * it until a person has looked.
 */
export class PaymentRefusedByProvider extends OrderstreamError {
  constructor(orderId: string, reason: string, details: Readonly<Record<string, unknown>> = {}) {
    super(
      'PaymentRefusedByProvider',
      `Stripe did not do what order ${orderId} needs (${reason}). Look it up in Stripe's request log and correct the cause.`,
      { orderId, reason, ...details },
    );
  }
}

/** Reasons that are not told to whoever holds the card: it may not be theirs. */
const UNTOLD = new Set(['fraudulent', 'lost_card', 'stolen_card', 'pickup_card', 'merchant_blacklist']);

/** What is wrong with an order rather than with us: an amount that Stripe does not charge. */
const OF_THE_ORDER = new Set(['amount_too_large', 'amount_too_small']);

/**
 * A decline in one word, as the order and its events may show it.
 *
 * @see https://docs.stripe.com/declines/codes
 */
export function declineReason({ code, decline_code }: { code?: string; decline_code?: string }): string {
  const reason = decline_code || code || 'card_declined';
  return UNTOLD.has(reason) || !/^[a-z0-9_]{1,60}$/.test(reason) ? 'card_declined' : reason;
}

/**
 * What failed at Stripe as the workflow is to see it; any other error stays as it is. Nothing of Stripe's own error goes
 * on but codes: its raw body holds the payment and may hold the customer.
 *
 * @see https://docs.stripe.com/api/errors
 */
export function stageError(orderId: string, error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { statusCode = 0, code, requestId } = error;
  if (error instanceof Stripe.errors.StripeCardError)
    return new PaymentDeclined(orderId, declineReason(error));
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return new PaymentGatewayUnavailable(orderId, 'no connection to Stripe, or no answer');
  }
  if (passes(error)) {
    return new PaymentGatewayUnavailable(orderId, `Stripe answered ${statusCode}${code ? ` ${code}` : ''}`);
  }
  if (isOfTheOrder(error)) {
    const reason = code === undefined || code === 'resource_missing' ? 'unknown_token' : code;
    return new PaymentDeclined(orderId, reason);
  }
  const reason = code ?? error.rawType ?? `HTTP ${statusCode}`;
  return new PaymentRefusedByProvider(orderId, reason, { statusCode, param: error.param, requestId });
}

/** A conflict with a call that is under way, a limit, or a fault on Stripe's side. */
function passes(error: Stripe.errors.StripeError): boolean {
  const { statusCode = 0 } = error;
  return error instanceof Stripe.errors.StripeAPIError || statusCode === 429 || statusCode === 409;
}

/** The customer gave a payment method that there is not, or that can't be used, or ordered too little. */
function isOfTheOrder({ param, code = '' }: Stripe.errors.StripeError): boolean {
  return param === 'payment_method' || code.startsWith('payment_method_') || OF_THE_ORDER.has(code);
}

/** The PaymentIntent has moved on meanwhile: it was confirmed or canceled. */
export function hasMovedOn(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'payment_intent_unexpected_state';
}

/** There is nothing left to refund. */
export function isRefundedAlready(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'charge_already_refunded';
}
