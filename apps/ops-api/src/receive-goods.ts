import { orderIdSchema, orderLineSchema } from '@orderstream/domain';
import { Problem, readBody, staffMember, type Answer, type ApiRequest } from '@orderstream/lambda-kit';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { noSuchProduct } from './change-product.ts';
import type { Receipts } from './receipts.ts';
import { skuOf, wrongSku } from './sku-in-path.ts';

const bodySchema = z.strictObject({
  /** Name of the receipt: that of a delivery note's line, for example. */
  receipt: orderIdSchema,
  quantity: orderLineSchema.shape.quantity,
});

/**
 * POST /products/{sku}/receipts: goods that come in under a name, once. The same receipt sent again is answered like
 * before; a name that brought something else is refused.
 */
export async function receiveGoods(
  request: ApiRequest,
  receipts: Pick<Receipts, 'receive'>,
): Promise<Answer> {
  const { receipt, quantity } = readBody(request, bodySchema, wrongSku(request));
  const sku = skuOf(request);
  const received = await receipts.receive({ receipt, sku, quantity }, staffMember(request));
  if (received.outcome === 'no-product') throw noSuchProduct(sku);
  const { outcome, at } = received;
  if (outcome === 'earlier' && !isDeepStrictEqual(received.goods, [{ sku, quantity }])) {
    throw new Problem(
      'key-used-before',
      `Receipt ${receipt} brought other goods on ${at}: ${shown(received.goods)}. Use a new name for these.`,
    );
  }
  return { status: outcome === 'received' ? 201 : 200, body: { receipt, sku, quantity, at } };
}

function shown(goods: readonly { readonly sku: string; readonly quantity: number }[]): string {
  const told = goods.slice(0, 3).map(({ sku, quantity }) => `${quantity} of ${sku}`);
  return told.join(', ') + (goods.length > 3 ? ` and ${goods.length - 3} more` : '');
}
