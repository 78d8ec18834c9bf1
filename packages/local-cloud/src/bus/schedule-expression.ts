import { compileCron } from './cron.ts';

/**
 * When a schedule is due next after a time; undefined when it never is again. All are epoch milliseconds.
 * @param since when the schedule came to be: a rate counts from there.
 */
export type Occurrences = (after: number, since: number) => number | undefined;

const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const CRON = /^cron\((.*)\)$/;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles `rate(5 minutes)` or `cron(0 10 * * ? *)`.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws Error with the reason.
 */
export function compileSchedule(expression: string): Occurrences {
  const cron = CRON.exec(expression)?.[1];
  if (cron !== undefined) return compileCron(cron);
  const [, count = '', unit = '', plural = ''] = RATE.exec(expression) ?? [];
  if ((count === '1') !== (plural === '') || count === '')
    throw new Error(
      'write rate(1 minute), rate(5 minutes) (also hours and days) or cron(0 10 * * ? *) with six fields',
    );
  const period = Number(count) * (UNIT_MS[unit] ?? 0);
  return (after, since) => since + (Math.floor((after - since) / period) + 1) * period;
}
