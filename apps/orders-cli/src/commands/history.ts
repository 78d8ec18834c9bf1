import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { openBucket } from '../archive/bucket.ts';
import { behindKey, historyText, readHistory } from '../archive/history.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { printJson } from '../output.ts';
import { openSession, type Session } from '../session.ts';

/** `orders history`: every change of an order, read back from the archive. */
export const history: Command = {
  usage: 'history <orderId> [--full]',
  summary: 'Shows every change of an order from the archive: when, by whom, what; --full with the images.',
  options: { full: { type: 'boolean' } },
  operands: { least: 1, most: 1 },
  async run(input) {
    const orderId = input.operands[0] ?? '';
    const session = await openSession(input);
    try {
      const order = await storedOrder(session, orderId);
      const bucket = await openBucket(session, 'archive_bucket');
      const after = behindKey(order?.['itemVersion'], Date.now());
      const changes = await readHistory(bucket, orderId, { after, signal: input.signal }).finally(() =>
        bucket.close(),
      );
      if (changes.length === 0) throw nothingOf(orderId, order !== undefined);
      if (input.values['json'] === true) printJson({ orderId, changes });
      else process.stdout.write(`${historyText(changes, input.values['full'] === true)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

/** The order as it stands; a removed one has a history all the same. */
async function storedOrder(session: Session, orderId: string): Promise<Record<string, unknown> | undefined> {
  const { Item } = await session.documents.send(
    new GetCommand({ TableName: session.tables.orders, Key: { orderId }, ConsistentRead: true }),
  );
  return Item;
}

function nothingOf(orderId: string, isThere: boolean): UsageError {
  const why = isThere
    ? 'It was written only just now, or its changes wait as dead letters. Try again in a moment.'
    : 'There is no such order either. See the ids with npm start.';
  return new UsageError(`The archive holds nothing of order ${orderId}. ${why}`, 1);
}
