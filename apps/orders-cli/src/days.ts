import { isInstant } from '@orderstream/domain';
import type { CommandInput, Options } from './command.ts';
import { UsageError } from './errors.ts';

export const DAY_OPTIONS: Options = { from: { type: 'string' }, to: { type: 'string' } };

/** The UTC days that `--from` and `--to` name, both included; undefined for what is not given. */
export function daysOf(values: CommandInput['values']): { from: string | undefined; to: string | undefined } {
  const from = dayOf(values, 'from');
  const to = dayOf(values, 'to');
  if (from !== undefined && to !== undefined && from > to)
    throw new UsageError(`--from is ${from}, which is after --to ${to}. Give the earlier day first.`);
  return { from, to };
}

function dayOf(values: CommandInput['values'], option: string): string | undefined {
  const given = values[option];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && isDay(given)) return given;
  throw new UsageError(`--${option} is ${String(given)}, but must be a day in UTC such as 2011-11-14.`);
}

function isDay(text: string): boolean {
  return isInstant(`${text}T00:00:00Z`);
}
