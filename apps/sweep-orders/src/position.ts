import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

const KEY = { metric: 'sweep-orders', bucket: 'position' };

/** How far the last sweep came that did not come to the end, so that the next one goes on there. */
export class Position {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('SUMMARIES_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** The `updatedAt` of the order that was taken up last; `undefined` when the next sweep begins with the oldest. */
  async read(): Promise<string | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: KEY }));
    const after: unknown = Item?.['after'];
    return typeof after === 'string' ? after : undefined;
  }

  async write(after: string | undefined): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...KEY, after } }));
  }
}
