import { compileSchedule } from './schedule-expression.ts';

/** The first times at which a schedule is due after `from`, without seconds. */
function due(expression: string, from: string, count = 3): string[] {
  const next = compileSchedule(expression);
  const start = Date.parse(`${from}Z`);
  const times: string[] = [];
  for (let at = next(start, start); at !== undefined && times.length < count; at = next(at, start))
    times.push(new Date(at).toISOString().slice(0, 16));
  return times;
}

describe('a cron expression', () => {
  // The expressions of AWS's page; 2026-11-23 is a Monday.
  it.each([
    ['0 10 * * ? *', ['2026-11-23T10:00', '2026-11-24T10:00', '2026-11-25T10:00']],
    ['15 12 * * ? *', ['2026-11-23T12:15', '2026-11-24T12:15', '2026-11-25T12:15']],
    ['0 18 ? * MON-FRI *', ['2026-11-23T18:00', '2026-11-24T18:00', '2026-11-25T18:00']],
    ['0 8 1 * ? *', ['2026-12-01T08:00', '2027-01-01T08:00', '2027-02-01T08:00']],
    ['0/15 * * * ? *', ['2026-11-23T09:45', '2026-11-23T10:00', '2026-11-23T10:15']],
    ['0/10 * ? * MON-FRI *', ['2026-11-23T09:40', '2026-11-23T09:50', '2026-11-23T10:00']],
    ['0/5 8-17 ? * MON-FRI *', ['2026-11-23T09:35', '2026-11-23T09:40', '2026-11-23T09:45']],
    ['0/30 20-23 ? * MON-FRI *', ['2026-11-23T20:00', '2026-11-23T20:30', '2026-11-23T21:00']],
    ['0/30 0-2 ? * MON-FRI *', ['2026-11-24T00:00', '2026-11-24T00:30', '2026-11-24T01:00']],
    ['1/10 * * * ? *', ['2026-11-23T09:31', '2026-11-23T09:41', '2026-11-23T09:51']],
    ['0 0 1-15 * ? *', ['2026-12-01T00:00', '2026-12-02T00:00', '2026-12-03T00:00']],
    ['0 0 1 JAN,FEB,MAR ? *', ['2027-01-01T00:00', '2027-02-01T00:00', '2027-03-01T00:00']],
    ['0 0 7 * ? *', ['2026-12-07T00:00', '2027-01-07T00:00', '2027-02-07T00:00']],
    ['0 0 L * ? *', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
    ['0 0 ? * L *', ['2026-11-28T00:00', '2026-12-05T00:00', '2026-12-12T00:00']],
    ['0 0 3W * ? *', ['2026-12-03T00:00', '2027-01-04T00:00', '2027-02-03T00:00']],
    ['0 0 ? * 3#2 *', ['2026-12-08T00:00', '2027-01-12T00:00', '2027-02-09T00:00']],
    ['0 2 ? * SAT *', ['2026-11-28T02:00', '2026-12-05T02:00', '2026-12-12T02:00']],
    ['5,35 14 * * ? *', ['2026-11-23T14:05', '2026-11-23T14:35', '2026-11-24T14:05']],
    ['0 2 ? * SAT#3 *', ['2026-12-19T02:00', '2027-01-16T02:00', '2027-02-20T02:00']],
    ['15 10 ? * 6L *', ['2026-11-27T10:15', '2026-12-25T10:15', '2027-01-29T10:15']],
    ['0/5 5 ? JAN 1-5 2027', ['2027-01-03T05:00', '2027-01-03T05:05', '2027-01-03T05:10']],
    ['*  *  *  *  ?  *', ['2026-11-23T09:31', '2026-11-23T09:32', '2026-11-23T09:33']],
    ['0 0 */10 * ? *', ['2026-12-01T00:00', '2026-12-11T00:00', '2026-12-21T00:00']],
    ['0 0 1 1-12/6 ? *', ['2027-01-01T00:00', '2027-07-01T00:00', '2028-01-01T00:00']],
    ['0 0 29 2 ? *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['0 0 ? * MON#5 *', ['2026-11-30T00:00', '2027-03-29T00:00', '2027-05-31T00:00']],
    ['0 0 31W * ? *', ['2026-12-31T00:00', '2027-01-29T00:00', '2027-03-31T00:00']],
    ['0 0 1W * ? *', ['2026-12-01T00:00', '2027-01-01T00:00', '2027-02-01T00:00']],
    ['0 0 1W 5,8 ? *', ['2027-05-03T00:00', '2027-08-02T00:00', '2028-05-01T00:00']],
    ['0 0 1 1 ? 2028/2', ['2028-01-01T00:00', '2030-01-01T00:00', '2032-01-01T00:00']],
    ['15 10 ? * 6L 2002-2005', []],
    ['0 0 31 2 ? *', []],
  ])('(%s) is due by UTC on the days it names', (fields, expected) => {
    expect(due(`cron(${fields})`, '2026-11-23T09:30:30')).toEqual(expected);
  });

  it('is not due twice at one time', () => {
    expect(due('cron(0 10 * * ? *)', '2026-11-23T10:00:00', 1)).toEqual(['2026-11-24T10:00']);
  });
});

describe('a rate', () => {
  it.each([
    ['rate(1 minute)', ['2026-11-23T09:31', '2026-11-23T09:32', '2026-11-23T09:33']],
    ['rate(5 minutes)', ['2026-11-23T09:35', '2026-11-23T09:40', '2026-11-23T09:45']],
    ['rate(1 hour)', ['2026-11-23T10:30', '2026-11-23T11:30', '2026-11-23T12:30']],
    ['rate(7 days)', ['2026-11-30T09:30', '2026-12-07T09:30', '2026-12-14T09:30']],
  ])('%s counts from when it came to be', (expression, expected) => {
    expect(due(expression, '2026-11-23T09:30:00')).toEqual(expected);
  });

  it('keeps to its own times, whenever it is asked', () => {
    const next = compileSchedule('rate(10 minutes)');

    expect([0, 1, 599_999, 600_000, 3_599_999].map((after) => next(after, 0))).toEqual([
      ...[600_000, 600_000, 600_000, 1_200_000, 3_600_000],
    ]);
  });
});

describe('an expression that EventBridge refuses', () => {
  it.each([
    ...['rate(10 seconds)', 'rate(10 years)', 'rate(1 minutes)', 'rate(1 hours)', 'rate(10 minute)'],
    ...[
      'rate()',
      'rate(10)',
      'rate(10 minutess)',
      'rate(foo minutes)',
      'rate(0 minutes)',
      'rate(-1 minutes)',
    ],
    ...['rate(10 MINUTES)', 'rate( 10 minutes )', ' rate(10 minutes)', 'every day', ''],
  ])('is refused: %j', (expression) => {
    expect(() => compileSchedule(expression)).toThrow('write rate(1 minute)');
  });

  it.each([
    ['INVALID', 'six fields'],
    ['0 10 * * ?', 'six fields'],
    ['0 1 * * * *', 'exactly one of the fields day-of-month and day-of-week must be ?'],
    ['0 1 ? * ? *', 'exactly one of the fields'],
    ['0 1 1 * MON *', 'exactly one of the fields'],
    ['7 20 ? * NOT *', '"NOT" in the field day-of-week: values are 1-7 or SUN-SAT'],
    ['0 dummy ? * MON-FRI *', '"dummy" in the field hours: values are 0-23'],
    ['71 8 1 * ? *', '"71" in the field minutes: values are 0-59'],
    ['0 24 1 * ? *', '"24" in the field hours'],
    ['0 0 0 * ? *', '"0" in the field day-of-month: values are 1-31'],
    ['0 0 1 13 ? *', '"13" in the field month: values are 1-12 or JAN-DEC'],
    ['0 0 ? * 0 *', '"0" in the field day-of-week'],
    ['0 0 1 1 ? 1969', '"1969" in the field year: values are 1970-2199'],
    ['0 0 ? * 3#1,6#3 *', 'a # stands alone'],
    ['0 0 ? * 3#6 *', 'which one of the month'],
    ['0 0 ? * 2/2 *', 'there are no steps here'],
    ['0 0 1#2 * ? *', '"1#2" in the field day-of-month'],
    ['0 0 XW * ? *', '"X" in the field day-of-month'],
    ['0 22-2 * * ? *', 'ends before it begins'],
    ['0/0 * * * ? *', 'a step is a whole number from 1 on'],
    ['0/5/5 * * * ? *', 'a step is a whole number'],
    ['1-2-3 * * * ? *', 'a range has two ends'],
    [', * * * ? *', '"" in the field minutes'],
    ['? * * * ? *', '"?" in the field minutes'],
  ])('says what is wrong: cron(%s)', (fields, reason) => {
    expect(() => compileSchedule(`cron(${fields})`)).toThrow(reason);
  });
});
