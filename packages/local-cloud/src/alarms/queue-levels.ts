import { MINUTE_MS, type MetricStore, type Series } from './metric-store.ts';

/** What a queue holds. */
export interface QueueDepth {
  /** Messages that can be received. */
  readonly visible: number;
  /** All of them, also those in flight and delayed. */
  readonly size: number;
}

interface Level {
  readonly name: string;
  readonly series: Series;
  readonly depth: () => QueueDepth;
  sampledTo: number;
  visible: number;
  /** Minute since which it is so. */
  since: number;
  isStill: boolean;
}

/**
 * How many messages wait in the queues that an alarm asks for, read at the end of each minute, as SQS tells it. A queue
 * that nothing has happened to is as it was: its minutes are filled when it is read next.
 */
export class QueueLevels {
  readonly #levels: readonly Level[];
  readonly #keptMinutes: number;

  constructor(
    store: MetricStore,
    queues: readonly { readonly name: string; readonly depth: () => QueueDepth }[],
    keptMinutes: number,
  ) {
    this.#keptMinutes = keptMinutes;
    this.#levels = queues.flatMap(({ name, depth }) => {
      const series = store.find(visibleMessagesOf(name));
      if (!series) return [];
      return [{ name, series, depth, sampledTo: -Infinity, visible: 0, since: -Infinity, isStill: false }];
    });
  }

  isWatched(queueName: string): boolean {
    return this.#levels.some(({ name }) => name === queueName);
  }

  /** @param minute the last one that is over, counted from the epoch. */
  sample(minute: number): void {
    for (const level of this.#levels) {
      const oldest = minute - this.#keptMinutes;
      for (let passed = Math.max(level.sampledTo + 1, oldest); passed < minute; passed += 1)
        if (level.sampledTo !== -Infinity) level.series.add(passed * MINUTE_MS, level.visible);
      const { visible, size } = level.depth();
      if (minute > level.sampledTo) level.series.add(minute * MINUTE_MS, visible);
      if (visible !== level.visible || level.sampledTo === -Infinity) level.since = minute;
      level.isStill = visible === size;
      level.sampledTo = minute;
      level.visible = visible;
    }
  }

  /** Whether every queue has been as it is now for as long as anybody looks back, and stays so by itself. */
  isStill(minute: number): boolean {
    return this.#levels.every(({ isStill, since }) => isStill && minute - since >= this.#keptMinutes);
  }
}

export function visibleMessagesOf(QueueName: string) {
  return { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName } };
}
