import {
  compareMoney,
  linesTotal,
  SALES_BY,
  sumMoney,
  type OrderLine,
  type SalesBy,
  type SalesTotal,
} from '@orderstream/domain';
import type { CheckedOrder, LawResult, ShippedOrder } from './laws.ts';

/** What the sales figures say, by what they are told by: a day, hour, country or product and its sums. */
export type ToldSales = Readonly<Record<SalesBy, ReadonlyMap<string, SalesTotal>>>;

/** Law 5: the sales figures equal the fold of the orders that shipped, to the last decimal. */
export function sumsAddUp(orders: readonly CheckedOrder[], told: ToldSales): LawResult {
  const shipped = orders.filter((order): order is ShippedOrder => order.status === 'SHIPPED');
  const expected: ToldSales = {
    day: fold(shipped, ({ placedAt }) => placedAt.slice(0, 10)),
    hour: fold(shipped, ({ placedAt }) => placedAt.slice(0, 13)),
    country: fold(shipped, ({ country }) => country),
    product: sumsOf(shipped.flatMap(productSales)),
  };
  const violations = SALES_BY.flatMap((by) => {
    const keys = new Set([...expected[by].keys(), ...told[by].keys()]);
    return [...keys].flatMap((key) => {
      const [is, should] = [told[by].get(key) ?? NONE, expected[by].get(key) ?? NONE];
      return equal(is, should)
        ? []
        : [`sales of ${by} ${key} are ${shown(is)}, but should be ${shown(should)}`];
    });
  });
  return { law: 5, name: 'Sums', checked: shipped.length, of: 'shipped orders', violations };
}

const NONE: SalesTotal = { orders: 0, units: 0, revenue: '0' };

type Sale = readonly [key: string, sale: SalesTotal];

function fold(
  orders: readonly ShippedOrder[],
  keyOf: (order: ShippedOrder) => string,
): Map<string, SalesTotal> {
  return sumsOf(
    orders.map((order): Sale => [
      keyOf(order),
      { orders: 1, units: unitsOf(order.lines), revenue: order.total },
    ]),
  );
}

/** Shipping and tax belong to no product. */
function productSales({ lines }: ShippedOrder): Sale[] {
  return [...Map.groupBy(lines, ({ sku }) => sku)].map(([sku, own]) => [
    sku,
    { orders: 1, units: unitsOf(own), revenue: linesTotal(own) },
  ]);
}

function unitsOf(lines: readonly Pick<OrderLine, 'quantity'>[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function sumsOf(sales: readonly Sale[]): Map<string, SalesTotal> {
  const byKey = Map.groupBy(sales, ([key]) => key);
  return new Map(
    [...byKey].map(([key, some]) => [
      key,
      {
        orders: some.reduce((sum, [, { orders }]) => sum + orders, 0),
        units: some.reduce((sum, [, { units }]) => sum + units, 0),
        revenue: sumMoney(some.map(([, { revenue }]) => revenue)),
      },
    ]),
  );
}

function equal(a: SalesTotal, b: SalesTotal): boolean {
  return a.orders === b.orders && a.units === b.units && compareMoney(a.revenue, b.revenue) === 0;
}

function shown({ orders, units, revenue }: SalesTotal): string {
  return `${orders} orders, ${units} units, ${revenue}`;
}
