import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { UsageError } from '../errors.ts';
import type { Command } from '../command.ts';
import { printJson, table } from '../output.ts';
import { openSession, type Session } from '../session.ts';

/** `orders get`: an order as it stands in the table. */
export const get: Command = {
  usage: 'get <orderId>',
  summary: 'Shows an order as it stands in the table.',
  options: {},
  operands: { least: 1, most: 1 },
  async run(input) {
    const session = await openSession(input);
    try {
      const order = await readOrder(session, input.operands[0] ?? '');
      if (input.values['json'] === true) printJson(order);
      else process.stdout.write(`${orderText(order)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

/** The stored order without its payment token. @throws UsageError when there is none. */
export async function readOrder(session: Session, orderId: string): Promise<Record<string, unknown>> {
  const { Item } = await session.documents.send(
    new GetCommand({ TableName: session.tables.orders, Key: { orderId }, ConsistentRead: true }),
  );
  if (Item === undefined)
    throw new UsageError(
      `There is no order ${orderId}. See the ids with npm start's summary, or place one.`,
      1,
    );
  delete Item['paymentToken'];
  return Item;
}

/** An order for people: a field a line, nested ones as JSON, lines counted. */
function orderText(order: Record<string, unknown>): string {
  const rows = Object.entries(order).map(([field, value]): [string, string] => {
    if (field === 'lines' && Array.isArray(value)) return [field, `${value.length}`];
    return [field, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
  return table(rows);
}
