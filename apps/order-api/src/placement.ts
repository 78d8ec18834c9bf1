import { addressSchema, MOST_LINES, orderLineSchema, orderSchema } from '@orderstream/domain';
import { Problem, wrongFieldsOf, type WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

const { sku, quantity } = orderLineSchema.shape;

/** What a customer sends to place an order. Names and prices are not in it: they come from the catalogue. */
const placementSchema = z.strictObject({
  lines: z
    .array(z.strictObject({ sku, quantity }))
    .check(
      z.minLength(1, 'must have at least one line'),
      z.maxLength(MOST_LINES, `must have at most ${MOST_LINES} lines`),
    ),
  paymentToken: orderSchema.shape.paymentToken,
  shippingAddress: z.strictObject(addressSchema.shape),
  email: z.optional(
    z.string().check(z.maxLength(254), z.regex(/^[^\s@]+@[^\s@]+$/, 'must be a mail address')),
  ),
  phone: z.optional(z.string().check(z.regex(/^\+?[0-9 ()-]{5,30}$/, 'must be a telephone number'))),
  /** Whether to tell by SMS, too; without a phone there is nothing to it. */
  smsUpdates: z.optional(z.boolean()),
});
export type Placement = z.infer<typeof placementSchema>;

/** @throws Problem naming every field that is wrong. */
export function readPlacement(body: unknown): Placement {
  const { success, data, error } = placementSchema.safeParse(body);
  if (success) return data;
  throw wrongOrder(wrongFieldsOf(error));
}

export function wrongOrder(errors: readonly WrongField[]): Problem {
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  return new Problem(
    'invalid-request',
    `${count} wrong. Correct what is named and place the order again.`,
    errors,
  );
}
