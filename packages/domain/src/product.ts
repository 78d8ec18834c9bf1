import * as z from 'zod/mini';
import { skuSchema } from './order.ts';
import { isDecimal } from './money.ts';

/** A product of the catalogue: what the public API takes names and prices from. */
export const productSchema = z.object({
  sku: skuSchema,
  name: z.string().check(z.maxLength(500)),
  unitPrice: z.string().check(z.refine(isDecimal, 'must be a decimal string such as "12.50"')),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  itemVersion: z.number(),
  updatedAt: z.string(),
  updatedBy: z.string(),
});
export type Product = z.infer<typeof productSchema>;
