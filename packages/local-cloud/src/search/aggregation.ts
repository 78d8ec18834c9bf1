import { parsingError } from './errors.ts';
import {
  flagIn,
  listIn,
  numberIn,
  objectIn,
  onlyMember,
  refuseOthers,
  textIn,
  wholeIn,
  wordIn,
} from './json.ts';
import type { Json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import type { Query } from './query.ts';

export interface RangeBucket {
  readonly key: string | undefined;
  /** Inclusive. */
  readonly from: number | undefined;
  /** Exclusive. */
  readonly to: number | undefined;
}

export interface TermsOrder {
  readonly by: '_count' | '_key';
  readonly order: 'asc' | 'desc';
}

/** What is counted over the documents found, by the name it is answered under. */
export type Aggregations = ReadonlyMap<string, Aggregation>;

export type Aggregation = { readonly inside: Aggregations } & (
  | {
      readonly kind: 'terms';
      readonly field: string;
      readonly size: number;
      readonly minimumCount: number;
      readonly order: readonly TermsOrder[];
    }
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly ranges: readonly RangeBucket[];
      readonly keyed: boolean;
    }
  | { readonly kind: 'min' | 'max' | 'stats'; readonly field: string }
  | { readonly kind: 'filter'; readonly query: Query }
);

/** Deepest nesting of aggregations, and most buckets of one. */
const DEEPEST = 5;
const MOST_BUCKETS = 65_536;

type Distributed<T> = T extends unknown ? Omit<T, 'inside'> : never;
type Parser = (content: unknown) => Distributed<Aggregation>;

const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['terms', parseTerms],
  ['range', parseRange],
  ['min', (content) => ({ kind: 'min', field: fieldOf('min', content) })],
  ['max', (content) => ({ kind: 'max', field: fieldOf('max', content) })],
  ['stats', (content) => ({ kind: 'stats', field: fieldOf('stats', content) })],
  ['filter', (content) => ({ kind: 'filter', query: parseQuery(content) })],
]);
const METRICS: readonly string[] = ['min', 'max', 'stats'];

/**
 * Reads `aggs`.
 *
 * @throws parsing_exception naming the aggregation or parameter that is not run here.
 * @see https://docs.opensearch.org/latest/aggregations/
 */
export function parseAggregations(given: unknown, depth = 1): Aggregations {
  if (given === undefined) return new Map();
  if (depth > DEEPEST) throw parsingError(`[aggs] may be ${DEEPEST} deep`);
  const named = Object.entries(objectIn(given, 'aggs'));
  return new Map(named.map(([name, definition]) => [name, parseAggregation(name, definition, depth)]));
}

function parseAggregation(name: string, definition: unknown, depth: number): Aggregation {
  const { aggs, aggregations, ...rest } = objectIn(definition, name);
  const [type, content] = onlyMember(rest, name);
  const parser = PARSERS.get(type);
  if (!parser) throw parsingError(`Unknown aggregation type [${type}] in [${name}]`);
  const inside = parseAggregations(aggs ?? aggregations, depth + 1);
  if (inside.size > 0 && METRICS.includes(type))
    throw parsingError(`Aggregator [${name}] of type [${type}] cannot accept sub-aggregations`);
  return { ...parser(content), inside };
}

function parseTerms(content: unknown): Distributed<Aggregation> {
  const terms = options('terms', content, ['field', 'size', 'min_doc_count', 'order']);
  const size = wholeIn(terms['size'] ?? 10, 'terms.size', 1);
  if (size > MOST_BUCKETS) throw parsingError(`[terms.size] may be up to ${MOST_BUCKETS}, and is ${size}`);
  const order = listIn(terms['order']).map((one): TermsOrder => {
    const [by, direction] = onlyMember(one, 'terms.order');
    return {
      by: wordIn(by, ['_count', '_key'], 'terms.order'),
      order: wordIn(direction, ['asc', 'desc'], `terms.order.${by}`),
    };
  });
  return {
    kind: 'terms',
    field: textIn(terms['field'], 'terms.field'),
    size,
    minimumCount: wholeIn(terms['min_doc_count'] ?? 1, 'terms.min_doc_count', 1),
    order: order.length > 0 ? order : [{ by: '_count', order: 'desc' }],
  };
}

function parseRange(content: unknown): Distributed<Aggregation> {
  const range = options('range', content, ['field', 'ranges', 'keyed']);
  const ranges = listIn(range['ranges']).map((given): RangeBucket => {
    const bucket = options('range.ranges', given, ['key', 'from', 'to']);
    const bound = (name: 'from' | 'to') =>
      bucket[name] === undefined || bucket[name] === null
        ? undefined
        : numberIn(bucket[name], `range.ranges.${name}`);
    const key = bucket['key'] === undefined ? undefined : textIn(bucket['key'], 'range.ranges.key');
    return { key, from: bound('from'), to: bound('to') };
  });
  if (ranges.length === 0) throw parsingError('No [ranges] specified for the [range] aggregation');
  const inOrder = ranges.toSorted(
    (a, b) =>
      compare(a.from ?? -Infinity, b.from ?? -Infinity) || compare(a.to ?? Infinity, b.to ?? Infinity),
  );
  return {
    kind: 'range',
    field: textIn(range['field'], 'range.field'),
    ranges: inOrder,
    keyed: flagIn(range['keyed'] ?? false, 'range.keyed'),
  };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fieldOf(type: string, content: unknown): string {
  return textIn(options(type, content, ['field'])['field'], `${type}.field`);
}

function options(type: string, content: unknown, names: readonly string[]): Json {
  const given = objectIn(content, type);
  refuseOthers(
    given,
    names,
    (name) => `[${type}] unknown field [${name}]: the aggregation does not take it here`,
  );
  return given;
}
