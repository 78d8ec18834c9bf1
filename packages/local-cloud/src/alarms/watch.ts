import type { Alarm } from '../stack/model.ts';
import { type Datapoints, evaluationRange, isBreaching } from './alarm-state.ts';
import { compileMath, type ValueOf } from './metric-math.ts';
import type { MetricStore, Series } from './metric-store.ts';

const MINUTE_SECONDS = 60;

/** How many minutes an alarm looks back. */
export function minutesLookedBack(alarm: Alarm): number {
  return (evaluationRange(alarm) * alarm.periodSeconds) / MINUTE_SECONDS;
}

/** What an alarm reads from the metrics. */
export class Watch {
  readonly #alarm: Alarm;
  readonly #series: ReadonlyMap<string, { readonly series: Series; readonly of: Alarm['metrics'][number] }>;
  readonly #value: (valueOf: ValueOf) => number | undefined;
  readonly #waitsForSilence: boolean;

  /** @throws Error for an expression that can't be read. */
  constructor(alarm: Alarm, store: MetricStore) {
    this.#alarm = alarm;
    this.#series = new Map(
      alarm.metrics.flatMap((of) => {
        const series = store.find(of.metric);
        return series ? [[of.id, { series, of }]] : [];
      }),
    );
    this.#value = valueOf(alarm);
    this.#waitsForSilence = waitsForSilence(alarm);
  }

  /** The data points of its evaluation range, which ends with minute `end` (not included); minutes are counted from the epoch. */
  datapoints(end: number): Datapoints {
    const minutes = this.#alarm.periodSeconds / MINUTE_SECONDS;
    return Array.from({ length: evaluationRange(this.#alarm) }, (_, place) => {
      const to = end - (evaluationRange(this.#alarm) - 1 - place) * minutes;
      return this.#value((id) => {
        const read = this.#series.get(id);
        return read?.series.statistic(to - minutes, to, read.of.statistic);
      });
    });
  }

  /** Whether there is anything in its range. */
  sees(end: number): boolean {
    const oldest = end - minutesLookedBack(this.#alarm);
    return [...this.#series.values()].some(({ series, of }) => !isLevel(of) && series.newest >= oldest);
  }

  /** Whether it sees something that it would not see later, and that matters before all is silent. */
  seesEvents(end: number): boolean {
    if (!this.sees(end)) return false;
    return !this.#waitsForSilence || this.datapoints(end).some((value) => this.#breaches(value));
  }

  /**
   * The minute from which on it has seen nothing in its whole range, if nothing comes; only of an alarm that rings then.
   *
   * @param since the minute from which on something would have been seen.
   */
  silentFrom(since: number): number | undefined {
    if (!this.#waitsForSilence) return undefined;
    const seen = [...this.#series.values()].map(({ series }) => series.newest + 1);
    return Math.max(since, ...seen) + minutesLookedBack(this.#alarm);
  }

  #breaches(value: number | undefined): boolean {
    return value !== undefined && isBreaching(value, this.#alarm);
  }
}

/** An alarm that rings for silence, all of which it takes: what does not breach changes nothing until it is out of sight. */
function waitsForSilence({ missingData, datapointsToAlarm, evaluationPeriods }: Alarm): boolean {
  return missingData === 'breaching' && datapointsToAlarm === evaluationPeriods;
}

function valueOf({ name, metrics, expression }: Alarm): (valueOf: ValueOf) => number | undefined {
  const [only] = metrics;
  if (!expression) return (valueOf) => only && valueOf(only.id);
  const compiled = compileMath(expression.text, new Set(metrics.map(({ id }) => id)));
  if (typeof compiled === 'string') throw new Error(`Alarm ${name}: ${compiled}.`);
  return compiled;
}

/** A level is there in every minute; all others are told when something happens. */
function isLevel({ metric }: Alarm['metrics'][number]): boolean {
  return metric.namespace === 'AWS/SQS';
}
