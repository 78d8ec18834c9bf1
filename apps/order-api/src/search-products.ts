import { compareMoney, isDecimal, isPlainText, PLAIN_TEXT_RULE } from '@orderstream/domain';
import {
  MOST_SHOWN,
  Problem,
  SearchUnavailable,
  unknownParameters,
  type Answer,
  type ApiRequest,
  type ProductSearch,
  type ProductWish,
} from '@orderstream/lambda-kit';

const LONGEST_TEXT = 200;
const USUAL_SIZE = 50;
const HIGHEST_SIZE = 100;

const PARAMETERS = ['q', 'minPrice', 'maxPrice', 'inStock', 'page', 'size'];

/** Everybody finds the same, so it may be kept for a moment by whoever passes it on. */
const KEPT = { 'cache-control': 'public, max-age=10' };

/**
 * GET /products?q=&minPrice=&maxPrice=&inStock=&page=&size=, for everybody: products that match, best first, or all of
 * them by name.
 *
 * @param search `undefined` where the deployment has none.
 */
export async function searchProducts(
  { query }: ApiRequest,
  search: Pick<ProductSearch, 'search'> | undefined,
): Promise<Answer> {
  if (search === undefined) {
    throw new Problem(
      'switched-off',
      'There is no product search in this deployment. Deploy it with ORDERSTREAM_SEARCH=on, or ask for one product with GET /products/{sku}.',
    );
  }
  const wish = readWish(query);
  const found = await search.search(wish).catch((error: unknown) => {
    if (!(error instanceof SearchUnavailable)) throw error;
    throw new Problem('try-later', 'The search does not answer just now. Try again in a moment.');
  });
  const { text, page, size } = wish;
  const { total, products, facets } = found;
  return { status: 200, headers: KEPT, body: { query: text, total, page, size, products, facets } };
}

/** @throws Problem naming every part of the query that is wrong. */
function readWish(query: ApiRequest['query']): ProductWish {
  const errors = unknownParameters(query, PARAMETERS);
  const refuse = (field: string, problem: string) => void errors.push({ field, problem });
  const whole = (field: string, usual: number, highest: number): number => {
    const text = query[field] ?? String(usual);
    if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= highest) return Number(text);
    refuse(field, `must be a whole number from 1 to ${highest}`);
    return usual;
  };
  const price = (field: string): string | undefined => {
    const text = query[field];
    if (text === undefined || (isDecimal(text) && !text.startsWith('-'))) return text;
    refuse(field, 'must be a price such as 12.50');
    return undefined;
  };

  const text = query['q']?.trim() || undefined;
  if (text !== undefined && text.length > LONGEST_TEXT) {
    refuse('q', `must have at most ${LONGEST_TEXT} characters, and has ${text.length}`);
  }
  if (text !== undefined && !isPlainText(text)) refuse('q', PLAIN_TEXT_RULE);
  const [minPrice, maxPrice] = [price('minPrice'), price('maxPrice')];
  if (minPrice !== undefined && maxPrice !== undefined && compareMoney(minPrice, maxPrice) > 0) {
    refuse('maxPrice', `must not be less than minPrice, which is ${minPrice}`);
  }
  const { inStock } = query;
  if (inStock !== undefined && inStock !== 'true' && inStock !== 'false') {
    refuse('inStock', 'must be true or false');
  }
  const size = whole('size', USUAL_SIZE, HIGHEST_SIZE);
  const page = whole('page', 1, Math.floor(MOST_SHOWN / size));
  if (errors.length > 0) {
    throw new Problem('invalid-request', 'Correct what is named of the query and search again.', errors);
  }
  return {
    text,
    minPrice: minPrice === undefined ? undefined : Number(minPrice),
    maxPrice: maxPrice === undefined ? undefined : Number(maxPrice),
    inStock: inStock === undefined ? undefined : inStock === 'true',
    page,
    size,
  };
}
