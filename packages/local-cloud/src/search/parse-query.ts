import { parsingError } from './errors.ts';
import { listIn, numberIn, objectIn, onlyMember, refuseOthers, textIn, textOf, type Json } from './json.ts';
import { minimumIn, parseMatch, parseMultiMatch } from './parse-text-query.ts';
import type { Query } from './query.ts';

/** Deepest nesting of queries. */
const DEEPEST = 30;
/** Most clauses of one kind (indices.query.bool.max_clause_count), and most values of a terms query. */
const MOST_CLAUSES = 1_024;
const MOST_VALUES = 65_536;

type Parser = (content: unknown, depth: number) => Query;

const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  [
    'match_all',
    (content) => ({ kind: 'all', boost: boostOf('match_all', options('match_all', content, [])) }),
  ],
  ['match_none', (content) => (options('match_none', content, []), { kind: 'none' })],
  ['match', parseMatch],
  ['multi_match', parseMultiMatch],
  ['term', parseTerm],
  ['terms', parseTerms],
  ['range', parseRange],
  ['exists', parseExists],
  ['ids', parseIds],
  ['bool', parseBool],
]);

/**
 * Reads a query of OpenSearch's query language.
 *
 * @throws parsing_exception naming the query type or parameter that is not run here.
 * @see https://docs.opensearch.org/latest/query-dsl/
 */
export function parseQuery(query: unknown, depth = 0): Query {
  const [type, content] = onlyMember(query, 'query');
  const parser = PARSERS.get(type);
  if (!parser) throw parsingError(`unknown query [${type}]`);
  if (depth > DEEPEST) throw parsingError(`The nested depth of the query exceeds the maximum of ${DEEPEST}`);
  return parser(content, depth);
}

function parseTerm(content: unknown): Query {
  const [field, given] = onlyMember(content, 'term');
  if (typeof given !== 'object' || given === null) return { kind: 'terms', field, values: [given], boost: 1 };
  const query = options('term', given, ['value']);
  if (query['value'] === undefined) throw parsingError('[term] query needs a [value]');
  return { kind: 'terms', field, values: [query['value']], boost: boostOf('term', query) };
}

function parseTerms(content: unknown): Query {
  const { boost, ...fields } = objectIn(content, 'terms');
  const [field, values] = onlyMember(fields, 'terms');
  if (!Array.isArray(values)) throw parsingError(`[terms] query requires an array of values for [${field}]`);
  if (values.length > MOST_VALUES)
    throw parsingError(`[terms] may have up to ${MOST_VALUES} values, and has ${values.length}`);
  return { kind: 'terms', field, values, boost: boostOf('terms', { boost }) };
}

function parseRange(content: unknown): Query {
  const [field, given] = onlyMember(content, 'range');
  const { boost, ...bounds } = options('range', given, ['gt', 'gte', 'lt', 'lte']);
  return { kind: 'range', field, bounds, boost: boostOf('range', { boost }) };
}

function parseExists(content: unknown): Query {
  const query = options('exists', content, ['field']);
  return { kind: 'exists', field: textIn(query['field'], 'exists.field'), boost: boostOf('exists', query) };
}

function parseIds(content: unknown): Query {
  const query = options('ids', content, ['values']);
  const ids = new Set(listIn(query['values']).map((id) => textIn(id, 'ids.values')));
  return { kind: 'ids', ids, boost: boostOf('ids', query) };
}

function parseBool(content: unknown, depth: number): Query {
  const query = options('bool', content, ['must', 'should', 'filter', 'must_not', 'minimum_should_match']);
  const clauses = (name: string) => {
    const list = listIn(query[name]);
    if (list.length > MOST_CLAUSES)
      throw parsingError(`[bool.${name}] may have up to ${MOST_CLAUSES} clauses, and has ${list.length}`);
    return list.map((clause) => parseQuery(clause, depth + 1));
  };
  return {
    kind: 'bool',
    must: clauses('must'),
    should: clauses('should'),
    filter: clauses('filter'),
    mustNot: clauses('must_not'),
    minimumMatch: minimumIn(query['minimum_should_match']),
    boost: boostOf('bool', query),
  };
}

/** The parameters of a query; every other one is refused by name. */
function options(type: string, content: unknown, names: readonly string[]): Json {
  const query = objectIn(content, type);
  refuseOthers(query, [...names, 'boost'], (name) => `[${type}] query does not support [${name}]`);
  return query;
}

function boostOf(type: string, { boost = 1 }: Json): number {
  const factor = numberIn(boost, `${type}.boost`);
  if (factor >= 0) return factor;
  throw parsingError(`negative [boost] are not allowed in [${type}], and it is [${textOf(boost)}]`);
}
