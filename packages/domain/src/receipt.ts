/** Movements under such a name brought goods in; no order can have it. */
export const RECEIPT_PREFIX = 'receipt#';

/** What the allocations table says of goods that came in, with the additions to stock in one transaction. */
export interface ReceiptMarker {
  /** `receipt#` and the receipt's name. */
  readonly orderId: string;
  /** 0, 1, 2 …: the same for the same goods at every run. */
  readonly chunk: number;
  readonly state: 'received';
  readonly quantities: readonly { readonly sku: string; readonly quantity: number }[];
  readonly at: string;
}

/** The record of a part of a receipt. @param at when; ISO 8601. */
export function receiptMarker(
  name: string,
  chunk: number,
  quantities: ReceiptMarker['quantities'],
  at: string,
): ReceiptMarker {
  return { orderId: `${RECEIPT_PREFIX}${name}`, chunk, state: 'received', quantities, at };
}
