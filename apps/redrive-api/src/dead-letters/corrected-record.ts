import { isDeepStrictEqual } from 'node:util';
import type { WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { record } from '../json.ts';

const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];

/** An attribute with its type, as streams have it: `{ "S": "MUG" }`. */
const attributeSchema = z.record(z.string(), z.unknown()).check(
  z.refine((attribute) => {
    const [type, ...others] = Object.keys(attribute);
    return type !== undefined && TYPES.includes(type) && others.length === 0;
  }, 'must be an attribute with its type, such as {"S": "text"} or {"N": "1"}'),
);
const imageSchema = z.record(z.string(), attributeSchema);
const text = z.string().check(z.minLength(1));

/** A stream's record; nothing that a stream does not send is known. */
export const recordSchema = z.strictObject({
  eventID: text,
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE'], 'must be INSERT, MODIFY or REMOVE'),
  eventVersion: z.optional(text),
  eventSource: z.optional(text),
  awsRegion: z.optional(text),
  dynamodb: z.strictObject({
    ApproximateCreationDateTime: z.optional(z.number()),
    Keys: imageSchema,
    NewImage: z.optional(imageSchema),
    OldImage: z.optional(imageSchema),
    SequenceNumber: z.string().check(z.regex(/^\d{1,40}$/, 'must be the number of a change: digits')),
    SizeBytes: z.optional(z.number()),
    StreamViewType: z.optional(text),
  }),
  eventSourceARN: text,
  userIdentity: z.optional(z.looseObject({})),
});

/**
 * What of a correction can't be: a record stays the change that it was, or its effect would come twice under two names.
 * What the quarantined record lacks, or has in a form that nobody can read, may be given.
 */
export function wrongCorrections(kept: unknown, corrected: z.infer<typeof recordSchema>): WrongField[] {
  const { eventID, eventName, eventSourceARN, dynamodb } = record(kept);
  const { SequenceNumber, Keys } = record(dynamodb);
  const { shape } = recordSchema;
  const fixed: [field: string, before: unknown, after: unknown][] = [
    ['eventID', eventID, corrected.eventID],
    ['eventName', shape.eventName.safeParse(eventName).data, corrected.eventName],
    ['dynamodb.Keys', imageSchema.safeParse(Keys).data, corrected.dynamodb.Keys],
    ['eventSourceARN', eventSourceARN, corrected.eventSourceARN],
    ['dynamodb.SequenceNumber', SequenceNumber, corrected.dynamodb.SequenceNumber],
  ];
  return fixed
    .filter(([, before, after]) => before !== undefined && !isDeepStrictEqual(before, after))
    .map(([field, before]) => ({
      field,
      problem: `must stay ${JSON.stringify(before)}: it names the change`,
    }));
}
