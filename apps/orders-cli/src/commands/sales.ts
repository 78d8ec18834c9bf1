import { answerAs, askStaffApi } from '../ask-api.ts';
import type { Command } from '../command.ts';
import { DAY_OPTIONS, daysOf } from '../days.ts';
import { printJson } from '../output.ts';
import { salesBy, salesRows, salesSchema, salesText } from '../reports/sales.ts';
import { openSession } from '../session.ts';

/** `orders sales`: what was sold, by the day the orders were placed. */
export const sales: Command = {
  usage: 'sales --by day|hour|country|product [--from DAY] [--to DAY]',
  summary: 'Shows orders, units and revenue of what shipped; days are UTC, both included.',
  options: { by: { type: 'string' }, ...DAY_OPTIONS },
  operands: { least: 0, most: 0 },
  async run(input) {
    const by = salesBy(input.values['by']);
    const days = daysOf(input.values);
    const session = await openSession(input);
    try {
      const question = { path: '/sales', query: { by, ...days }, signal: input.signal };
      const found = answerAs(salesSchema, await askStaffApi(session, question), 'GET /sales');
      if (input.values['json'] === true) printJson(salesRows(found, by));
      else process.stdout.write(`${salesText(found, by)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};
