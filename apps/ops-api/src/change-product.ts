import { isPlainText, PLAIN_TEXT_RULE, salePriceSchema } from '@orderstream/domain';
import {
  Problem,
  readBody,
  refuseWrong,
  staffMember,
  unknownParameters,
  type Answer,
  type ApiRequest,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import type { Products } from './products.ts';
import { skuOf, wrongSku } from './sku-in-path.ts';

const bodySchema = (shopCurrency: string) =>
  z.strictObject({
    name: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, 'must not be empty'),
        z.maxLength(500),
        z.refine(isPlainText, PLAIN_TEXT_RULE),
      ),
    unitPrice: salePriceSchema,
    currency: z.optional(z.literal(shopCurrency, `must be ${shopCurrency}: all orders are in it`)),
  });

/** PUT /products/{sku}: creates a product of the catalogue, or replaces what is said of it. */
export async function putProduct(
  request: ApiRequest,
  products: Pick<Products, 'put'>,
  shopCurrency: string,
): Promise<Answer> {
  const { name, unitPrice } = readBody(request, bodySchema(shopCurrency), wrongSku(request));
  const sku = skuOf(request);
  const content = { name, unitPrice, currency: shopCurrency };
  const { created, product } = await products.put(sku, content, staffMember(request));
  if (!created) return { status: 200, body: product };
  return { status: 201, headers: { location: `/products/${encodeURIComponent(sku)}` }, body: product };
}

/** DELETE /products/{sku}: takes a product out of the catalogue. Its stock stays where it is. */
export async function deleteProduct(
  request: ApiRequest,
  products: Pick<Products, 'remove'>,
): Promise<Answer> {
  refuseWrong('request', [...wrongSku(request), ...unknownParameters(request.query)]);
  const sku = skuOf(request);
  const outcome = await products.remove(sku, staffMember(request));
  if (outcome === 'not-found') throw noSuchProduct(sku);
  if (outcome === 'changed') {
    throw new Problem(
      'changed-meanwhile',
      `Product ${sku} was written while it was being removed, and is still there. Look at it, and remove it again if it is to go.`,
    );
  }
  return { status: 204, body: undefined };
}

export function noSuchProduct(sku: string): Problem {
  return new Problem('not-found', `There is no product ${sku}. Create it with PUT /products/{sku}.`);
}
