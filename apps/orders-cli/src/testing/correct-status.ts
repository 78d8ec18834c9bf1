import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../session.ts';

/** Writes a status into an order as somebody does who corrects it by hand: the change starts no workflow. */
export async function correctStatus(
  { documents, tables }: Pick<Session, 'documents' | 'tables'>,
  orderId: string,
  status: string,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: tables.orders,
      Key: { orderId },
      UpdateExpression: 'SET #status = :status, itemVersion = itemVersion + :one',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status, ':one': 1 },
    }),
  );
}
