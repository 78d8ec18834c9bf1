import * as z from 'zod/mini';
import { readWrites } from './index-products.ts';
import type { ProductIndex } from './product-index.ts';
import type { ProductSnapshots } from './product-snapshots.ts';

const generation = z.int().check(z.positive());
const requestSchema = z.discriminatedUnion('rebuild', [
  z.strictObject({ rebuild: z.literal('begin') }),
  z.strictObject({ rebuild: z.literal('page'), generation, from: z.optional(z.string()) }),
  z.strictObject({ rebuild: z.literal('finish'), generation }),
]);

/**
 * Answers an operator who rebuilds the index while the old one serves: `begin` makes the next generation, `page` after
 * `page` fills it, `finish` has it searched and deletes the old one. Each may be repeated, also after a crash.
 *
 * Nothing is lost meanwhile. A change whose event is handled after `begin` is written to both generations. One handled
 * before it happened before it, and pages are read consistently after it, so a page finds it. Where both write the same
 * product, the index keeps the higher version.
 */
export function rebuildIndex(snapshots: Pick<ProductSnapshots, 'read' | 'page'>, index: ProductIndex) {
  return async (payload: unknown): Promise<object> => {
    const { success, data, error } = requestSchema.safeParse(payload);
    if (!success) {
      const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
      throw new Error(
        `This is no request to rebuild the index (${problems.join('; ')}). ` +
          'Send {"rebuild":"begin"}, {"rebuild":"page","generation":2,"from":"…"} or {"rebuild":"finish","generation":2}.',
      );
    }
    if (data.rebuild === 'begin') return index.begin();
    if (data.rebuild === 'finish') return index.finish(data.generation);
    return page(data.generation, data.from, snapshots, index);
  };
}

/** @throws the first error of a product, so that no generation is finished without it. */
async function page(
  generation: number,
  from: string | undefined,
  snapshots: Pick<ProductSnapshots, 'read' | 'page'>,
  index: ProductIndex,
): Promise<{ readonly counted: number; readonly next?: string }> {
  await index.ensureBuilding(generation);
  const { skus, next } = await snapshots.page(from);
  const failed = new Map<string, unknown>();
  const writes = await readWrites(skus, snapshots, failed);
  for (const [sku, error] of await index.write([generation], writes)) failed.set(sku, error);
  for (const error of failed.values()) throw error;
  return { counted: writes.length, ...(next === undefined ? {} : { next }) };
}
