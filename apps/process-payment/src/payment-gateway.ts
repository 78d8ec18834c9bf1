import type { Decimal } from '@orderstream/domain';

/** A charge that a provider has made. */
export interface Charge {
  readonly chargeId: string;
  readonly amount: Decimal;
  /** ISO 8601. */
  readonly at: string;
}

export interface ChargeRequest {
  /** Idempotency key: at most one charge is ever made under it. */
  readonly key: string;
  readonly orderId: string;
  readonly amount: Decimal;
  readonly currency: string;
  /** The customer's means of payment, as the provider's token; never logged. */
  readonly token: string;
}

/** Which order is charged under which key. */
export type PaymentSubject = Pick<ChargeRequest, 'key' | 'orderId'>;

/**
 * What a payment provider must offer, so that an order is charged at most once and never after it was closed. `signal`
 * tells when nobody waits for the answer any more. An adapter that gets no answer throws PaymentGatewayUnavailable, one that
 * meets another provider's entry in the ledger LedgerOfAnotherProvider.
 */
export interface PaymentGateway {
  /** What happened under the key: a charge, or that the key is sealed; `undefined` when nothing did. */
  find(subject: PaymentSubject, signal: AbortSignal): Promise<Charge | 'sealed' | undefined>;
  /**
   * Charges, or answers with the charge that the key has already, whatever its amount is.
   *
   * @throws PaymentDeclined
   */
  charge(request: ChargeRequest, signal: AbortSignal): Promise<Charge | 'sealed'>;
  /** Refunds in full what was charged under the key, if anything was, and seals it: no later charge succeeds. */
  refund(subject: PaymentSubject, signal: AbortSignal): Promise<void>;
}
