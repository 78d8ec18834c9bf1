import type { Addition, SummaryKey } from '@orderstream/lambda-kit';

/** The summaries table, as far as this function uses it; it can fail before or after it writes. */
export class CountedRows {
  readonly markers = new Set<string>();
  /** Numbers by `<metric> <bucket> <name>`. */
  readonly numbers: Record<string, number> = {};
  readonly expiries = new Map<string, number | undefined>();
  /** Calls that are still to come until one fails, and whether that one writes. */
  failure: { after: number; writes: boolean } | undefined;

  countOnce = async (
    marker: SummaryKey & { readonly expiresAt?: number },
    additions: readonly Addition[],
  ): Promise<boolean> => {
    const failing = this.failure !== undefined && this.failure.after-- === 0;
    if (failing && !this.failure?.writes) throw new Error('The table did not answer.');
    const fresh = this.#count(marker, additions);
    if (failing) throw new Error('The answer was lost.');
    return fresh;
  };

  #count(marker: SummaryKey & { readonly expiresAt?: number }, additions: readonly Addition[]): boolean {
    const key = `${marker.metric} ${marker.bucket}`;
    if (this.markers.has(key)) return false;
    this.markers.add(key);
    this.expiries.set(key, marker.expiresAt);
    for (const { metric, bucket, add, expiresAt } of additions) {
      this.expiries.set(`${metric} ${bucket}`, expiresAt);
      for (const [name, value] of Object.entries(add)) {
        const number = `${metric} ${bucket} ${name}`;
        this.numbers[number] = (this.numbers[number] ?? 0) + Number(value);
      }
    }
    return true;
  }
}
