import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { TransactItem } from './orders-table.ts';

/** What one write of a refused transaction met. */
export interface Refusal {
  readonly kind: 'fine' | 'condition' | 'conflict';
  /** The item that did not meet the condition, where the write asked for it and there is one. */
  readonly found?: Record<string, unknown>;
}

const KINDS: Readonly<Record<string, Refusal['kind']>> = {
  None: 'fine',
  ConditionalCheckFailed: 'condition',
  TransactionConflict: 'conflict',
  ProvisionedThroughputExceeded: 'conflict',
  ThrottlingError: 'conflict',
};

/**
 * Writes all items or none. `undefined` when they are written, otherwise what each write met, in their order.
 * See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
 *
 * @throws whatever else went wrong, among it a cancellation for a reason that no repetition changes.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  items: TransactItem[],
): Promise<readonly Refusal[] | undefined> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: items }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return (error.CancellationReasons ?? []).map(({ Code = 'None', Item }) => {
      const kind = KINDS[Code];
      if (kind === undefined) throw error;
      return Item === undefined ? { kind } : { kind, found: unmarshall(Item) };
    });
  }
}
