import { chargeAmount, isDecimal, minorUnitDigits, multiplyMoney, type Decimal } from './money.ts';

/** Digits after the point of the amounts that Stripe takes, where these are not the currency's own. */
const OTHER_DIGITS: Readonly<Record<string, number>> = { ISK: 2 };

/**
 * Currencies in which Stripe can't take every amount that we might charge: it counts ariary whole, its pages disagree on
 * Ugandan shillings, and of a third digit after the point it wants a zero.
 */
const REFUSED = new Set(['MGA', 'UGX']);

/** Stripe takes amounts of up to eight digits. */
const LARGEST = 99_999_999;

/** Whether every amount that is charged in `currency` can be charged by Stripe to the last digit. */
export function isStripeCurrency(currency: string): boolean {
  return !REFUSED.has(currency) && minorUnitDigits(currency) <= 2;
}

/** Why an amount that an order may have can't be charged, in the words of Stripe's own error codes. */
type StripeAmountRefusal = 'amount_too_small' | 'amount_too_large';

/**
 * A rounded amount (see `chargeAmount`) as Stripe's whole number: `2.12` pounds are 212, 500 yen are 500, 5 krónur are 500.
 * A refusal is about the order; `undefined` is about us: an amount that was not rounded, a currency that is not Stripe's.
 *
 * @see https://docs.stripe.com/currencies#special-cases
 */
export function toStripeAmount(amount: Decimal, currency: string): number | StripeAmountRefusal | undefined {
  if (!isDecimal(amount) || !isStripeCurrency(currency)) return undefined;
  const units = Number(multiplyMoney(amount, 10 ** digitsOf(currency)));
  if (!Number.isInteger(units)) return undefined;
  if (units <= 0) return 'amount_too_small';
  return units > LARGEST ? 'amount_too_large' : units;
}

/** Stripe's whole number as an amount. */
export function fromStripeAmount(units: number, currency: string): Decimal {
  const one = digitsOf(currency) === 0 ? '1' : '0.01';
  return chargeAmount(multiplyMoney(one, units), currency);
}

function digitsOf(currency: string): number {
  return OTHER_DIGITS[currency] ?? minorUnitDigits(currency);
}
