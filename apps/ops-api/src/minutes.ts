import { isInstant } from '@orderstream/domain';
import * as z from 'zod/mini';
import { isDay } from './days.ts';

const MINUTE = 60 * 1_000;

/** Minutes that may be asked for at once: a day's. */
export const MOST_MINUTES = 24 * 60;

/** A UTC day or minute: `2026-01-01`, `2026-01-01T09:30` or `2026-01-01T09:30Z`. */
export const minuteOrDaySchema = z
  .string()
  .check(
    z.refine(
      isMinuteOrDay,
      'must be a minute (in UTC) such as 2026-01-01T09:30, or a day such as 2026-01-01',
    ),
  );

function isMinuteOrDay(text: string): boolean {
  if (!/^.{10}(T\d\d:\d\dZ?)?$/.test(text) || !isDay(text.slice(0, 10))) return false;
  return isInstant(`${minuteOf(text, '00:00')}:00Z`);
}

/** The minute (`2026-01-01T09:30`) that a text of this form means; of a day, that at `time`. */
export function minuteOf(text: string, time: '00:00' | '23:59'): string {
  return text.length === 10 ? `${text}T${time}` : text.slice(0, 16);
}

/** The minute that lies so many minutes after, or before, another. */
export function minuteAfter(minute: string, minutes: number): string {
  return minuteAt(Date.parse(`${minute}:00Z`) + minutes * MINUTE);
}

/** @param time epoch milliseconds. */
export function minuteAt(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
