import { MOST_LINES } from '@orderstream/domain';
import { planOf } from '../capacity/plan.ts';
import { planText } from '../capacity/text.ts';
import type { Command, CommandInput } from '../command.ts';
import { readRecording } from '../cost/recording.ts';
import { UsageError } from '../errors.ts';
import { printJson } from '../output.ts';
import { countOf, refuseOtherTargets } from '../session.ts';

/** Share of the orders that take the most wanted SKU, unless it is given. */
export const HOT_SHARE = 0.05;

/** `orders capacity`: what ends first at a pace, from documented quotas and a recorded reading; needs no cloud. */
export const capacity: Command = {
  usage: 'capacity --orders-per-second N [--lines L] [--hot-share S]',
  summary: 'What breaks first at a pace, which setting or design to change, and what a month costs.',
  options: {
    'orders-per-second': { type: 'string' },
    lines: { type: 'string' },
    'hot-share': { type: 'string' },
  },
  operands: { least: 0, most: 0 },
  async run({ values }) {
    refuseOtherTargets(values);
    const pace = countOf(values, 'orders-per-second', undefined, 1);
    if (pace === undefined)
      throw new UsageError('--orders-per-second is missing: a whole number such as 100.');
    const lines = countOf(values, 'lines', undefined, 1);
    if (lines !== undefined && lines > MOST_LINES)
      throw new UsageError(`--lines is ${lines}, but an order has at most ${MOST_LINES} lines: give fewer.`);
    const plan = planOf(readRecording('standard'), { pace, lines, hotShare: shareOf(values) });
    if (values['json'] === true) printJson(plan);
    else process.stdout.write(planText(plan));
    return 0;
  },
};

function shareOf(values: CommandInput['values']): number {
  const given = values['hot-share'];
  if (given === undefined) return HOT_SHARE;
  const share = Number(given);
  if (share > 0 && share <= 1) return share;
  throw new UsageError(
    `--hot-share is ${String(given)}, but must be a number above 0, up to 1, such as 0.05.`,
  );
}
