import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Engine } from '@orderstream/test-engine';

/** An empty summaries table on an engine of its own. */
export class SummariesOnEngine {
  #engine: Engine | undefined;
  #client: DynamoDBClient | undefined;

  /** @returns a client for the table, which is called `summaries`. */
  async start(): Promise<DynamoDBDocumentClient> {
    this.#engine = await Engine.start();
    this.#client = new DynamoDBClient({
      endpoint: this.#engine.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'tests', secretAccessKey: 'tests' },
    });
    await this.#client.send(
      new CreateTableCommand({
        TableName: 'summaries',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['metric', 'bucket'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: [
          { AttributeName: 'metric', KeyType: 'HASH' },
          { AttributeName: 'bucket', KeyType: 'RANGE' },
        ],
      }),
    );
    return DynamoDBDocumentClient.from(this.#client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async stop(): Promise<void> {
    this.#client?.destroy();
    await this.#engine?.stop();
  }
}
