import Big from 'big.js';
import type { OrderLine } from './order.ts';

/**
 * Exact money. Amounts are decimal strings (`"0.001"`, `"386899.80"`) wherever they are stored or sent, never floats:
 * DynamoDB's numbers lose the trailing zeros and JavaScript's lose the cents.
 */
export type Decimal = string;

const DECIMAL = /^-?\d{1,15}(\.\d{1,9})?$/;

/** Currencies by the digits after the point of their minor unit, where these are not 2 (ISO 4217). */
const MINOR_UNITS: readonly (readonly [digits: number, currencies: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];
const MINOR_UNIT_DIGITS: ReadonlyMap<string, number> = new Map(
  MINOR_UNITS.flatMap(([digits, currencies]) => currencies.split(' ').map((each) => [each, digits])),
);

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'string' && DECIMAL.test(value);
}

/** −1, 0 or 1 as `a` is smaller than, equal to or larger than `b`. */
export function compareMoney(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return new Big(a).cmp(b);
}

/** The exact sum; `"0"` for none. */
export function sumMoney(amounts: Iterable<Decimal>): Decimal {
  let sum = new Big(0);
  for (const amount of amounts) sum = sum.plus(amount);
  return sum.toFixed();
}

/** Exact product of an amount and a whole quantity or a rate such as `"0.2"`. */
export function multiplyMoney(amount: Decimal, by: number | Decimal): Decimal {
  return new Big(amount).times(by).toFixed();
}

/** The exact sum of quantity × unit price over the lines. */
export function linesTotal(lines: readonly Pick<OrderLine, 'quantity' | 'unitPrice'>[]): Decimal {
  let sum = new Big(0);
  for (const line of lines) sum = sum.plus(new Big(line.unitPrice).times(line.quantity));
  return sum.toFixed();
}

/** What an order costs: lines + shipping + tax, exact, with as many decimals as its prices have. */
export function orderTotal(order: {
  lines: readonly Pick<OrderLine, 'quantity' | 'unitPrice'>[];
  shipping: Decimal;
  tax: Decimal;
}): Decimal {
  return sumMoney([linesTotal(order.lines), order.shipping, order.tax]);
}

/** Digits after the point that an amount charged in `currency` has. */
export function minorUnitDigits(currency: string): number {
  return MINOR_UNIT_DIGITS.get(currency) ?? 2;
}

/** The amount to charge: the exact total rounded half even to the currency's minor unit. Only a charge is rounded. */
export function chargeAmount(total: Decimal, currency: string): Decimal {
  return new Big(total).toFixed(minorUnitDigits(currency), Big.roundHalfEven);
}

/** Exact amount for people: at least the currency's digits after the point, more where the amount has them. */
export function formatMoney(amount: Decimal, currency = 'GBP'): Decimal {
  const exact = new Big(amount).toFixed();
  const decimals = exact.split('.')[1]?.length ?? 0;
  return new Big(amount).toFixed(Math.max(decimals, minorUnitDigits(currency)));
}
