import { isSku } from '@orderstream/domain';
import type { ApiRequest, WrongField } from '@orderstream/lambda-kit';

/** The SKU in the path, once {@link wrongSku} finds nothing wrong with it. */
export function skuOf({ path }: Pick<ApiRequest, 'path'>): string {
  return path['sku'] ?? '';
}

/**
 * What is wrong with the SKU in the path, which the HTTP API has decoded already: it may have spaces in it, and signs
 * such as `%`. A slash would end it there, however it is encoded.
 */
export function wrongSku(request: Pick<ApiRequest, 'path'>): WrongField[] {
  const sku = skuOf(request);
  if (sku.includes('/')) {
    return [{ field: 'sku', problem: 'has a slash in it, which no path can carry: use a SKU without' }];
  }
  return isSku(sku) ? [] : [{ field: 'sku', problem: 'must be 1 to 64 printable characters, URL-encoded' }];
}
