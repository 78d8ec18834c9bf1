import * as z from 'zod/mini';
import { compareMoney, isDecimal, linesTotal, multiplyMoney, sumMoney, type Decimal } from './money.ts';
import { orderLineSchema, type OrderLine } from './order.ts';

/** How shipping and tax are found for an order that a customer places. */
export interface PricingPolicy {
  /** Price of shipping below `freeFrom`. */
  readonly shipping: Decimal;
  /** Goods of at least this value ship for nothing. */
  readonly freeFrom: Decimal;
  /** Share of goods + shipping, such as `"0.2"`. */
  readonly taxRate: Decimal;
}

export const DEFAULT_PRICING: PricingPolicy = { shipping: '4.95', freeFrom: '50', taxRate: '0.2' };

/** A unit price that a product can be sold at: its tax has no more decimals than an amount may have. */
export const salePriceSchema = orderLineSchema.shape.unitPrice.check(
  z.refine(hasExactTax, 'has too many digits for its tax to be exact: give it fewer decimals'),
);

/** What is no decimal at all is refused as that, and only as that. */
function hasExactTax(price: string): boolean {
  return !isDecimal(price) || isDecimal(multiplyMoney(price, DEFAULT_PRICING.taxRate));
}

/** Shipping, tax and total of an order, exact: nothing is rounded before the charge. */
export function priceOrder(
  lines: readonly Pick<OrderLine, 'quantity' | 'unitPrice'>[],
  policy: PricingPolicy = DEFAULT_PRICING,
): { shipping: Decimal; tax: Decimal; total: Decimal } {
  const goods = linesTotal(lines);
  const shipping = compareMoney(goods, policy.freeFrom) >= 0 ? '0' : policy.shipping;
  const tax = multiplyMoney(sumMoney([goods, shipping]), policy.taxRate);
  return { shipping, tax, total: sumMoney([goods, shipping, tax]) };
}
