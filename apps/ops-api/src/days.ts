import { isInstant, type Days } from '@orderstream/domain';
import type { WrongField } from '@orderstream/lambda-kit';
import * as z from 'zod/mini';

/** Days between the first and the last that may be asked for, ten years and some. */
const MOST_DAYS = 3_700;

const DAY = 24 * 60 * 60 * 1_000;

/** Years of which a shop has orders; counting days stays within those of four digits. */
const YEAR = /^(19[789]|2\d\d)\d-/;

/** Whether it is a day in UTC, such as `2011-11-14`, from 1970 to 2999. */
export function isDay(text: string): boolean {
  return text.length === 10 && YEAR.test(text) && isInstant(`${text}T00:00:00Z`);
}

/** A day in UTC, such as `2011-11-14`. */
export const daySchema = z
  .string()
  .check(z.refine(isDay, 'must be a day (in UTC) such as 2011-11-14, one that the calendar has'));

/** The day that lies so many days after, or before, another. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** What is wrong with a range of days that both exist. */
export function wrongDays({ from, to }: Days): WrongField[] {
  if (from === undefined || to === undefined) return [];
  if (from > to)
    return [{ field: 'from', problem: `${from} is after ${to}, which is asked for as the last day` }];
  if (dayAfter(from, MOST_DAYS - 1) >= to) return [];
  return [{ field: 'from', problem: `is more than ${MOST_DAYS} days before ${to}: ask for fewer at once` }];
}
