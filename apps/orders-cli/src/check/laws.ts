import {
  chargeAmount,
  chunksOf,
  compareMoney,
  isOpen,
  netCharged,
  shipmentCount,
  type LedgerEntry,
  type OrderLine,
  type OrderStatus,
} from '@orderstream/domain';

/** What became of one law. */
export interface LawResult {
  readonly law: number;
  readonly name: string;
  /** How many things were looked at, and what they are; undefined when the law was not checked. */
  readonly checked: number | undefined;
  readonly of: string;
  readonly violations: readonly string[];
}

/** What the laws need of an order. */
export interface CheckedOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: string;
  readonly lines: readonly OrderLine[];
}

export interface StockRow {
  readonly sku: string;
  readonly available: number;
  readonly allocated: number;
  readonly shipped: number;
  readonly received: number;
}

/** A movement of stock, as its marker in the allocations table says. */
export interface Movement {
  readonly orderId: string;
  readonly chunk: number;
  readonly state: string;
  readonly quantities: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Law 1: every order has ended, or its workflow is still under way. */
export function oneEnd(orders: readonly CheckedOrder[], underWay: ReadonlySet<string>): LawResult {
  const stuck = orders.filter((order) => isOpen(order.status) && !underWay.has(order.orderId));
  return {
    law: 1,
    name: 'One end',
    checked: orders.length,
    of: 'orders',
    violations: stuck.map(
      (order) => `order ${order.orderId} stands at ${order.status} and no execution is under way`,
    ),
  };
}

/** Law 2: the providers' ledger says what the order's end promises; open orders may be in between. */
export function moneyAndGoods(orders: readonly CheckedOrder[], ledger: readonly LedgerEntry[]): LawResult {
  const byOrder = Map.groupBy(ledger, (entry) => entry.orderId);
  const violations = orders.flatMap((order) => {
    const entries = byOrder.get(order.orderId) ?? [];
    byOrder.delete(order.orderId);
    const found: string[] = [];
    const charges = entries.filter(({ kind, id }) => kind === 'charge' && id !== undefined).length;
    if (charges > 1) found.push(`order ${order.orderId} was charged ${charges} times`);
    if (isOpen(order.status)) return found;
    const shipped = order.status === 'SHIPPED';
    const kept = netCharged(entries);
    const due = shipped ? chargeAmount(order.total, order.currency) : '0';
    if (compareMoney(kept, due) !== 0) {
      found.push(`order ${order.orderId} is ${order.status}: ${kept} was kept, ${due} is due`);
    }
    const parcels = shipmentCount(entries);
    if (parcels !== (shipped ? 1 : 0)) {
      found.push(
        `order ${order.orderId} is ${order.status}: ${parcels} shipments instead of ${shipped ? 1 : 0}`,
      );
    }
    return found;
  });
  const strangers = [...byOrder].filter(
    ([, entries]) => compareMoney(netCharged(entries), '0') !== 0 || shipmentCount(entries) > 0,
  );
  return {
    law: 2,
    name: 'Money and goods',
    checked: orders.length,
    of: 'orders',
    violations: [
      ...violations,
      ...strangers.map(([orderId]) => `the ledger knows order ${orderId}, but there is no such order`),
    ],
  };
}

/** Law 3: each SKU's pieces add up, and the movements recorded say the same as the counters. */
export function stockAddsUp(
  stock: readonly StockRow[],
  movements: readonly Movement[],
  orders: readonly CheckedOrder[],
): LawResult {
  const moved = {
    taken: new Map<string, number>(),
    shipped: new Map<string, number>(),
    received: new Map<string, number>(),
  };
  for (const movement of movements) {
    const sums = movement.state in moved ? moved[movement.state as keyof typeof moved] : undefined;
    if (sums === undefined) continue;
    for (const { sku, quantity } of movement.quantities) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  }
  const violations = stock.flatMap((row) => {
    const found: string[] = [];
    const expect = (what: string, is: number, should: number) => {
      if (is !== should) found.push(`${row.sku}: ${what} is ${is}, but should be ${should}`);
    };
    if (row.available < 0) found.push(`${row.sku}: available is ${row.available}`);
    expect('available + allocated + shipped', row.available + row.allocated + row.shipped, row.received);
    expect('allocated', row.allocated, moved.taken.get(row.sku) ?? 0);
    expect('shipped', row.shipped, moved.shipped.get(row.sku) ?? 0);
    expect('received', row.received, moved.received.get(row.sku) ?? 0);
    return found;
  });
  return {
    law: 3,
    name: 'Stock',
    checked: stock.length,
    of: 'SKUs',
    violations: [...violations, ...goodsOfEnds(orders, movements)],
  };
}

/** A shipped order's goods have all left; of any other end nothing is held back. */
function goodsOfEnds(orders: readonly CheckedOrder[], movements: readonly Movement[]): string[] {
  const byOrder = Map.groupBy(movements, (movement) => movement.orderId);
  return orders.flatMap((order) => {
    if (isOpen(order.status)) return [];
    const own = byOrder.get(order.orderId) ?? [];
    if (order.status !== 'SHIPPED') {
      const held = own.filter((movement) => movement.state !== 'released').length;
      return held === 0
        ? []
        : [`order ${order.orderId} is ${order.status}, but ${held} of its allocations are not released`];
    }
    const shipped = own.filter((movement) => movement.state === 'shipped').length;
    const chunks = chunksOf(order.lines).length;
    return shipped === chunks
      ? []
      : [`order ${order.orderId} is SHIPPED with ${shipped} of ${chunks} allocations shipped`];
  });
}

/** A law that this version has nothing to check by. */
export function notChecked(law: number, name: string, why: string): LawResult {
  return { law, name, checked: undefined, of: why, violations: [] };
}
