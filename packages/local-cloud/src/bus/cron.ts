import { compileDays } from './cron-days.ts';
import { HOURS, MINUTES, MONTH, valuesOf, YEAR } from './cron-fields.ts';

/** When something is due next after a time, both epoch milliseconds; undefined when it never is again. */
export type NextAfter = (time: number) => number | undefined;

/**
 * Compiles the six fields of AWS's cron expressions: minutes, hours, day-of-month, month, day-of-week, year, in UTC.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws Error with the reason.
 */
export function compileCron(fields: string): NextAfter {
  const texts = fields.split(/\s+/);
  const [minutesText = '', hoursText = '', dayOfMonth = '', monthText = '', dayOfWeek = '', yearText = ''] =
    texts;
  if (texts.length !== 6)
    throw new Error(
      'there must be six fields: minutes hours day-of-month month day-of-week year, such as cron(0 10 * * ? *)',
    );
  const minutes = valuesOf(minutesText, MINUTES);
  const hours = valuesOf(hoursText, HOURS);
  const daysOf = compileDays(dayOfMonth, dayOfWeek);
  const months = valuesOf(monthText, MONTH);
  const years = valuesOf(yearText, YEAR);
  return (time) => {
    const start = new Date(time);
    for (const year of years) {
      if (year < start.getUTCFullYear()) continue;
      for (const month of months) {
        if (Date.UTC(year, month, 1) <= time) continue;
        for (const day of daysOf(year, month)) {
          if (Date.UTC(year, month - 1, day + 1) <= time) continue;
          for (const hour of hours) {
            const due = minutes
              .map((minute) => Date.UTC(year, month - 1, day, hour, minute))
              .find((at) => at > time);
            if (due !== undefined) return due;
          }
        }
      }
    }
    return undefined;
  };
}
