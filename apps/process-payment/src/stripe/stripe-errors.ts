import { OrderstreamError, PaymentDeclined, PaymentGatewayUnavailable } from '@orderstream/domain';
import Stripe from 'stripe';
import { StripeKeyInvalid } from './stripe-account.ts';

/**
 * Stripe does not do what we ask, for a reason that neither time nor the customer changes: a wrong key, a request that it
 * does not take, a refund that failed, a disputed charge. Not retried by the charge, which goes to compensation; compensation itself stops at
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

/** Amounts that Stripe does not charge: they are the order's own. */
const AMOUNTS = new Set(['amount_too_large', 'amount_too_small']);

const NO_KEY = 'the secret in PAYMENT_SECRET_ARN holds none of its keys: put one there';

const MOVED_ON = new Set(['payment_intent_unexpected_state', 'charge_already_refunded']);

/** Codes about the customer's means of payment; what begins with the rest is about our account or our request. */
const OF_THE_METHOD = /^payment_method_(?!types|configuration|unactivated)/;

/**
 * A decline in one word, as the order and its events may show it.
 *
 * @see https://docs.stripe.com/declines/codes
 */
export function declineReason({ code, decline_code }: { code?: string; decline_code?: string }): string {
  const reason = decline_code || code || 'card_declined';
  return UNTOLD.has(reason) || !/^[a-z0-9_]{1,60}$/.test(reason) ? 'card_declined' : reason;
}

/** What failed while Stripe was asked to charge: a decline, where the customer's card or order is the reason. */
export function chargeError(orderId: string, error: unknown): unknown {
  const reason = error instanceof Stripe.errors.StripeError ? declineOf(error) : undefined;
  return reason === undefined ? stageError(orderId, error) : new PaymentDeclined(orderId, reason);
}

/**
 * What failed at Stripe as the workflow is to see it, never a decline; any other error stays as it is. Nothing of Stripe's
 * own error goes on but codes: its raw body holds the payment and may hold the customer.
 *
 * @see https://docs.stripe.com/api/errors
 */
export function stageError(orderId: string, error: unknown): unknown {
  if (error instanceof StripeKeyInvalid) return new PaymentRefusedByProvider(orderId, NO_KEY);
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { statusCode = 0, code, requestId } = error;
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return new PaymentGatewayUnavailable(orderId, 'no connection to Stripe, or no answer');
  }
  if (passes(error)) {
    return new PaymentGatewayUnavailable(orderId, `Stripe answered ${statusCode}${code ? ` ${code}` : ''}`);
  }
  const reason = code ?? error.rawType ?? `HTTP ${statusCode}`;
  return new PaymentRefusedByProvider(orderId, reason, { statusCode, param: error.param, requestId });
}

/** A conflict with a call that is under way, a limit, or a fault on Stripe's side. */
function passes(error: Stripe.errors.StripeError): boolean {
  const { statusCode = 0 } = error;
  return error instanceof Stripe.errors.StripeAPIError || statusCode === 429 || statusCode === 409;
}

/** The reason, where a card was declined, the payment method is none or of no use, or the amount is the order's fault. */
function declineOf(error: Stripe.errors.StripeError): string | undefined {
  const { rawType, code, param } = error;
  if (rawType === 'card_error') return declineReason(error);
  if (code === undefined) return param === 'payment_method' || isUsedUp(error) ? 'unknown_token' : undefined;
  if (AMOUNTS.has(code) || OF_THE_METHOD.test(code)) return code;
  if (param !== 'payment_method') return undefined;
  return code === 'resource_missing' ? 'unknown_token' : code;
}

/**
 * A payment method that was used before: of it Stripe says nothing but a sentence. The sentence has to name it, so that
 * another refusal without a code, which may be about our request and meet every order, still reaches a person.
 */
function isUsedUp({ rawType, param, message }: Stripe.errors.StripeError): boolean {
  return rawType === 'invalid_request_error' && param === undefined && /\bPaymentMethod\b/.test(message);
}

/** The PaymentIntent has moved on meanwhile: it was confirmed, canceled or refunded. */
export function hasMovedOn(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && MOVED_ON.has(error.code ?? '');
}
