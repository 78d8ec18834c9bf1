import { answerAs, askStaffApi } from '../ask-api.ts';
import type { Command } from '../command.ts';
import { printJson } from '../output.ts';
import { activitySchema, activityText } from '../reports/activity.ts';
import { openSession } from '../session.ts';

/** `orders activity`: what visitors of the shop did. */
export const activity: Command = {
  usage: 'activity [--from TIME] [--to TIME]',
  summary: 'Shows what visitors did, minute by minute; times are UTC, such as 2026-01-01T09:30.',
  options: { from: { type: 'string' }, to: { type: 'string' } },
  operands: { least: 0, most: 0 },
  async run(input) {
    const { from, to } = input.values;
    const query = { from: textOf(from), to: textOf(to) };
    const session = await openSession(input);
    try {
      const answer = await askStaffApi(session, { path: '/activity', query, signal: input.signal });
      const found = answerAs(activitySchema, answer, 'GET /activity');
      if (input.values['json'] === true) printJson(answer);
      else process.stdout.write(`${activityText(found)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
