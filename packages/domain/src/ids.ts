/** Ids are short enough that an execution's name can be `<id>.r<n>` (Step Functions stops at 80 characters). */
const ORDER_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Printable characters, spaces within, case kept. */
const SKU = /^(?=.{1,64}$)[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$/u;

export function isOrderId(value: unknown): value is string {
  return typeof value === 'string' && ORDER_ID.test(value);
}

export function isSku(value: unknown): value is string {
  return typeof value === 'string' && SKU.test(value);
}

/**
 * Name of the order's execution: the order's id, or `<id>.r<n>` for its n-th restart. No id has a dot, so that no order's
 * restart has the name of another order's execution.
 */
export function executionName(orderId: string, restart = 0): string {
  return restart === 0 ? orderId : `${orderId}.r${restart}`;
}

/** The order whose execution has this name; `undefined` for a name that {@link executionName} does not give. */
export function orderOfExecution(name: string): string | undefined {
  const orderId = name.replace(/\.r[1-9]\d*$/, '');
  return isOrderId(orderId) ? orderId : undefined;
}

/** A version for an item's first write: epoch milliseconds, so it also rises through removal and re-creation. */
export function firstItemVersion(nowMs: number): number {
  return nowMs;
}

/** Shards of the sparse index of open orders and of the index by day; more than enough for 1,000 writes/s each. */
export const INDEX_SHARDS = 8;

function shardOf(orderId: string): number {
  let hash = 0;
  for (const character of orderId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % INDEX_SHARDS;
}

/** Partition of the index of open orders; removed from the order at its end. */
export function openShard(orderId: string): string {
  return `open#${shardOf(orderId)}`;
}

/** Partition of the index by day: `2011-11-14#3`. */
export function placedShard(orderId: string, placedAt: string): string {
  return `${placedAt.slice(0, 10)}#${shardOf(orderId)}`;
}
