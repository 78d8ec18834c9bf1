import { DAY_OF_MONTH, DAY_OF_WEEK, valueOf, valuesOf, wrong } from './cron-fields.ts';

/** The days of a month (1–12) on which something is due, ascending. */
export type DaysOf = (year: number, month: number) => readonly number[];

/** Days that an item of a list names in a month whose first day has this weekday (1 is Sunday). */
type Item = (length: number, firstWeekday: number) => readonly number[];

/**
 * Compiles the two fields for days, of which exactly one is `?`.
 * @throws Error with the reason.
 */
export function compileDays(dayOfMonth: string, dayOfWeek: string): DaysOf {
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new Error('exactly one of the fields day-of-month and day-of-week must be ?');
  if (dayOfWeek.includes('#') && dayOfWeek.includes(','))
    throw wrong(dayOfWeek, DAY_OF_WEEK, 'a # stands alone');
  const items =
    dayOfWeek === '?'
      ? dayOfMonth.split(',').map(itemOfMonth)
      : dayOfWeek.split(',').map((item) => itemOfWeek(item));
  return (year, month) => {
    const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 1;
    const days = items.flatMap((item) => item(length, firstWeekday));
    return [...new Set(days)].filter((day) => day <= length).sort((a, b) => a - b);
  };
}

function itemOfMonth(item: string): Item {
  if (item === 'L') return (length) => [length];
  if (item.endsWith('W')) {
    const day = valueOf(item.slice(0, -1), DAY_OF_MONTH);
    return (length, firstWeekday) => (day > length ? [] : [nearestWorkday(day, length, firstWeekday)]);
  }
  const days = valuesOf(item, DAY_OF_MONTH);
  return () => days;
}

/** Saturday counts as the Friday before and Sunday as the Monday after, unless that is in another month. */
function nearestWorkday(day: number, length: number, firstWeekday: number): number {
  const weekday = weekdayOf(day, firstWeekday);
  if (weekday === 7) return day > 1 ? day - 1 : day + 2;
  if (weekday === 1) return day < length ? day + 1 : day - 2;
  return day;
}

function itemOfWeek(item: string): Item {
  if (item.includes('/')) throw wrong(item, DAY_OF_WEEK, 'there are no steps here: name the days');
  if (item === 'L') return daysOn([DAY_OF_WEEK.max]);
  if (item.endsWith('L')) {
    const last = daysOn([valueOf(item.slice(0, -1), DAY_OF_WEEK)]);
    return (length, firstWeekday) => last(length, firstWeekday).slice(-1);
  }
  const [name = '', nth, ...more] = item.split('#');
  if (nth === undefined) return daysOn(valuesOf(item, DAY_OF_WEEK));
  if (!/^[1-5]$/.test(nth) || more.length > 0)
    throw wrong(item, DAY_OF_WEEK, 'after # stands which one of the month it is, 1 to 5');
  const all = daysOn([valueOf(name, DAY_OF_WEEK)]);
  return (length, firstWeekday) => all(length, firstWeekday).slice(Number(nth) - 1, Number(nth));
}

/** All days of a month on these weekdays. */
function daysOn(weekdays: readonly number[]): Item {
  return (length, firstWeekday) =>
    Array.from({ length }, (_, index) => index + 1).filter((day) =>
      weekdays.includes(weekdayOf(day, firstWeekday)),
    );
}

/** 1 is Sunday. */
function weekdayOf(day: number, firstWeekday: number): number {
  return ((firstWeekday - 1 + day - 1) % 7) + 1;
}
