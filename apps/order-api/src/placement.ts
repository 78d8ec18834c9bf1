import { addressSchema, MOST_LINES, orderLineSchema, orderSchema } from '@orderstream/domain';
import * as z from 'zod';
import { Problem, type WrongField } from './problem.ts';

const { sku, quantity } = orderLineSchema.shape;

/** What a customer sends to place an order. Names and prices are not in it: they come from the catalogue. */
const placementSchema = z.strictObject({
  lines: z
    .array(z.strictObject({ sku, quantity }))
    .min(1, 'must have at least one line')
    .max(MOST_LINES, `must have at most ${MOST_LINES} lines`),
  paymentToken: orderSchema.shape.paymentToken,
  shippingAddress: z.strictObject(addressSchema.shape),
  email: z.string().max(254).regex(/^[^\s@]+@[^\s@]+$/, 'must be a mail address').optional(),
  phone: z.string().regex(/^\+?[0-9 ()-]{5,30}$/, 'must be a telephone number').optional(),
});
export type Placement = z.infer<typeof placementSchema>;

/** @throws Problem naming every field that is wrong. */
export function readPlacement(body: unknown): Placement {
  const { success, data, error } = placementSchema.safeParse(body);
  if (success) return data;
  const errors = error.issues.flatMap(wrongFields);
  throw new Problem('invalid-request', `Correct ${errors.length === 1 ? 'it' : 'them'} and place the order again.`, errors);
}

function wrongFields(issue: z.core.$ZodIssue): WrongField[] {
  const field = (path: readonly PropertyKey[]) => path.map(String).join('.') || 'body';
  if (issue.code !== 'unrecognized_keys') return [{ field: field(issue.path), problem: issue.message }];
  return issue.keys.map((key) => ({ field: field([...issue.path, key]), problem: 'is not known here' }));
}
