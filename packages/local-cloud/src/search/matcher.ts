import { dateIn } from './dates.ts';
import { ShardError } from './errors.ts';
import { textOf } from './json.ts';
import type { Field } from './mapping.ts';
import { needed, type BoolQuery, type Query, type RangeQuery, type TextQuery } from './query.ts';
import type { SearchIndex, StoredDocument } from './search-index.ts';
import { textScores } from './text-match.ts';
import { valueFor, type Value } from './values.ts';

/** How well a document matches; undefined when it does not. */
export type Matcher = (document: StoredDocument) => number | undefined;

const NEVER: Matcher = () => undefined;

/**
 * A query made ready for one index. A field that the index does not have matches nothing.
 *
 * @throws {ShardError} for a value that the field can't be compared with, and a field that can't be searched so.
 */
export function matcherOf(query: Query, index: SearchIndex): Matcher {
  switch (query.kind) {
    case 'all':
      return () => query.boost;
    case 'none':
      return NEVER;
    case 'ids':
      return when(({ id }) => query.ids.has(id), query.boost);
    case 'exists':
      return when(({ values }) => values.has(query.field), query.boost);
    case 'terms':
      return termsMatcher(query.field, query.values, query.boost, index);
    case 'range':
      return rangeMatcher(query, index);
    case 'text':
      return textMatcher(query, index);
    case 'bool':
      return boolMatcher(query, index);
  }
}

function when(matches: (document: StoredDocument) => boolean, score: number): Matcher {
  return (document) => (matches(document) ? score : undefined);
}

function boolMatcher(query: BoolQuery, index: SearchIndex): Matcher {
  const ready = (queries: readonly Query[]) => queries.map((one) => matcherOf(one, index));
  const must = ready(query.must);
  const filter = ready(query.filter);
  const mustNot = ready(query.mustNot);
  const should = ready(query.should);
  const optional = must.length + filter.length > 0 || should.length === 0;
  const least =
    query.minimumMatch === undefined ? (optional ? 0 : 1) : needed(query.minimumMatch, should.length);
  return (document) => {
    for (const matches of filter) if (matches(document) === undefined) return undefined;
    for (const matches of mustNot) if (matches(document) !== undefined) return undefined;
    let score = 0;
    for (const matches of must) {
      const part = matches(document);
      if (part === undefined) return undefined;
      score += part;
    }
    let found = 0;
    for (const matches of should) {
      const part = matches(document);
      if (part === undefined) continue;
      found += 1;
      score += part;
    }
    return found < least ? undefined : score * query.boost;
  };
}

function termsMatcher(name: string, given: readonly unknown[], boost: number, index: SearchIndex): Matcher {
  const field = searchedField(name, index);
  if (field === undefined) return NEVER;
  if (field.type === 'text') {
    const exactly = { edits: 0, prefixLength: 0, maxExpansions: 1 };
    const found = given.map((word) => index.text.scores(name, textOf(word), exactly));
    return ({ id }) => {
      const score = found.find((scores) => scores.has(id))?.get(id);
      return score === undefined ? undefined : score * boost;
    };
  }
  const values = new Set(given.map((value) => comparable(field, value, index)));
  return when((document) => document.values.get(name)?.some((value) => values.has(value)) ?? false, boost);
}

function rangeMatcher({ field: name, bounds, boost }: RangeQuery, index: SearchIndex): Matcher {
  const field = searchedField(name, index);
  if (field === undefined) return NEVER;
  if (field.type === 'text' || field.type === 'boolean')
    throw shardError(index, `a range of the ${field.type} field [${name}] is not run here`);
  const tests = Object.entries(bounds).flatMap(([relation, bound]) => {
    if (bound === null || bound === undefined) return [];
    const late = relation === 'gt' || relation === 'lte' ? 'last' : 'first';
    const limit = field.type === 'date' ? dateIn(bound, late) : comparable(field, bound, index);
    if (limit === undefined) throw unreadable(field, bound, index);
    return [{ relation, limit }];
  });
  const inside = (value: Value) =>
    tests.every(({ relation, limit }) => {
      if (relation === 'gt') return value > limit;
      if (relation === 'gte') return value >= limit;
      return relation === 'lt' ? value < limit : value <= limit;
    });
  return when((document) => document.values.get(name)?.some(inside) ?? false, boost);
}

/** Analysed fields are searched by words, all others are compared whole. */
function textMatcher(query: TextQuery, index: SearchIndex): Matcher {
  const analysed = query.fields.filter(({ name }) => index.mapping.fields.get(name)?.type === 'text');
  const scores = textScores(query, analysed, index);
  const whole = query.fields.flatMap(({ name, boost }) => {
    const field = index.mapping.fields.get(name);
    if (field === undefined || field.type === 'text') return [];
    if (query.fuzziness !== undefined)
      throw shardError(index, `fuzziness of the ${field.type} field [${name}] is not run here`);
    if (query.lenient && valueFor(field, query.text) === undefined) return [];
    return [termsMatcher(name, [query.text], boost * query.boost, index)];
  });
  return (document) => {
    let highest = scores.get(document.id);
    for (const matches of whole) {
      const score = matches(document);
      if (score !== undefined && score > (highest ?? -1)) highest = score;
    }
    return highest;
  };
}

function searchedField(name: string, index: SearchIndex): Field | undefined {
  const field = index.mapping.fields.get(name);
  if (field?.searched !== false) return field;
  throw shardError(index, `Cannot search on field [${name}] since it is not indexed.`);
}

/** A number is compared as it is, also where the field holds whole ones. */
function comparable(field: Field, value: unknown, index: SearchIndex): Value {
  const exact: Field =
    field.type === 'long' || field.type === 'integer' ? { ...field, type: 'double' } : field;
  const known = value === null ? undefined : valueFor(exact, value);
  if (known === undefined) throw unreadable(field, value, index);
  return known;
}

function unreadable(field: Field, value: unknown, index: SearchIndex): ShardError {
  return shardError(
    index,
    `failed to create query: [${textOf(value)}] is no ${field.type}, which the field [${field.name}] is`,
  );
}

function shardError(index: SearchIndex, reason: string): ShardError {
  return new ShardError('query_shard_exception', reason, index.name);
}
