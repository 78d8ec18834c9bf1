import { answerAs } from '../ask-api.ts';
import type { Command } from '../command.ts';
import { printJson } from '../output.ts';
import { outboxSchema, outboxText } from '../reports/outbox.ts';
import { openSession } from '../session.ts';

/** Messages that are listed at most, the newest. */
const MOST_MESSAGES = 1_000;

/** `orders outbox`: the mail and SMS that were sent. */
export const outbox: Command = {
  usage: 'outbox [--to ADDRESS] [--order ID]',
  summary: 'Lists the mail and SMS that were sent, and where they can be read as they look.',
  options: { to: { type: 'string' }, order: { type: 'string' } },
  operands: { least: 0, most: 0 },
  async run(input) {
    const { to, order } = input.values;
    const session = await openSession(input);
    try {
      const answer = await session.cloud.outbox({
        limit: String(MOST_MESSAGES),
        ...(typeof to === 'string' ? { recipient: to } : {}),
        ...(typeof order === 'string' ? { orderId: order } : {}),
      });
      const messages = answerAs(outboxSchema, answer, 'the outbox');
      if (input.values['json'] === true) printJson(answer);
      else process.stdout.write(`${outboxText(messages, session.status.endpoint)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};
