import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Works through `items` with up to `concurrency` at once, at most `perSecond` begun a second (undefined: as fast as it
 * goes). The first error ends it; so does the signal.
 */
export async function paced<T>(
  items: readonly T[],
  options: { perSecond: number | undefined; concurrency: number; signal: AbortSignal },
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      options.signal.throwIfAborted();
      if (options.perSecond !== undefined) {
        const dueIn = startedAt + (index * 1_000) / options.perSecond - performance.now();
        if (dueIn > 0) await sleep(dueIn, undefined, { signal: options.signal });
      }
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, items.length) }, worker));
}
