import * as z from 'zod/mini';
import type { WrongField } from '@orderstream/lambda-kit';
import { KINDS } from './letter.ts';
import { readLetterId } from './letter-id.ts';

/** Ids that one request may name. */
const MOST_IDS = 1_000;

const filters = {
  kind: z.optional(z.enum(KINDS, `must be one of ${KINDS.join(', ')}`)),
  source: z.optional(
    z.string().check(z.maxLength(200, 'has more than 200 characters: no source is so long')),
  ),
  cause: z.optional(
    z
      .string()
      .check(
        z.minLength(1, 'must not be empty'),
        z.maxLength(200, 'has more than 200 characters: give the cause of a letter in the list'),
      ),
  ),
};

/** The query of a list of dead letters. */
export const listSchema = z.strictObject({
  ...filters,
  limit: z.optional(z.string().check(z.regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100'))),
  cursor: z.optional(z.string()),
});

export const idSchema = z
  .string()
  .check(
    z.refine((id) => readLetterId(id) !== undefined, 'is no id of a dead letter: take one from the list'),
  );

/** What is to be redriven or discarded. */
export const selectionSchema = z.strictObject({
  ids: z.optional(
    z
      .array(idSchema)
      .check(
        z.minLength(1, 'must name at least one dead letter'),
        z.maxLength(
          MOST_IDS,
          `has more than ${MOST_IDS} ids: ask several times, or by kind, source or cause`,
        ),
      ),
  ),
  ...filters,
  all: z.optional(z.literal(true, 'must be true, or left out')),
  dryRun: z.optional(z.boolean('must be true or false')),
  cursor: z.optional(z.string()),
});

export type Selection = z.infer<typeof selectionSchema>;
export type Filters = Pick<Selection, 'kind' | 'source' | 'cause'>;

/** What is wrong with filters that are well-formed. @param sources all that dead letters can go back to. */
export function wrongFilters({ source }: Filters, sources: readonly string[]): WrongField[] {
  if (source === undefined || sources.includes(source)) return [];
  return [
    {
      field: 'source',
      problem: `is ${source}, which no dead letter goes back to: use one of ${sources.join(', ')}`,
    },
  ];
}

/** What is wrong with a selection that is well-formed: it must select in exactly one way. */
export function wrongSelection(selection: Selection, sources: readonly string[]): WrongField[] {
  const { ids, all, kind, source, cause } = selection;
  const byFilter = [kind, source, cause].some((one) => one !== undefined);
  const ways = [
    ...(ids === undefined ? [] : ['ids']),
    ...(byFilter ? ['kind, source or cause'] : []),
    ...(all === undefined ? [] : ['all']),
  ];
  if (ways.length === 1) return wrongFilters(selection, sources);
  const found = ways.length === 0 ? 'selects nothing' : `selects by ${ways.join(' and by ')} at once`;
  return [
    {
      field: ids === undefined ? 'all' : 'ids',
      problem: `${found}: give ids, or kind, source and cause, or all`,
    },
  ];
}
