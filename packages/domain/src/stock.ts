import * as z from 'zod/mini';
import { skuSchema } from './order.ts';

/** Stock of one SKU. Law 3: available + allocated + shipped = received, and available is never negative. */
export const stockSchema = z.object({
  sku: skuSchema,
  available: z.int(),
  allocated: z.int(),
  shipped: z.int(),
  received: z.int(),
  itemVersion: z.number(),
  updatedBy: z.string(),
});
export type Stock = z.infer<typeof stockSchema>;
