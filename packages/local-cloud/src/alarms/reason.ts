import type { Alarm, AlarmState } from '../stack/model.ts';
import { type Datapoints, evaluatedDatapoints, isBreaching } from './alarm-state.ts';

const COMPARED: Readonly<Record<Alarm['comparison'], string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** What an alarm says before it is evaluated for the first time. */
export const NOT_EVALUATED = 'Unchecked: Initial alarm creation';

/** Why an alarm is in a state, in CloudWatch's words. */
export function reasonOf(points: Datapoints, alarm: Alarm, to: AlarmState): string {
  const { evaluationPeriods, datapointsToAlarm, missingData, comparison, threshold } = alarm;
  const real = evaluatedDatapoints(points, alarm);
  const missing = evaluationPeriods - real.length;
  if (to === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${counted(missing, 'datapoint')} ${missing === 1 ? 'was' : 'were'} unknown.`;
  if (real.length === 0) {
    const treated = `${counted(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as`;
    const as = missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received for ${counted(evaluationPeriods, 'period')} and ${treated} [${as}].`;
  }
  const isAlarm = to === 'ALARM';
  const telling = real.filter((value) => isBreaching(value, alarm) === isAlarm).reverse();
  const least = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const were = `${telling.length === 1 ? 'was' : 'were'}${isAlarm ? '' : ' not'} ${COMPARED[comparison]}`;
  return (
    `Threshold Crossed: ${telling.length} out of the last ${evaluationPeriods} datapoints ` +
    `[${telling.map(decimal).join(', ')}] ${were} the threshold (${decimal(threshold)}) ` +
    `(minimum ${counted(least, 'datapoint')} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `3.0`: whole numbers have a decimal too. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
