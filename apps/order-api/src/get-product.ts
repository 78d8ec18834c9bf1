import { isSku } from '@orderstream/domain';
import { Problem, type Answer, type ApiRequest } from '@orderstream/lambda-kit';
import type { ReadProducts } from './cached-items.ts';
import { forSale } from './catalogue.ts';

/** Everybody is shown the same, so it may be kept for a moment by whoever passes it on. */
const KEPT = { 'cache-control': 'public, max-age=30' };

/** GET /products/{sku}, for everybody: a product that is for sale. */
export async function getProduct(
  { path }: ApiRequest,
  products: Pick<ReadProducts, 'read'>,
): Promise<Answer> {
  const { sku = '' } = path;
  const [product] = isSku(sku) ? forSale([await products.read(sku)]) : [];
  if (product === undefined) {
    const named = isSku(sku) ? `product ${JSON.stringify(sku)}` : 'such product';
    throw new Problem('not-found', `There is no ${named}. Look at GET /products for those there are.`);
  }
  return { status: 200, headers: KEPT, body: product };
}
