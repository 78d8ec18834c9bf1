import { salesShard } from '@orderstream/domain';

/**
 * Works on the orders of one shard one after the other, on those of different shards side by side: so none of our own
 * transactions stands in the way of another.
 */
export async function eachByShard<Item>(
  items: Iterable<Item>,
  orderIdOf: (item: Item) => string,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const shards = Map.groupBy(items, (item) => salesShard(orderIdOf(item)));
  await Promise.all(
    [...shards.values()].map(async (own) => {
      for (const item of own) await work(item);
    }),
  );
}
