import { ShardError } from './errors.ts';
import type { Field } from './mapping.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * A field whose values are sorted or counted; undefined when the index does not have it.
 *
 * @throws {ShardError} for an analysed field, which has no values of its own.
 */
export function countedField(name: string, index: SearchIndex): Field | undefined {
  const field = index.mapping.fields.get(name);
  if (field?.type !== 'text') return field;
  throw new ShardError(
    'illegal_argument_exception',
    'Text fields are not optimised for operations that require per-document field data like aggregations and ' +
      `sorting, so these operations are disabled by default. Please use a keyword field instead of [${name}].`,
    index.name,
  );
}
