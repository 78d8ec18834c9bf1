import { parsingError, ShardError } from './errors.ts';
import { countedField } from './fielddata.ts';
import { isObject, listIn, onlyMember, refuseOthers, textIn, wordIn } from './json.ts';
import type { SearchIndex, StoredDocument } from './search-index.ts';
import type { Value } from './values.ts';

export interface SortKey {
  /** `_score`, or a field. */
  readonly field: string;
  readonly order: 'asc' | 'desc';
  /** Where documents without a value stand. */
  readonly missing: '_last' | '_first';
  /** Whether an index without the field is none to complain about. */
  readonly unmapped: boolean;
}

/** What a document is ordered by: a value for each key, null where it has none. */
export type SortValues = readonly (Value | null)[];

/**
 * Reads `sort`: `"price"`, `{ "price": "desc" }`, `{ "price": { "order": "desc" } }`, `"_score"`, or a list of these.
 *
 * @throws parsing_exception naming what is not run here.
 */
export function parseSort(sort: unknown): readonly SortKey[] {
  return listIn(sort).map((item) => {
    const [field, given] = typeof item === 'string' ? [item, {}] : onlyMember(item, 'sort');
    const options = isObject(given) ? given : { order: given };
    refuseOthers(
      options,
      ['order', 'missing', 'unmapped_type'],
      (name) => `[sort] of [${field}] does not support [${name}]`,
    );
    if (field.startsWith('_') && field !== '_score')
      throw parsingError(`[sort] by [${field}] is not run here`);
    return {
      field,
      order: wordIn(
        options['order'] ?? (field === '_score' ? 'desc' : 'asc'),
        ['asc', 'desc'],
        `sort.${field}.order`,
      ),
      missing: wordIn(options['missing'] ?? '_last', ['_last', '_first'], `sort.${field}.missing`),
      unmapped:
        options['unmapped_type'] !== undefined &&
        textIn(options['unmapped_type'], `sort.${field}.unmapped_type`) !== '',
    };
  });
}

/** Reads the values that documents of an index are ordered by. Of several values ascending takes the least. */
export function sortReader(
  keys: readonly SortKey[],
  index: SearchIndex,
): (document: StoredDocument, score: number) => SortValues {
  for (const { field, unmapped } of keys) {
    if (field === '_score' || countedField(field, index) !== undefined || unmapped) continue;
    throw new ShardError(
      'query_shard_exception',
      `No mapping found for [${field}] in order to sort on`,
      index.name,
    );
  }
  return (document, score) =>
    keys.map(({ field, order }) => {
      if (field === '_score') return score;
      const values = document.values.get(field) ?? [];
      return values.reduce<Value | null>(
        (first, value) =>
          first === null || (order === 'asc' ? value < first : value > first) ? value : first,
        null,
      );
    });
}

/** Orders two documents by their values; 0 leaves them in the order in which they were written. */
export function compareBy(keys: readonly SortKey[]): (a: SortValues, b: SortValues) => number {
  return (a, b) => {
    for (const [position, { order, missing }] of keys.entries()) {
      const [one, other] = [a[position] ?? null, b[position] ?? null];
      if (one === other) continue;
      if (one === null || other === null) return (one === null) === (missing === '_last') ? 1 : -1;
      return one < other === (order === 'asc') ? -1 : 1;
    }
    return 0;
  };
}
