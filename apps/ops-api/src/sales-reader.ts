import {
  monthWithin,
  SALES_POINTER,
  SALES_SHARDS,
  salesBuckets,
  salesMonths,
  salesPartition,
  type Days,
  type SalesBy,
  type SalesRow,
} from '@orderstream/domain';
import { SummariesTable } from '@orderstream/lambda-kit';

/** Partitions that are read at once. */
const AT_ONCE = 16;

/** The sales figures as track-sales counts them, of the generation that serves. */
export class SalesReader {
  readonly #summaries: Pick<SummariesTable, 'read' | 'range'>;

  constructor(summaries: Pick<SummariesTable, 'read' | 'range'> = new SummariesTable()) {
    this.#summaries = summaries;
  }

  /**
   * What `fold` makes of the rows of these days. Should another generation begin to serve meanwhile, whose clean-up
   * takes rows away, they are read again from that one.
   */
  async fold<Result>(
    kinds: readonly (SalesBy | 'end')[],
    days: Days,
    fold: () => { readonly add: (row: SalesRow) => void; readonly result: () => Result },
  ): Promise<Result> {
    let generation = await this.#serving();
    for (;;) {
      const { add, result } = fold();
      await this.#read(generation, kinds, days, add);
      const now = await this.#serving();
      if (now === generation) return result();
      generation = now;
    }
  }

  async #serving(): Promise<number> {
    return Number((await this.#summaries.read(SALES_POINTER))?.numbers['serving'] ?? 1);
  }

  async #read(
    generation: number,
    kinds: readonly (SalesBy | 'end')[],
    days: Days,
    add: (row: SalesRow) => void,
  ): Promise<void> {
    const waiting: { partition: string; buckets: [string, string] }[] = [];
    for await (const { bucket: month } of this.#summaries.range(salesMonths(generation), '0', '~')) {
      if (!monthWithin(month, days)) continue;
      for (let shard = 0; shard < SALES_SHARDS; shard += 1) {
        const partition = salesPartition(generation, month, shard);
        for (const kind of kinds) waiting.push({ partition, buckets: salesBuckets(kind, days) });
      }
    }
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        for await (const row of this.#summaries.range(next.partition, ...next.buckets)) add(row);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}
