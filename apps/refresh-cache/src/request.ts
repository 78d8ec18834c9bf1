import { isOrderId, isSku } from '@orderstream/domain';
import * as z from 'zod/mini';
import type { CacheRefresh } from './refresh-cache.ts';

/** Ids of one request: what is done well within the function's time. */
const MOST_IDS = 1_000;

const ids = z.array(z.string()).check(z.minLength(1), z.maxLength(MOST_IDS));
const rebuildSchema = z.strictObject({
  rebuild: z.literal('page'),
  table: z.enum(['orders', 'products']),
  from: z.optional(z.string()),
});
const refreshSchema = z.strictObject({
  refresh: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('order'),
      ids: ids.check(z.refine((all) => all.every(isOrderId), 'must be order ids')),
    }),
    z.strictObject({
      kind: z.literal('product'),
      ids: ids.check(z.refine((all) => all.every(isSku), 'must be SKUs')),
    }),
  ]),
});

const KINDS = { orders: 'order', products: 'product' } as const;

/**
 * Answers an operator who has entries made anew: a page of a table with `rebuild`, some items with `refresh`. Both may
 * be repeated; the cache serves meanwhile, and what it lacks the table answers.
 */
export function cacheRequest(refresh: Pick<CacheRefresh, 'page' | 'remake'>) {
  return async (payload: unknown): Promise<object> => {
    const schema = isRefresh(payload) ? refreshSchema : rebuildSchema;
    const { success, data, error } = schema.safeParse(payload);
    if (!success) {
      const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
      throw new Error(
        `This is no request to refresh the cache (${problems.join('; ')}). Send ` +
          '{"rebuild":"page","table":"orders","from":"…"} or {"refresh":{"kind":"product","ids":["…"]}}.',
      );
    }
    if ('rebuild' in data) return refresh.page(KINDS[data.table], data.from);
    await refresh.remake(data.refresh.kind, data.refresh.ids);
    return { refreshed: data.refresh.ids.length };
  };
}

function isRefresh(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'refresh' in payload;
}
