import type { Fuzziness } from './fuzziness.ts';

/** How many of several clauses must match: a number, or a share of them in per cent; negative ones say how many may not. */
export type MinimumMatch = { readonly count: number } | { readonly percent: number };

export interface TextQuery {
  readonly kind: 'text';
  readonly fields: readonly { readonly name: string; readonly boost: number }[];
  readonly text: unknown;
  /** `best_fields`: the best field counts; `most_fields`: all do; `cross_fields`: all fields are as one. */
  readonly type: 'best_fields' | 'most_fields' | 'cross_fields';
  readonly operator: 'or' | 'and';
  readonly minimumMatch: MinimumMatch | undefined;
  readonly fuzziness: Fuzziness | undefined;
  readonly prefixLength: number;
  readonly maxExpansions: number;
  /** What part of the other fields' scores is added to the best one's. */
  readonly tieBreaker: number;
  /** A text that a number's field can't hold finds nothing, instead of being an error. */
  readonly lenient: boolean;
  readonly boost: number;
}

export interface RangeQuery {
  readonly kind: 'range';
  readonly field: string;
  readonly bounds: Readonly<Partial<Record<'gt' | 'gte' | 'lt' | 'lte', unknown>>>;
  readonly boost: number;
}

export interface BoolQuery {
  readonly kind: 'bool';
  readonly must: readonly Query[];
  readonly should: readonly Query[];
  readonly filter: readonly Query[];
  readonly mustNot: readonly Query[];
  readonly minimumMatch: MinimumMatch | undefined;
  readonly boost: number;
}

/** What is searched for, checked; the fields it names may be in no index. */
export type Query =
  | { readonly kind: 'all'; readonly boost: number }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'terms';
      readonly field: string;
      readonly values: readonly unknown[];
      readonly boost: number;
    }
  | { readonly kind: 'exists'; readonly field: string; readonly boost: number }
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string>; readonly boost: number }
  | TextQuery
  | RangeQuery
  | BoolQuery;

/** How many of `clauses` must match. */
export function needed(minimum: MinimumMatch, clauses: number): number {
  const least = 'count' in minimum ? minimum.count : Math.trunc((clauses * minimum.percent) / 100);
  return Math.max(0, least < 0 || Object.is(least, -0) ? clauses + least : least);
}
