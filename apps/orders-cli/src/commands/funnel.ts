import { answerAs, askStaffApi } from '../ask-api.ts';
import type { Command } from '../command.ts';
import { DAY_OPTIONS, daysOf } from '../days.ts';
import { printJson } from '../output.ts';
import { funnelSchema, funnelText } from '../reports/funnel.ts';
import { openSession } from '../session.ts';

/** `orders funnel`: how many orders came how far. */
export const funnel: Command = {
  usage: 'funnel [--from DAY] [--to DAY]',
  summary: 'Shows how many orders came how far, how they ended, and why some did not ship.',
  options: DAY_OPTIONS,
  operands: { least: 0, most: 0 },
  async run(input) {
    const days = daysOf(input.values);
    const session = await openSession(input);
    try {
      const answer = await askStaffApi(session, { path: '/funnel', query: days, signal: input.signal });
      const found = answerAs(funnelSchema, answer, 'GET /funnel');
      if (input.values['json'] === true) printJson(answer);
      else process.stdout.write(`${funnelText(found)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};
