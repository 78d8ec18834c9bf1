import { aggregate, type Found } from './aggregate.ts';
import { parseAggregations, type Aggregations } from './aggregation.ts';
import { parsingError, ShardError } from './errors.ts';
import { flagIn, isObject, objectIn, textIn, wholeIn, type Json } from './json.ts';
import { matcherOf } from './matcher.ts';
import { parseQuery } from './parse-query.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { compareBy, parseSort, sortReader, type SortKey, type SortValues } from './sort.ts';
import { parseSourceFilter, type SourceFilter } from './source-filter.ts';

/** How deep one may page (index.max_result_window). */
const WINDOW = 10_000;

interface SearchRequest {
  readonly query: Query;
  /** Narrows the hits and leaves the aggregations alone. */
  readonly postFilter: Query;
  readonly from: number;
  readonly size: number;
  readonly sort: readonly SortKey[];
  readonly source: SourceFilter;
  readonly version: boolean;
  readonly trackScores: boolean;
  /** Up to how many hits are counted. */
  readonly countedHits: number;
  readonly aggregations: Aggregations;
}

const ALL: Query = { kind: 'all', boost: 1 };

/** Members of a search, each with how it is read into the request; all others are refused. */
const KNOWN = [
  'query',
  'post_filter',
  'from',
  'size',
  'sort',
  '_source',
  'version',
  'track_scores',
  'track_total_hits',
  'timeout',
  'aggs',
  'aggregations',
];

/**
 * Reads the body of a search.
 *
 * @throws parsing_exception naming what is not run here.
 */
function parseSearch(body: unknown): SearchRequest {
  const search = objectIn(body ?? {}, 'search');
  for (const [name, value] of Object.entries(search))
    if (!KNOWN.includes(name)) throw parsingError(`Unknown key for a ${tokenOf(value)} in [${name}].`);
  const { query, post_filter, aggs, aggregations, timeout } = search;
  if (timeout !== undefined) textIn(timeout, 'timeout');
  return {
    query: query === undefined ? ALL : parseQuery(query),
    postFilter: post_filter === undefined ? ALL : parseQuery(post_filter),
    from: wholeIn(search['from'] ?? 0, 'from'),
    size: wholeIn(search['size'] ?? 10, 'size'),
    sort: parseSort(search['sort']),
    source: parseSourceFilter(search['_source']),
    version: flagIn(search['version'] ?? false, 'version'),
    trackScores: flagIn(search['track_scores'] ?? false, 'track_scores'),
    countedHits: countedHitsIn(search['track_total_hits'] ?? WINDOW),
    aggregations: parseAggregations(aggs ?? aggregations),
  };
}

function countedHitsIn(given: unknown): number {
  if (typeof given === 'boolean') return given ? Infinity : -1;
  return wholeIn(given, 'track_total_hits');
}

/** What OpenSearch calls the first token of a value. */
function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY';
  if (isObject(value)) return 'START_OBJECT';
  if (typeof value === 'string') return 'VALUE_STRING';
  return typeof value === 'number' ? 'VALUE_NUMBER' : 'VALUE_BOOLEAN';
}

/** A body that holds nothing but a query: of a count. */
export function parseQueryBody(body: unknown): Query {
  const { query, ...rest } = objectIn(body ?? {}, 'count');
  for (const name of Object.keys(rest)) throw parsingError(`request does not support [${name}]`);
  return query === undefined ? ALL : parseQuery(query);
}

interface Hit extends Found {
  readonly score: number;
  readonly values: SortValues;
}

/**
 * Searches indexes; the answer is OpenSearch's own. Scores are comparable within one search and are not those that
 * OpenSearch computes.
 *
 * @throws SearchError for what is not run here, a window too far down and a field that can't be searched or sorted so.
 */
export function search(indexes: readonly SearchIndex[], body: unknown, now: () => number): Json {
  const began = now();
  const request = parseSearch(body);
  refuseDeepPage(request, indexes);
  const byScore = request.sort.length === 0 || request.sort.some(({ field }) => field === '_score');
  const matched = indexes.flatMap((index) => hitsIn(index, request.query, request.sort));
  const aggregations = request.aggregations.size > 0 && {
    aggregations: aggregate(request.aggregations, matched, indexes),
  };
  const hits = request.postFilter === ALL ? matched : narrowed(matched, request.postFilter, indexes);
  const compare = compareBy(request.sort);
  hits.sort(request.sort.length === 0 ? (a, b) => b.score - a.score : (a, b) => compare(a.values, b.values));
  const page = hits.slice(request.from, request.from + request.size);
  const scored = byScore || request.trackScores;
  const shards = indexes.length;
  return {
    took: Math.round(now() - began),
    timed_out: false,
    _shards: { total: shards, successful: shards, skipped: 0, failed: 0 },
    hits: {
      ...totalOf(hits.length, request.countedHits),
      max_score:
        scored && page.length > 0 ? hits.reduce((most, { score }) => Math.max(most, score), 0) : null,
      hits: page.map((hit) => written(hit, request, scored)),
    },
    ...aggregations,
  };
}

/** How many documents match. */
export function count(indexes: readonly SearchIndex[], body: unknown): number {
  const query = parseQueryBody(body);
  return indexes.reduce((sum, index) => sum + hitsIn(index, query, []).length, 0);
}

function hitsIn(index: SearchIndex, query: Query, sort: readonly SortKey[]): Hit[] {
  const matches = matcherOf(query, index);
  const valuesOf = sortReader(sort, index);
  const hits: Hit[] = [];
  for (const document of index.documents()) {
    const score = matches(document);
    if (score !== undefined) hits.push({ index, document, score, values: valuesOf(document, score) });
  }
  return hits;
}

function narrowed(hits: readonly Hit[], filter: Query, indexes: readonly SearchIndex[]): Hit[] {
  const matchers = new Map(indexes.map((index) => [index, matcherOf(filter, index)]));
  return hits.filter(({ index, document }) => matchers.get(index)?.(document) !== undefined);
}

function totalOf(found: number, counted: number): Json {
  if (counted < 0) return {};
  const total = found > counted ? { value: counted, relation: 'gte' } : { value: found, relation: 'eq' };
  return { total };
}

function written({ index, document, score, values }: Hit, request: SearchRequest, scored: boolean): Json {
  return {
    _index: index.name,
    _id: document.id,
    ...(request.version && { _version: document.version }),
    _score: scored ? score : null,
    ...(request.source && { _source: request.source(document.source) }),
    ...(request.sort.length > 0 && { sort: values }),
  };
}

function refuseDeepPage({ from, size }: SearchRequest, indexes: readonly SearchIndex[]): void {
  if (from + size <= WINDOW) return;
  throw new ShardError(
    'illegal_argument_exception',
    `Result window is too large, from + size must be less than or equal to: [${WINDOW}] but was [${from + size}]. See ` +
      'the scroll api for a more efficient way to request large data sets. This limit can be set by changing the ' +
      '[index.max_result_window] index level setting.',
    indexes[0]?.name ?? '',
  );
}
