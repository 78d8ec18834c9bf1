/** A field of a cron expression: what its values are called and how far they go. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min`, `min` + 1 …, upper-case. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const MINUTES: CronField = { name: 'minutes', min: 0, max: 59 };
export const HOURS: CronField = { name: 'hours', min: 0, max: 23 };
export const DAY_OF_MONTH: CronField = { name: 'day-of-month', min: 1, max: 31 };
export const MONTH: CronField = { name: 'month', min: 1, max: 12, names: MONTHS };
export const DAY_OF_WEEK: CronField = { name: 'day-of-week', min: 1, max: 7, names: WEEKDAYS };
export const YEAR: CronField = { name: 'year', min: 1970, max: 2199 };

/** The values, ascending, of a field made of `*`, values, ranges, steps and lists of them. @throws Error with the reason. */
export function valuesOf(text: string, field: CronField): readonly number[] {
  const values = text.split(',').flatMap((item) => valuesOfItem(item, field));
  return [...new Set(values)].sort((a, b) => a - b);
}

function valuesOfItem(item: string, field: CronField): number[] {
  const [range = '', step, ...more] = item.split('/');
  const by = step === undefined ? 1 : /^[1-9]\d*$/.test(step) ? Number(step) : undefined;
  if (by === undefined || more.length > 0) throw wrong(item, field, 'a step is a whole number from 1 on');
  const { from, to } = boundsOf(range, step !== undefined, field);
  if (from > to) throw wrong(item, field, 'a range ends before it begins: write it as two');
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function boundsOf(range: string, isStepped: boolean, field: CronField): { from: number; to: number } {
  if (range === '*') return { from: field.min, to: field.max };
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw wrong(range, field, 'a range has two ends');
  const from = valueOf(first, field);
  if (last !== undefined) return { from, to: valueOf(last, field) };
  return { from, to: isStepped ? field.max : from };
}

/** One value: a number or a name. @throws Error with the reason. */
export function valueOf(text: string, field: CronField): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (value >= field.min && value <= field.max) return value;
  const names = field.names ? ` or ${field.names[0]}-${field.names.at(-1)}` : '';
  throw wrong(text, field, `values are ${field.min}-${field.max}${names}`);
}

export function wrong(text: string, { name }: CronField, reason: string): Error {
  return new Error(`"${text}" in the field ${name}: ${reason}`);
}
