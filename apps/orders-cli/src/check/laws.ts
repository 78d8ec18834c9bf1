import { isDeepStrictEqual } from 'node:util';
import {
  chargeAmount,
  chunksOf,
  compareMoney,
  isOpen,
  netCharged,
  RECEIPT_PREFIX,
  shipmentCount,
  type LedgerEntry,
  type OrderLine,
  type OrderStatus,
} from '@orderstream/domain';

/** What became of one law. */
export interface LawResult {
  /** Its number in the design; several results may be about one law. */
  readonly law: number;
  readonly name: string;
  /** How many things were looked at, and what they are; undefined when the law was not checked. */
  readonly checked: number | undefined;
  readonly of: string;
  readonly violations: readonly string[];
}

/** What the laws need of an order that shipped. */
export interface ShippedOrder {
  readonly orderId: string;
  readonly status: 'SHIPPED';
  readonly placedAt: string;
  readonly country: string;
  readonly currency: string;
  readonly total: string;
  readonly lines: readonly Pick<OrderLine, 'sku' | 'quantity' | 'unitPrice'>[];
}

/** Of any other order, its status is enough: it may be rejected for all the rest. */
export interface OtherOrder {
  readonly orderId: string;
  readonly status: Exclude<OrderStatus, 'SHIPPED'>;
}

/** An order that is there, but does not say what the laws need of it. */
export interface UnreadableOrder {
  readonly orderId: string;
  readonly status: undefined;
  readonly problem: string;
}

export type CheckedOrder = ShippedOrder | OtherOrder | UnreadableOrder;

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
  const violations = orders.flatMap((order) => {
    if (order.status === undefined) return [order.problem];
    if (!isOpen(order.status) || underWay.has(order.orderId)) return [];
    return [`order ${order.orderId} stands at ${order.status} and no execution is under way`];
  });
  return { law: 1, name: 'One end', checked: orders.length, of: 'orders', violations };
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
    if (!hasEnded(order)) return found;
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

/** Law 3: each SKU's pieces add up, and the movements recorded say the same as the counters and the orders. */
export function stockAddsUp(
  stock: readonly StockRow[],
  movements: readonly Movement[],
  orders: readonly CheckedOrder[],
): LawResult {
  const sums = {
    taken: sumsBySku(movements, 'taken'),
    shipped: sumsBySku(movements, 'shipped'),
    received: sumsBySku(movements, 'received'),
  };
  const rows = new Map(stock.map((row) => [row.sku, row]));
  const moved = movements.flatMap(({ quantities }) => quantities.map(({ sku }) => sku));
  const skus = new Set([...rows.keys(), ...moved]);
  const violations = [...skus].flatMap((sku) => {
    const row = rows.get(sku);
    if (row === undefined) return [`${sku}: its goods were moved, but it has no row in the stock`];
    const found: string[] = [];
    const expect = (what: string, is: number, should: number) => {
      if (is !== should) found.push(`${sku}: ${what} is ${is}, but should be ${should}`);
    };
    if (row.available < 0) found.push(`${sku}: available is ${row.available}`);
    expect('available + allocated + shipped', row.available + row.allocated + row.shipped, row.received);
    expect('allocated', row.allocated, sums.taken.get(sku) ?? 0);
    expect('shipped', row.shipped, sums.shipped.get(sku) ?? 0);
    expect('received', row.received, sums.received.get(sku) ?? 0);
    return found;
  });
  return {
    law: 3,
    name: 'Stock',
    checked: skus.size,
    of: 'SKUs',
    violations: [...violations, ...goodsOfOrders(orders, movements)],
  };
}

function sumsBySku(movements: readonly Movement[], state: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of movements
    .filter((each) => each.state === state)
    .flatMap((each) => each.quantities)) {
    sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  }
  return sums;
}

/** A shipped order's goods have all left; of any other end nothing is held back; nobody else's goods move. */
function goodsOfOrders(orders: readonly CheckedOrder[], movements: readonly Movement[]): string[] {
  const byOrder = Map.groupBy(movements, (movement) => movement.orderId);
  const violations = orders.flatMap((order) => {
    const own = byOrder.get(order.orderId) ?? [];
    byOrder.delete(order.orderId);
    if (!hasEnded(order)) return [];
    if (order.status === 'SHIPPED') return allShipped(order, own);
    const held = own.filter((movement) => movement.state !== 'released').length;
    return held === 0
      ? []
      : [`order ${order.orderId} is ${order.status}, but ${held} of its allocations are not released`];
  });
  const strangers = [...byOrder.keys()].filter((orderId) => !orderId.startsWith(RECEIPT_PREFIX));
  return [
    ...violations,
    ...strangers.map((orderId) => `goods were moved for order ${orderId}, but there is no such order`),
  ];
}

function allShipped(order: ShippedOrder, own: readonly Movement[]): string[] {
  const shipped = new Map(
    own.filter(({ state }) => state === 'shipped').map(({ chunk, quantities }) => [chunk, quantities]),
  );
  const asked = new Map(chunksOf(order.lines).map(({ chunk, quantities }) => [chunk, quantities]));
  const differing = [...new Set([...asked.keys(), ...shipped.keys()])].filter(
    (chunk) => !isDeepStrictEqual(shipped.get(chunk), asked.get(chunk)),
  );
  return differing.map(
    (chunk) =>
      `order ${order.orderId} is SHIPPED, but its allocation ${chunk} did not ship what its lines ask for`,
  );
}

/** Whether the order can be read and no workflow is to move it any more. */
function hasEnded(order: CheckedOrder): order is ShippedOrder | OtherOrder {
  return order.status !== undefined && !isOpen(order.status);
}

/** A law that this version has nothing to check by. */
export function notChecked(law: number, name: string, why: string): LawResult {
  return { law, name, checked: undefined, of: why, violations: [] };
}
