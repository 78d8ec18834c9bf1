import * as z from 'zod';
import { skuSchema } from './order.ts';

/** Stock of one SKU. Law 3: available + allocated + shipped = received, and available is never negative. */
export const stockSchema = z.object({
  sku: skuSchema,
  available: z.number().int(),
  allocated: z.number().int(),
  shipped: z.number().int(),
  received: z.number().int(),
  itemVersion: z.number(),
  updatedBy: z.string(),
});
export type Stock = z.infer<typeof stockSchema>;
