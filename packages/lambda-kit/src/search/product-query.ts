/** What somebody looks for in the catalogue. */
export interface ProductWish {
  /** As it was typed; nothing in it has a meaning of its own. Without it: all products, by name. */
  readonly text: string | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  readonly inStock?: boolean | undefined;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** Products that are shown for a wish: OpenSearch shows none beyond (index.max_result_window). */
export const MOST_SHOWN = 10_000;

/** Prices at which one range of the facets ends and the next begins. */
const PRICE_MARKS = [5, 10, 25, 50] as const;

export const PRICE_RANGES: readonly { readonly from?: number; readonly to?: number }[] = [
  { to: PRICE_MARKS[0] },
  ...PRICE_MARKS.map((from, index) => {
    const to = PRICE_MARKS[index + 1];
    return to === undefined ? { from } : { from, to };
  }),
];

/** What of a document is shown. */
const SHOWN = ['sku', 'name', 'unitPrice', 'currency', 'inStock'];

/**
 * The search request for a wish, in OpenSearch's words.
 *
 * The text goes into `multi_match`, which takes it as words; `query_string` would read operators in it. A word may be
 * misspelled (one letter wrong from 3 letters on, two from 6). Up to a third of the words may be missing: none of two,
 * one of three, two of six.
 *
 * @see https://docs.opensearch.org/latest/query-dsl/full-text/multi-match/
 * @see https://docs.opensearch.org/latest/query-dsl/minimum-should-match/
 */
export function productQuery(wish: ProductWish): object {
  const { text, page, size } = wish;
  return {
    from: (page - 1) * size,
    size,
    track_total_hits: true,
    _source: SHOWN,
    query: { bool: { ...(text === undefined ? {} : { must: [textQuery(text)] }), filter: filters(wish) } },
    sort: [
      ...(text === undefined ? [{ 'name.raw': 'asc' }] : [{ _score: 'desc' }]),
      // Equal ones keep their order from page to page.
      { 'sku.raw': 'asc' },
    ],
    aggs: {
      price: { range: { field: 'price', ranges: PRICE_RANGES } },
      inStock: { terms: { field: 'inStock' } },
    },
  };
}

function textQuery(text: string): object {
  return {
    multi_match: {
      query: text,
      fields: ['name^3', 'sku'],
      fuzziness: 'AUTO',
      minimum_should_match: '-34%',
    },
  };
}

function filters({ minPrice, maxPrice, inStock }: ProductWish): object[] {
  const price = {
    ...(minPrice === undefined ? {} : { gte: minPrice }),
    ...(maxPrice === undefined ? {} : { lte: maxPrice }),
  };
  return [
    { term: { removed: false } },
    ...(Object.keys(price).length === 0 ? [] : [{ range: { price } }]),
    ...(inStock === undefined ? [] : [{ term: { inStock } }]),
  ];
}
