import { compareMoney, linesTotal, multiplyMoney, sumMoney, type Decimal } from './money.ts';
import type { OrderLine } from './order.ts';

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
