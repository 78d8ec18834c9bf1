import {
  chargeAmount,
  chunksOf,
  compareMoney,
  isDecimal,
  isOpen,
  sumMoney,
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

/** What the providers know of an order. */
export interface LedgerEntry {
  readonly key: string;
  readonly kind: 'charge' | 'shipment';
  readonly orderId: string;
  readonly state: string;
  /** Charges: what was taken and what was given back. */
  readonly amount: string;
  readonly refunded: string;
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
  const charges = Map.groupBy(
    ledger.filter((entry) => entry.kind === 'charge'),
    (entry) => entry.orderId,
  );
  const shipments = Map.groupBy(
    ledger.filter((entry) => entry.kind === 'shipment'),
    (entry) => entry.orderId,
  );
  const violations = orders.flatMap((order) => {
    const taken = (charges.get(order.orderId) ?? []).filter(
      (charge) => isDecimal(charge.amount) && compareMoney(charge.amount, '0') > 0,
    );
    const kept = sumMoney(taken.flatMap((charge) => [charge.amount, negative(charge.refunded)]));
    const shipped = (shipments.get(order.orderId) ?? []).filter(
      (shipment) => shipment.state === 'shipped',
    ).length;
    const found: string[] = [];
    if (taken.length > 1) found.push(`order ${order.orderId} was charged ${taken.length} times`);
    if (isOpen(order.status)) return found;
    const due = order.status === 'SHIPPED' ? chargeAmount(order.total, order.currency) : '0';
    if (compareMoney(kept, due) !== 0)
      found.push(`order ${order.orderId} is ${order.status}: ${kept} was kept, ${due} is due`);
    const parcels = order.status === 'SHIPPED' ? 1 : 0;
    if (shipped !== parcels)
      found.push(`order ${order.orderId} is ${order.status}: ${shipped} shipments instead of ${parcels}`);
    return found;
  });
  const known = new Set(orders.map((order) => order.orderId));
  const strangers = ledger.filter(
    (entry) => !known.has(entry.orderId) && (entry.state === 'charged' || entry.state === 'shipped'),
  );
  return {
    law: 2,
    name: 'Money and goods',
    checked: orders.length,
    of: 'orders',
    violations: [
      ...violations,
      ...strangers.map((entry) => `the ledger has ${entry.key}, but there is no such order`),
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

function negative(amount: string): string {
  return isDecimal(amount) ? (amount.startsWith('-') ? amount.slice(1) : `-${amount}`) : '0';
}
