import type { Alarm, AlarmState } from '../stack/model.ts';
import { alarmWith } from './alarm.fixture.ts';
import { alarmState } from './alarm-state.ts';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const VALUES: Readonly<Record<string, number | undefined>> = { '0': 1, X: 3, '-': undefined };

/** `0 - X - X`, the newest on the right: within the threshold of 2, none, beyond it. */
function points(text: string): (number | undefined)[] {
  return text.split(' ').map((sign) => VALUES[sign]);
}

function statesOf(text: string, least: number, current: AlarmState): AlarmState[] {
  return TREATMENTS.map((missingData) =>
    alarmState(
      points(text),
      alarmWith({ threshold: 2, evaluationPeriods: 3, datapointsToAlarm: least, missingData }),
      current,
    ),
  );
}

const KEPT = 'kept';
const NO_DATA = 'INSUFFICIENT_DATA';

/** The examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe.each([
  [3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  [3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  [3, '- - - - -', [NO_DATA, KEPT, 'ALARM', 'OK']],
  [3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, '- - X - -', ['ALARM', KEPT, 'ALARM', 'OK']],
  [3, '- - - - X', ['OK', 'OK', 'ALARM', 'OK']],
  [3, '- - - X -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, 'X X 0 0 X', ['OK', 'OK', 'OK', 'OK']],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', KEPT, 'ALARM', 'OK']],
])('an alarm of %i out of 3 that sees %s', (least, text, expected) => {
  it.each(['OK', 'ALARM'] as const)('and was %s follows how missing data is treated', (current) => {
    const states = expected.map((state) => (state === KEPT ? current : state));

    expect(statesOf(text, least, current)).toEqual(states);
  });
});

it.each<[Alarm['comparison'], AlarmState[]]>([
  ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
  ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
  ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
  ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
])('%s compares with the threshold', (comparison, expected) => {
  const alarm = alarmWith({ comparison, threshold: 2 });

  expect([1, 2, 3].map((value) => alarmState([value], alarm, 'OK'))).toEqual(expected);
});
