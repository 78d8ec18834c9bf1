import {
  chargeAmount,
  chunksOf,
  isOpen,
  netCharged,
  orderSchema,
  shipmentCount,
  sumMoney,
} from '@orderstream/domain';
import type { Situation } from './shop.ts';

/**
 * What laws 1 to 3 say against the situation of an order that has the shop's goods for itself; empty when they hold.
 * Between the stages only law 3 and "at most one charge" are to hold; once the workflow has ended, all of them.
 */
export function violations({ order, ledger, stock, markers }: Situation, ended = true): string[] {
  const found: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (is !== should) found.push(`${what} is ${String(is)}, but should be ${String(should)}`);
  };
  for (const { sku, available, allocated, shipped, received } of stock) {
    expect(`${sku}: available + allocated + shipped`, available + allocated + shipped, received);
    if (available < 0) found.push(`${sku}: available is ${available}`);
  }
  for (const state of ['taken', 'shipped'] as const) {
    const recorded = new Map<string, number>();
    for (const marker of markers.filter((each) => each.state === state)) {
      for (const { sku, quantity } of marker.quantities) recorded.set(sku, quantity);
    }
    for (const each of stock) {
      const counted = state === 'taken' ? each.allocated : each.shipped;
      expect(`${each.sku}: what its movements say is ${state}`, recorded.get(each.sku) ?? 0, counted);
    }
  }
  if (!ended) return found;

  const shipped = order.status === 'SHIPPED' ? orderSchema.parse(order) : undefined;
  const due = shipped === undefined ? '0' : chargeAmount(shipped.total, shipped.currency);
  if (isOpen(order.status)) found.push(`the order stands at ${order.status}`);
  expect('charged − refunded', netCharged(ledger), sumMoney([due]));
  expect('shipments', shipmentCount(ledger), shipped === undefined ? 0 : 1);
  expect('openShard', order.openShard, undefined);
  expect('whether closedAt is there', order.closedAt !== undefined, true);
  const left = new Map(
    chunksOf(shipped?.lines ?? []).flatMap((chunk) =>
      chunk.quantities.map(({ sku, quantity }) => [sku, quantity] as const),
    ),
  );
  for (const each of stock) {
    expect(`${each.sku}: shipped`, each.shipped, left.get(each.sku) ?? 0);
    expect(`${each.sku}: allocated`, each.allocated, 0);
  }
  return found;
}
