import {
  addressSchema,
  isPlainText,
  MOST_LINES,
  orderLineSchema,
  orderSchema,
  PLAIN_TEXT_RULE,
} from '@orderstream/domain';
import { Problem, readAs, type WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

const { sku, quantity } = orderLineSchema.shape;
const { name, line1, line2, city, postcode, country } = addressSchema.shape;

/** Signs that end a mail address, or begin another one, where a list of them is read. */
const MAIL_ADDRESS = /^[^\s\p{C}@,;:<>()[\]\\"]+@[^\s\p{C}@,;:<>()[\]\\"]+$/u;

/** At least five digits, and as many as a number in the whole world can have. */
const TELEPHONE = /^(?=.{5,30}$)\+?([ ()-]*[0-9]){5,15}[ ()-]*$/;

/** What a customer sends to place an order. Names and prices are not in it: they come from the catalogue. */
const placementSchema = z.strictObject({
  // Lines are counted before they are looked at: half a megabyte of wrong ones would make an answer of many.
  lines: z.pipe(
    z
      .array(z.unknown())
      .check(
        z.minLength(1, 'must have at least one line'),
        z.maxLength(MOST_LINES, `must have at most ${MOST_LINES} lines`),
      ),
    z.array(z.strictObject({ sku, quantity })),
  ),
  paymentToken: plain(orderSchema.shape.paymentToken),
  shippingAddress: z.strictObject({
    name: plain(name),
    line1: plain(line1),
    line2: plain(line2),
    city: plain(city),
    postcode: plain(postcode),
    country: plain(country),
  }),
  email: z.optional(
    z.string().check(z.maxLength(254), z.regex(MAIL_ADDRESS, 'must be one mail address and nothing else')),
  ),
  phone: z.optional(
    z.string().check(z.regex(TELEPHONE, 'must be a telephone number such as +44 20 7946 0000')),
  ),
  /** Whether to tell by SMS, too; without a phone there is nothing to it. */
  smsUpdates: z.optional(z.boolean()),
});
export type Placement = z.infer<typeof placementSchema>;

/** A text as people outside may write it. Orders that an import brings may hold any. */
function plain<Schema extends z.ZodMiniType<string | undefined>>(schema: Schema): Schema {
  return schema.check(z.refine((text) => text === undefined || isPlainText(text), PLAIN_TEXT_RULE));
}

/**
 * What a customer wants, from a request's body.
 *
 * @param others what is wrong with the rest of the request. @throws Problem naming every field that is wrong.
 */
export function readPlacement(body: unknown, others: readonly WrongField[] = []): Placement {
  const { data, errors = [] } = readAs(placementSchema, body);
  if (data !== undefined && others.length === 0) return data;
  throw wrongOrder([...others, ...errors]);
}

export function wrongOrder(errors: readonly WrongField[]): Problem {
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  return new Problem(
    'invalid-request',
    `${count} wrong. Correct what is named and place the order again.`,
    errors,
  );
}
