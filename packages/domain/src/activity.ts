import * as z from 'zod/mini';
import { isInstant } from './instant.ts';
import { orderIdSchema, skuSchema } from './order.ts';
import { isPlainText, PLAIN_TEXT_RULE } from './plain-text.ts';

const at = z.string().check(z.refine(isInstant, 'must be a time in UTC such as 2026-01-01T09:30:00.000Z'));

const common = {
  /** The caller's own id of it: sent again under the same id and time, it is the same. */
  id: z.optional(orderIdSchema),
  /** When it happened; when it arrived, where it is left out. */
  at: z.optional(at),
};
const quantity = z.int().check(z.minimum(1, 'must be at least 1'), z.maximum(1_000_000));

/** Something that a visitor of the shop did. */
export const activitySchema = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('view'), sku: skuSchema }),
  z.strictObject({
    ...common,
    type: z.literal('search'),
    text: z
      .string()
      .check(z.trim(), z.minLength(1), z.maxLength(200), z.refine(isPlainText, PLAIN_TEXT_RULE)),
    /** How many products were found. */
    results: z.int().check(z.minimum(0, 'must not be negative')),
  }),
  z.strictObject({ ...common, type: z.literal('add-to-basket'), sku: skuSchema, quantity }),
  z.strictObject({ ...common, type: z.literal('remove-from-basket'), sku: skuSchema, quantity }),
  z.strictObject({ ...common, type: z.literal('checkout') }),
  z.strictObject({ ...common, type: z.literal('purchase'), orderId: orderIdSchema }),
]);
export type Activity = z.infer<typeof activitySchema>;
export type ActivityType = Activity['type'];

/** Days that an activity is kept, by the table's time to live. */
export const ACTIVITY_DAYS = 90;

/** An activity as the activity table has it. */
export type StoredActivity = Omit<Activity, 'id' | 'at'> & {
  /** Partition key: `customer#<id>` or `session#<id>`. */
  readonly who: string;
  /** Sort key: `<occurredAt>#<id>`. */
  readonly moment: string;
  readonly occurredAt: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
};

/** The activity table's item for what `who` did. @param now epoch milliseconds. */
export function storedActivity(
  who: `customer#${string}` | `session#${string}`,
  { id, at: given, ...what }: Activity & { readonly id: string },
  now: number,
): StoredActivity {
  const occurredAt = given ?? new Date(now).toISOString();
  const expiresAt = Math.floor(Date.parse(occurredAt) / 1000) + ACTIVITY_DAYS * 24 * 60 * 60;
  return { ...what, who, moment: `${occurredAt}#${id}`, occurredAt, expiresAt };
}
