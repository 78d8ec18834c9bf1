import * as z from 'zod/mini';
import { isInstant } from './instant.ts';
import { orderLineSchema } from './order.ts';
import { productSchema } from './product.ts';

/** A product in the search index, or what is left there of one that is not for sale any more. */
export type SearchDocument =
  | {
      readonly sku: string;
      readonly removed: false;
      readonly name: string;
      /** Exact, as the catalogue has it. */
      readonly unitPrice: string;
      /** The unit price as a float: to compare by, never to show. */
      readonly price: number;
      readonly currency: string;
      readonly inStock: boolean;
      readonly updatedAt?: string;
    }
  | { readonly sku: string; readonly removed: true };

/** A product and its stock as they stood at one moment: both read in one transaction. */
export interface ProductSnapshot {
  readonly sku: string;
  readonly product: Readonly<Record<string, unknown>> | undefined;
  readonly stock: Readonly<Record<string, unknown>> | undefined;
}

/** What is to be written to the index; the index keeps the highest version. */
export interface IndexWrite {
  readonly version: number;
  readonly document: SearchDocument;
}

const { sku, name, currency } = productSchema.shape;
/** What can be shown and bought: a price is above 0. */
const shownSchema = z.object({
  sku,
  name,
  currency,
  unitPrice: orderLineSchema.shape.unitPrice,
  updatedAt: z.optional(z.unknown()),
});

/**
 * What the index is to hold of a product, given how it stands and in which versions its removal was told of.
 *
 * The version is the sum of product's and stock's. Each only rises, through removal and re-creation too, and both are
 * read at one moment, so a later snapshot never has a smaller sum, and the same sum means the same content. A removal
 * counts as the version after the removed one: its sum is above that of every snapshot that still had the product, and
 * below that of every snapshot of a product created anew.
 *
 * A product that is gone without its removal being told of needs nothing: that event is still to come, or was here. One
 * that cannot be shown, because of its values, counts as removed.
 *
 * @throws Error when a version is no number.
 */
export function indexWrite(
  snapshot: ProductSnapshot,
  removals: readonly number[] = [],
): IndexWrite | undefined {
  const { sku, product, stock } = snapshot;
  const stockVersion = versionOf(sku, stock);
  if (product !== undefined) {
    return { version: versionOf(sku, product) + stockVersion, document: documentOf(snapshot) };
  }
  if (removals.length === 0) return undefined;
  return { version: Math.max(...removals) + stockVersion, document: { sku, removed: true } };
}

function documentOf({ sku, product, stock }: ProductSnapshot): SearchDocument {
  const { success, data } = shownSchema.safeParse(product);
  if (!success) return { sku, removed: true };
  const { name, unitPrice, currency, updatedAt } = data;
  const available = stock?.['available'];
  const inStock = typeof available === 'number' && available > 0;
  const shown = { name, unitPrice, price: Number(unitPrice), currency, inStock };
  // The index would refuse the whole document for a text that is no time.
  return { sku, removed: false, ...shown, ...(isInstant(updatedAt) ? { updatedAt } : {}) };
}

/** 0 for an item that is not there: it has a higher one as soon as it is. */
function versionOf(sku: string, item: Readonly<Record<string, unknown>> | undefined): number {
  const version = item === undefined ? 0 : item['itemVersion'];
  if (typeof version === 'number' && Number.isSafeInteger(version)) return version;
  throw new Error(
    `An item of ${JSON.stringify(sku)} has the itemVersion ${JSON.stringify(version)}. Write a whole number there.`,
  );
}
