import {
  cachedOrderSchema,
  cachedProductSchema,
  cacheKey,
  type CachedOrder,
  type CachedProduct,
} from '@orderstream/domain';
import {
  bareError,
  ItemCache,
  logger,
  READER,
  ReadThrough,
  type OrdersTable,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import type { Catalogue } from './catalogue.ts';

type Cache = Pick<ItemCache, 'get' | 'put'>;

/** Orders, as they are read to be shown. */
export type ReadOrders = ReadThrough<StoredOrder, CachedOrder>;

/** Products, as they are read to be shown. */
export type ReadProducts = ReadThrough<Readonly<Record<string, unknown>>, CachedProduct>;

/**
 * Orders and products read through the cache, or from their tables where the deployment has no cache.
 *
 * @param url CACHE_URL.
 */
export function cachedItems(
  url: string | undefined,
  orders: Pick<OrdersTable, 'read'>,
  catalogue: Pick<Catalogue, 'item'>,
): { readOrders: ReadOrders; readProducts: ReadProducts } {
  const cache = url === undefined || url === '' ? undefined : ItemCache.at(url, READER);
  return {
    readOrders: readOrdersThrough(cache, orders, report),
    readProducts: readProductsThrough(cache, catalogue, report),
  };
}

export function readOrdersThrough(
  cache: Cache | undefined,
  orders: Pick<OrdersTable, 'read'>,
  reportTo: (error: unknown) => void,
): ReadOrders {
  return new ReadThrough(
    cache,
    {
      key: (orderId) => cacheKey('order', orderId),
      read: (orderId) => orders.read(orderId),
      parse: (item) => cachedOrderSchema.safeParse(item).data,
    },
    reportTo,
  );
}

export function readProductsThrough(
  cache: Cache | undefined,
  catalogue: Pick<Catalogue, 'item'>,
  reportTo: (error: unknown) => void,
): ReadProducts {
  return new ReadThrough(
    cache,
    {
      key: (sku) => cacheKey('product', sku),
      read: (sku) => catalogue.item(sku),
      parse: (item) => cachedProductSchema.safeParse(item).data,
    },
    reportTo,
  );
}

function report(error: unknown): void {
  logger.warn('The cache did not help; the table is asked.', { error: bareError(error) });
}
