import * as z from 'zod';
import { table, toTheRight } from '../output.ts';

export const searchSchema = z.looseObject({
  total: z.number(),
  page: z.number(),
  size: z.number(),
  products: z.array(
    z.looseObject({
      sku: z.string(),
      name: z.string(),
      unitPrice: z.string(),
      currency: z.string(),
      inStock: z.boolean().optional(),
    }),
  ),
});
export type SearchResult = z.infer<typeof searchSchema>;

/** The products found, best first, and how to see the next. */
export function searchText(result: SearchResult, text: string): string {
  const { total, page, size, products } = result;
  if (total === 0) return `No product is found for ${JSON.stringify(text)}.`;
  if (products.length === 0)
    return `${productCount(total)}, but there is no page ${page}. Begin with --page 1.`;
  const prices = toTheRight(products.map(({ unitPrice }) => unitPrice));
  const rows = products.map(({ sku, name, currency, inStock }, index) => [
    sku,
    name,
    `${prices[index] ?? ''} ${currency}`,
    inStock === false ? 'out of stock' : '',
  ]);
  const pages = Math.ceil(total / Math.max(1, size));
  const where =
    pages > 1
      ? `, page ${page} of ${pages}${page < pages ? ` (--page ${page + 1} shows the next)` : ''}`
      : '';
  return `${table(rows)}\n\n${productCount(total)}${where}`;
}

function productCount(total: number): string {
  return total === 1 ? '1 product' : `${total} products`;
}
