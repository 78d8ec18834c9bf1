import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
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
}

const marks = z.optional(z.array(z.string().check(z.maxLength(8))));

const placeSchema = z.strictObject({
  kind: z.enum(KINDS),
  after: z.optional(z.string()),
  lane: z.optional(z.string()),
  held: marks,
  met: marks,
});

export function writePlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @returns undefined when it is none that was written here. */
export function readPlace(cursor: string): Place | undefined {
  try {
    return placeSchema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

/** A short mark of an item or a letter, for cursors. */
export function markOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
