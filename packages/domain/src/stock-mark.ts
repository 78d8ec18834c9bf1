/** At or below this many available pieces a SKU is low. */
export const LOW_STOCK_MARK = 10;

/** The stock event that follows from `available` going from `before` to `after`; none where no mark is crossed. */
export function stockMarkCrossed(
  before: number,
  after: number,
): 'StockLow' | 'StockOut' | 'StockBack' | undefined {
  if (before > 0 && after <= 0) return 'StockOut';
  if (before <= 0 && after > 0) return 'StockBack';
  if (before > LOW_STOCK_MARK && after <= LOW_STOCK_MARK) return 'StockLow';
  return undefined;
}
