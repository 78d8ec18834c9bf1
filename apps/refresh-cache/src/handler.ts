import { consumerHandler, ItemCache, requiredEnvironment, WRITER } from '@orderstream/lambda-kit';
import { ItemTables } from './item-tables.ts';
import { cacheEvent, CacheRefresh } from './refresh-cache.ts';
import { cacheRequest } from './request.ts';

const refresh = new CacheRefresh(new ItemTables(), ItemCache.at(requiredEnvironment('CACHE_URL'), WRITER));

/** Keeps the cache as the orders and products are: their events, and operators' requests. */
export const handler = consumerHandler({
  read: cacheEvent,
  handle: refresh.handle,
  answer: cacheRequest(refresh),
});
