import { readOrder } from './get.ts';
import type { Command } from '../command.ts';
import { printJson } from '../output.ts';
import { openSession } from '../session.ts';

/** `orders cancel`: asks for an order's cancellation through the API, as its customer. */
export const cancel: Command = {
  usage: 'cancel <orderId>',
  summary: 'Cancels an order as its customer would; refused once shipping has begun.',
  options: {},
  operands: { least: 1, most: 1 },
  async run(input) {
    const orderId = input.operands[0] ?? '';
    const session = await openSession(input);
    try {
      const order = await readOrder(session, orderId);
      const token = await session.cloud.token(String(order['customerId'] ?? 'guest'));
      const answer = await fetch(`${session.status.api}/orders/${encodeURIComponent(orderId)}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        signal: input.signal,
      });
      const document = (await answer.json()) as Record<string, unknown>;
      if (input.values['json'] === true) printJson(document);
      else if (answer.ok) process.stdout.write(`Order ${orderId} is to be cancelled.\n`);
      else process.stdout.write(`${String(document['detail'] ?? document['title'] ?? answer.status)}\n`);
      return answer.ok ? 0 : 1;
    } finally {
      await session.close();
    }
  },
};
