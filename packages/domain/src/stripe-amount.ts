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

/**
 * A rounded amount (see `chargeAmount`) as Stripe's whole number: `2.12` pounds are 212, 500 yen are 500, 5 krónur are 500.
 * `undefined` where Stripe can't take exactly that.
 *
 * @see https://docs.stripe.com/currencies#special-cases
 */
export function toStripeAmount(amount: Decimal, currency: string): number | undefined {
  if (!isDecimal(amount) || !isStripeCurrency(currency)) return undefined;
  const units = Number(multiplyMoney(amount, 10 ** digitsOf(currency)));
  return Number.isInteger(units) && units > 0 && units <= LARGEST ? units : undefined;
}

/** Stripe's whole number as an amount. */
export function fromStripeAmount(units: number, currency: string): Decimal {
  const one = digitsOf(currency) === 0 ? '1' : '0.01';
  return chargeAmount(multiplyMoney(one, units), currency);
}

function digitsOf(currency: string): number {
  return OTHER_DIGITS[currency] ?? minorUnitDigits(currency);
}
