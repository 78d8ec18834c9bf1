import { firstItemVersion, linesTotal, openShard, placedShard, type Order } from '@orderstream/domain';
import { UsageError } from '../errors.ts';
import type { Invoice } from './invoices.ts';

/** Who writes what a replay brings in. */
export const IMPORTER = 'replay';

/** DynamoDB's limit of 400 KB for an item, less what the workflow adds to an order. */
const LARGEST_ORDER = 390_000;

/** Currency of the invoices. */
const CURRENCY = 'GBP';

/**
 * An invoice as an order: its number is the id, its lines are as they stand, its customer is a guest where none is
 * named. Whether the order is valid is the workflow's decision, so nothing is corrected here.
 * @throws UsageError naming the invoice's line when the order would be too large for the table.
 */
export function orderOf(invoice: Invoice, nowMs: number): Order {
  const lines = invoice.lines.map((line) => ({
    sku: line.stockCode,
    ...(line.description === null ? {} : { description: line.description }),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
  }));
  const placedAt = new Date(`${invoice.invoiceDate}Z`).toISOString();
  const order: Order = {
    orderId: invoice.invoiceNo,
    schemaVersion: 1,
    itemVersion: firstItemVersion(nowMs),
    status: 'PLACED',
    ...(invoice.customerId === null ? {} : { customerId: invoice.customerId }),
    placedAt,
    updatedAt: new Date(nowMs).toISOString(),
    updatedBy: IMPORTER,
    country: invoice.country,
    currency: CURRENCY,
    lines,
    shipping: '0',
    tax: '0',
    total: linesTotal(lines),
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: invoice.customerId === null ? 'Guest' : `Customer ${invoice.customerId}`,
      line1: '1 Import Street',
      city: 'Importville',
      country: invoice.country,
    },
    openShard: openShard(invoice.invoiceNo),
    placedShard: placedShard(invoice.invoiceNo, placedAt),
  };
  const size = Buffer.byteLength(JSON.stringify(order)); // DynamoDB counts a little less than JSON has
  if (size <= LARGEST_ORDER) return order;
  throw new UsageError(
    `${invoice.source}: makes an order of ${size} bytes, but the table takes ${LARGEST_ORDER}. Shorten the line and run it again.`,
    1,
  );
}

/** A product that the catalogue needs for the orders. */
export interface ImportedProduct {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: string;
  readonly currency: string;
}

/** The products that the invoices' lines speak of: first description and first price that say something. */
export function productsOf(invoices: readonly Invoice[]): ImportedProduct[] {
  const names = new Map<string, string>();
  const prices = new Map<string, string>();
  const skus = new Set<string>();
  for (const line of invoices.flatMap((invoice) => invoice.lines)) {
    skus.add(line.stockCode);
    const name = line.description?.trim() ?? '';
    if (name !== '' && !names.has(line.stockCode)) names.set(line.stockCode, name);
    if (!prices.has(line.stockCode) && Number(line.unitPrice) > 0) prices.set(line.stockCode, line.unitPrice);
  }
  return [...skus].map((sku) => ({
    sku,
    name: names.get(sku) ?? sku,
    unitPrice: prices.get(sku) ?? '0',
    currency: CURRENCY,
  }));
}

/** Goods to receive: what the invoices ask for of each SKU (negative quantities ask for nothing), or `each` of all. */
export function receiptOf(invoices: readonly Invoice[], each: number | undefined): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of invoices.flatMap((invoice) => invoice.lines)) {
    sums.set(line.stockCode, each ?? (sums.get(line.stockCode) ?? 0) + Math.max(0, line.quantity));
  }
  return sums;
}
