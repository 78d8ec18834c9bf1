import * as z from 'zod';
import { skuSchema } from './order.ts';
import { isDecimal } from './money.ts';

/** A product of the catalogue: what the public API takes names and prices from. */
export const productSchema = z.object({
  sku: skuSchema,
  name: z.string().max(500),
  unitPrice: z.string().refine(isDecimal, 'must be a decimal string such as "12.50"'),
  currency: z.string().regex(/^[A-Z]{3}$/),
  itemVersion: z.number(),
  updatedAt: z.string(),
  updatedBy: z.string(),
});
export type Product = z.infer<typeof productSchema>;
