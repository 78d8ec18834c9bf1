/** A text that is searched by its words, and has its raw value to be sorted by, whatever its case. */
const WORDS = { type: 'text', fields: { raw: { type: 'keyword', normalizer: 'lowercase' } } };

/**
 * How an index of products is made. A field that is not named here is refused, never guessed.
 *
 * @see https://docs.opensearch.org/latest/api-reference/index-apis/create-index/
 */
export const INDEX_BODY = {
  settings: { number_of_shards: 1, auto_expand_replicas: '0-1' },
  mappings: {
    dynamic: 'strict',
    properties: {
      sku: WORDS,
      name: WORDS,
      unitPrice: { type: 'keyword', index: false },
      price: { type: 'double' },
      currency: { type: 'keyword' },
      inStock: { type: 'boolean' },
      removed: { type: 'boolean' },
      updatedAt: { type: 'date' },
    },
  },
} as const;
