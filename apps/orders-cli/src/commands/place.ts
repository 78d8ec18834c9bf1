import { randomUUID } from 'node:crypto';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { printJson } from '../output.ts';
import { stockShop } from '../sample/send.ts';
import { openSession } from '../session.ts';

/** `orders place`: an order through the public API, as a customer; of the sample shop where no cloud is running. */
export const place: Command = {
  usage: 'place --sku SKU [--quantity N] [--customer ID] [--token TOKEN] [--address LINE1] [--country NAME]',
  summary: 'Places an order through the API; test tokens and addresses choose how it ends.',
  options: {
    sku: { type: 'string' },
    quantity: { type: 'string' },
    customer: { type: 'string' },
    token: { type: 'string' },
    address: { type: 'string' },
    country: { type: 'string' },
  },
  operands: { least: 0, most: 0 },
  async run(input) {
    const { values } = input;
    const sku = values['sku'];
    if (typeof sku !== 'string') throw new UsageError(`--sku is missing. Usage: orders ${place.usage}`);
    const session = await openSession(input);
    try {
      if (session.own) await stockShop(session);
      const customer = String(values['customer'] ?? 'customer-1');
      const answer = await fetch(`${session.status.api}/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await session.cloud.token(customer)}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({
          lines: [{ sku, quantity: Number(values['quantity'] ?? 1) }],
          paymentToken: values['token'] ?? 'tok_approve',
          shippingAddress: {
            name: customer,
            line1: values['address'] ?? '1 Main Street',
            city: 'Springfield',
            country: values['country'] ?? 'United Kingdom',
          },
        }),
        signal: input.signal,
      });
      const document: unknown = await answer.json();
      if (!answer.ok) {
        printJson(document);
        return 1;
      }
      if (session.own) await session.cloud.settled(input.signal);
      if (values['json'] === true) printJson(document);
      else process.stdout.write(`${placedText(document)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

function placedText(document: unknown): string {
  const { orderId, total, currency } = document as Record<string, unknown>;
  return `Placed order ${String(orderId)} for ${String(total)} ${String(currency)}. Follow it: npm run orders -- trace ${String(orderId)}`;
}
