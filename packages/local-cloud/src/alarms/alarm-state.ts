import type { Alarm, AlarmState } from '../stack/model.ts';

/** A data point of each period, the oldest first; undefined where there is none. */
export type Datapoints = readonly (number | undefined)[];

export type AlarmSettings = Pick<
  Alarm,
  'comparison' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'missingData'
>;

/**
 * Periods that are looked at beyond those that are evaluated, for real data points in the place of missing ones. AWS says
 * that it is more, and not how much; its own examples look at 5 where 3 are evaluated.
 */
const FURTHER_PERIODS = 2;

/** How many periods an alarm looks at. */
export function evaluationRange({ evaluationPeriods }: Pick<Alarm, 'evaluationPeriods'>): number {
  return evaluationPeriods + FURTHER_PERIODS;
}

/**
 * The state of an alarm, from the data points of its evaluation range. Missing ones are filled in only where fewer real ones
 * are there than are evaluated.
 *
 * @param current is kept where missing data is ignored.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(points: Datapoints, settings: AlarmSettings, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missingData } = settings;
  const real = evaluatedDatapoints(points, settings);
  const breaching = real.filter((value) => isBreaching(value, settings)).length;
  const missing = evaluationPeriods - real.length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (missing === 0 || missingData === 'notBreaching') return 'OK';
  if (missingData === 'breaching') return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (real.length === 0) return missingData === 'ignore' ? current : 'INSUFFICIENT_DATA';
  if (!isOverdue(points, settings)) return 'OK';
  return missingData === 'ignore' ? current : 'ALARM';
}

/** The real data points that are evaluated: the newest ones of the range. */
export function evaluatedDatapoints(
  points: Datapoints,
  { evaluationPeriods }: Pick<Alarm, 'evaluationPeriods'>,
): number[] {
  return points.filter((value) => value !== undefined).slice(-evaluationPeriods);
}

export function isBreaching(
  value: number,
  { comparison, threshold }: Pick<Alarm, 'comparison' | 'threshold'>,
): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** Whether all that is there breaches, and the oldest of it has waited for as many periods as make an alarm. */
function isOverdue(points: Datapoints, settings: AlarmSettings): boolean {
  const oldest = points.findIndex((value) => value !== undefined);
  const age = points.length - oldest;
  return (
    age >= settings.datapointsToAlarm &&
    points.every((value) => value === undefined || isBreaching(value, settings))
  );
}
