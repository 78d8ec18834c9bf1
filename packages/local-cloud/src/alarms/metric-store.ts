import type { Metric, Statistic } from '../stack/model.ts';

export const MINUTE_MS = 60_000;

/** What one minute brought. */
interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/**
 * One metric, minute by minute. Minutes are counted from the epoch, and as many are kept as somebody looks back.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 */
export class Series {
  readonly #buckets = new Map<number, Bucket>();
  readonly #keptMinutes: number;

  constructor(keptMinutes: number) {
    this.#keptMinutes = keptMinutes;
  }

  /** @param at epoch milliseconds. */
  add(at: number, value: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    const bucket = this.#buckets.get(minute);
    if (!bucket) {
      this.#buckets.set(minute, { count: 1, sum: value, min: value, max: value });
      this.#forget(minute - this.#keptMinutes);
      return;
    }
    bucket.count += 1;
    bucket.sum += value;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
  }

  /** What the minutes from `from` up to `to` (not included) come to; undefined where they brought nothing. */
  statistic(from: number, to: number, statistic: Statistic): number | undefined {
    let all: Bucket | undefined;
    for (const [minute, bucket] of this.#buckets) {
      if (minute < from || minute >= to) continue;
      all ??= { count: 0, sum: 0, min: Infinity, max: -Infinity };
      all.count += bucket.count;
      all.sum += bucket.sum;
      all.min = Math.min(all.min, bucket.min);
      all.max = Math.max(all.max, bucket.max);
    }
    return all && VALUES[statistic](all);
  }

  /** The newest minute that brought something. */
  get newest(): number {
    return Math.max(...this.#buckets.keys());
  }

  #forget(upTo: number): void {
    for (const minute of this.#buckets.keys()) if (minute < upTo) this.#buckets.delete(minute);
  }
}

const VALUES: Readonly<Record<Statistic, (bucket: Bucket) => number>> = {
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
  SampleCount: ({ count }) => count,
};

/** The metrics that somebody asks for, and no others: what nobody asks for costs one look-up where it arises. */
export class MetricStore {
  readonly #series: ReadonlyMap<string, Series>;

  /** @param keptMinutes how far somebody looks back. */
  constructor(metrics: readonly Metric[], keptMinutes: number) {
    this.#series = new Map(metrics.map((metric) => [keyOf(metric), new Series(keptMinutes)]));
  }

  /** Undefined for a metric that nobody asks for. */
  find(metric: Metric): Series | undefined {
    return this.#series.get(keyOf(metric));
  }
}

/** Metrics are told apart by namespace, name and all of their dimensions, in whatever order these stand. */
export function keyOf({ namespace, name, dimensions }: Metric): string {
  const pairs = Object.entries(dimensions)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .sort();
  return [namespace, name, ...pairs].join('\u0000');
}
