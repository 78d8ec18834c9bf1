import { UsageError } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Longest duration that makes sense here: 400 days. */
const LONGEST_MS = 400 * 86_400_000;

/** Milliseconds of `30s`, `10m`, `2h`, `1d` or several together (`1h30m`). @throws UsageError for anything else. */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const ms = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
  if (/^(\d+[smhd])+$/.test(text) && ms <= LONGEST_MS) return ms;
  throw new UsageError(`${text} is no duration up to 400 days, such as 30s, 10m, 2h, 1d or 1h30m.`);
}
