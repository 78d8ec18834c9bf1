import { salesChunks, salesMonth, salesMonths, type LostSale, type Sale } from '@orderstream/domain';
import { SummariesTable } from '@orderstream/lambda-kit';

/** Counts orders into generations of the sales figures, each order once. */
export class SalesCounter {
  readonly #summaries: Pick<SummariesTable, 'countOnce' | 'note'>;
  /** Months of generations that are known to be noted. */
  readonly #noted = new Set<string>();

  constructor(summaries: Pick<SummariesTable, 'countOnce' | 'note'> = new SummariesTable()) {
    this.#summaries = summaries;
  }

  /**
   * Counts what is not counted yet. An order that was cut off between two chunks is gone on with.
   *
   * @returns whether it is whole by this: true once for an order, however often it is counted.
   */
  async count(order: Sale | LostSale, generation: number): Promise<boolean> {
    let last = false;
    await this.#noteMonth(generation, salesMonth(order));
    for (const { marker, additions } of salesChunks(order, generation)) {
      last = await this.#summaries.countOnce(marker, additions);
    }
    return last;
  }

  /** Before the first row of a month, so that whoever reads finds every month that has rows. */
  async #noteMonth(generation: number, month: string): Promise<void> {
    const key = { metric: salesMonths(generation), bucket: month };
    const known = `${key.metric} ${month}`;
    if (this.#noted.has(known)) return;
    await this.#summaries.note(key);
    this.#noted.add(known);
  }
}
