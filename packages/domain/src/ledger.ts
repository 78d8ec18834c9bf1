import { multiplyMoney, sumMoney, type Decimal } from './money.ts';

/** `asked`: so far without an answer. `sealed`: refunded, voided or ruled out, for good. */
export type LedgerState = 'asked' | 'charged' | 'shipped' | 'sealed';

/** What the payment provider or the carrier knows under an idempotency key. Law 2 is judged by these entries. */
export interface LedgerEntry {
  /** See `chargeKey` and `shipmentKey`. */
  readonly key: string;
  readonly kind: 'charge' | 'shipment';
  readonly orderId: string;
  readonly state: LedgerState;
  /** The provider's own id of the charge or shipment; there once it was done, and kept when it is undone. */
  readonly id?: string;
  /** When it was done; ISO 8601. */
  readonly at?: string;
  /** What was charged, and what of it was given back. */
  readonly amount?: Decimal;
  readonly refunded?: Decimal;
  readonly currency?: string;
  readonly sealedAt?: string;
  /** Calls that were to find no answer: the sandboxes count them. */
  readonly attempts?: number;
}

/** Charged − refunded over the entries of an order. */
export function netCharged(entries: readonly LedgerEntry[]): Decimal {
  return sumMoney(
    entries.flatMap(({ amount = '0', refunded = '0' }) => [amount, multiplyMoney(refunded, -1)]),
  );
}

/** Shipments that are under way or delivered, over the entries of an order. */
export function shipmentCount(entries: readonly LedgerEntry[]): number {
  return entries.filter(({ state }) => state === 'shipped').length;
}
