/**
 * Milliseconds to wait before the same records or messages are tried again for the n-th time (from 1). AWS documents an
 * exponential backoff and no numbers; this one starts small, so that a passing conflict is not felt, and ends at a
 * minute, so that a mapping is back soon after an outage.
 */
export function retryDelay(again: number): number {
  return Math.min(60_000, 100 * 2 ** (again - 1));
}
