import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';

/** What one call deletes at most. */
const BATCH = 25;
/** Pause before what a call left undone is asked for again, in milliseconds. */
const PAUSE_MS = 200;

/** Deletes what the customer did in the shop. Answers how many rows there were. Safe to run again at any point. */
export async function removeActivity(
  { documents }: Pick<Session, 'documents'>,
  table: string,
  customerId: string,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'who = :who',
        ExpressionAttributeValues: { ':who': `customer#${customerId}` },
        ProjectionExpression: 'who, moment',
        ConsistentRead: true,
        Limit: BATCH,
      }),
    );
    if (Items.length === 0) return removed;
    const deletes = Items.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: deletes } }),
    );
    const left = UnprocessedItems?.[table]?.length ?? 0;
    removed += Items.length - left;
    if (left > 0) await sleep(PAUSE_MS, undefined, { signal });
  }
}
