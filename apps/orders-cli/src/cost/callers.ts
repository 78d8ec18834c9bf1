import { isVerified, PRICES } from './prices.ts';
import type { Recording, UsageName } from './usage.ts';

/** What one who causes cost is billed for a million orders, without free amounts. */
export interface CallerCost {
  readonly who: string;
  readonly usdPerMillion: number;
  /** Of it, by prices without a source. */
  readonly unverified: number;
  /** Of it, what costs most. */
  readonly mostly: string;
}

/** Who causes the cost of an order: functions, the workflow, deliveries; the dearest first. Operators are left out. */
export function callerCosts({ reading, orders }: Recording): CallerCost[] {
  return Object.entries(reading.by)
    .filter(([who]) => who !== 'operator')
    .map(([who, amounts]) => {
      const parts = Object.entries(amounts)
        .filter((entry): entry is [UsageName, number] => Object.hasOwn(PRICES, entry[0]))
        .map(([name, amount]) => ({ name, usd: (amount / orders) * PRICES[name].usd * 1e6 }))
        .sort((a, b) => b.usd - a.usd);
      const [first] = parts;
      return {
        who: who.replace(/^orderstream-[a-z]+-/, ''),
        usdPerMillion: parts.reduce((sum, { usd }) => sum + usd, 0),
        unverified: parts.reduce((sum, { name, usd }) => sum + (isVerified(PRICES[name]) ? 0 : usd), 0),
        mostly: first ? `${PRICES[first.name].service}, ${PRICES[first.name].what}` : '',
      };
    })
    .sort((a, b) => b.usdPerMillion - a.usdPerMillion);
}
