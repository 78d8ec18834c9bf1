import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';
import type { OpenOrder } from './open-orders.ts';

const KEY = { metric: 'sweep-orders', bucket: 'position' };

/** How far the last sweep came that did not come to the end, so that the next one goes on there. */
export class Position {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('SUMMARIES_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** The order that was taken up last; `undefined` when the next sweep begins with the oldest. */
  async read(): Promise<OpenOrder | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY }));
    const updatedAt: unknown = Item?.['after'];
    const orderId: unknown = Item?.['orderId'];
    if (typeof updatedAt !== 'string') return undefined;
    return { updatedAt, orderId: typeof orderId === 'string' ? orderId : '' };
  }

  async write(last: OpenOrder | undefined): Promise<void> {
    const Item = { ...KEY, after: last?.updatedAt, orderId: last?.orderId };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }
}
