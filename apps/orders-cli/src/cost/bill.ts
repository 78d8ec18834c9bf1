import { isVerified, PRICES, type Price } from './prices.ts';
import type { UsageName, UsageTable } from './usage.ts';

/** One line of a month's bill. */
export interface BillLine {
  readonly name: UsageName;
  readonly price: Price;
  /** Whether the price, or its free amount, has no source. */
  readonly unverified: boolean;
  readonly perOrder: number;
  /** Units that a month without orders takes. */
  readonly idle: number;
  /** Units of the month, and those that are billed. */
  readonly used: number;
  readonly billed: number;
  readonly usd: number;
  /** Dollars of a million orders without the free amount and what stands idle. */
  readonly usdPerMillion: number;
  /** Orders a month until the free amount is used up; null where orders take none of it. */
  readonly freeOrders: number | null;
}

export interface Bill {
  readonly ordersPerMonth: number;
  /** The dearest line first. */
  readonly lines: readonly BillLine[];
  readonly usd: number;
  /** Of it: what a month without orders costs. */
  readonly idleUsd: number;
  readonly usdPerMillion: number;
  /** Of both: what lies on prices without a source. */
  readonly unverified: { readonly usd: number; readonly usdPerMillion: number };
}

/** What a month costs in which so many orders end. */
export function billOf(usage: UsageTable, ordersPerMonth: number): Bill {
  const lines = [...usage].map(([name, used]) => lineOf(name, used, ordersPerMonth));
  lines.sort((a, b) => b.usd - a.usd || b.usdPerMillion - a.usdPerMillion);
  const sum = (amount: (line: BillLine) => number) => lines.reduce((total, line) => total + amount(line), 0);
  return {
    ordersPerMonth,
    lines,
    usd: sum(({ usd }) => usd),
    idleUsd: sum(({ idle, price }) => Math.max(0, idle - price.free) * price.usd),
    usdPerMillion: sum(({ usdPerMillion }) => usdPerMillion),
    unverified: {
      usd: sum(({ usd, unverified }) => (unverified ? usd : 0)),
      usdPerMillion: sum(({ usdPerMillion, unverified }) => (unverified ? usdPerMillion : 0)),
    },
  };
}

function lineOf(
  name: UsageName,
  { perOrder, perMonth }: { readonly perOrder: number; readonly perMonth: number },
  ordersPerMonth: number,
): BillLine {
  const price = PRICES[name];
  const used = perOrder * ordersPerMonth + perMonth;
  const billed = Math.max(0, used - price.free);
  const left = Math.max(0, price.free - perMonth);
  return {
    name,
    price,
    unverified: !isVerified(price),
    perOrder,
    idle: perMonth,
    used,
    billed,
    usd: billed * price.usd,
    usdPerMillion: perOrder * price.usd * 1e6,
    freeOrders: perOrder === 0 ? null : Math.floor(left / perOrder),
  };
}
