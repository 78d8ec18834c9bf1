import { createHash } from 'node:crypto';
import { Problem, type WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { parsed } from '../json.ts';
import { KINDS, type Kind } from './letter.ts';

/** Where a list or a pass goes on. */
export interface Place {
  readonly kind: Kind;
  /** Behind this position; from the kind's beginning without. */
  readonly after?: string | undefined;
  /** The lane of that position, and marks of its items whose changes wait. */
  readonly lane?: string | undefined;
  readonly held?: readonly string[] | undefined;
  /** Marks of the letters that were met in this pass and may come again. */
  readonly met?: readonly string[] | undefined;
  /** Mark of what was asked for: a cursor goes with the same question alone. */
  readonly of?: string | undefined;
}

const marks = z.optional(z.array(z.string().check(z.maxLength(8))));

const placeSchema = z.strictObject({
  kind: z.enum(KINDS),
  after: z.optional(z.string()),
  lane: z.optional(z.string()),
  held: marks,
  met: marks,
  of: z.optional(z.string()),
});

export function writePlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @returns undefined when it is none that was written here. */
export function readPlace(cursor: string): Place | undefined {
  return placeSchema.safeParse(parsed(Buffer.from(cursor, 'base64url').toString())).data;
}

/**
 * A position in a shelf, as it was written there. @throws Problem where it was not: somebody made the cursor by hand.
 */
export function positionAs<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> {
  const read = schema.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new Problem('invalid-request', 'Correct the cursor and send the request again.', [NO_CURSOR]);
}

/** What is wrong with a cursor that no answer gave. */
export const NO_CURSOR: WrongField = {
  field: 'cursor',
  problem: 'must be the cursor (next) of an earlier answer to the same question',
};

/** A short mark of an item or a letter, for cursors. */
export function markOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
