import { TransactionCanceledException, type CancellationReason } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PLAIN_NUMBERS } from './document-client.ts';
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

/** A transaction that DynamoDB finds wrong. It tells why, and nothing of the items that the reasons carry. */
export class TransactionRefused extends Error {
  constructor(reasons: readonly CancellationReason[]) {
    const told = reasons.map(({ Code = 'None', Message }) => (Message ? `${Code}: ${Message}` : Code));
    super(`DynamoDB refused a transaction (${told.join(', ')}). Look at what these writes ask for.`);
    this.name = 'TransactionRefused';
  }
}

/**
 * Writes all items or none. `undefined` when they are written, otherwise what each write met, in their order.
 * See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
 *
 * @throws TransactionRefused when it is cancelled for a reason that no repetition changes; whatever else went wrong.
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
    const reasons = error.CancellationReasons ?? [];
    return reasons.map(({ Code = 'None', Item }) => {
      const kind = KINDS[Code];
      if (kind === undefined) throw new TransactionRefused(reasons);
      return Item === undefined ? { kind } : { kind, found: unmarshall(Item, PLAIN_NUMBERS) };
    });
  }
}
