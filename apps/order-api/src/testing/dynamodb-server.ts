import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** DynamoDB on a loopback port: remembers what it is asked, and answers what the test gives it, one by one. */
export class DynamoDbServer {
  /** Operation and input of every call. */
  readonly calls: { readonly operation: string; readonly input: ReturnType<typeof JSON.parse> }[] = [];
  readonly #answers: object[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
      this.calls.push({ operation, input: JSON.parse(await text(request)) });
      const answer = this.#answers.shift() ?? {};
      response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer));
    });
  }

  /** A client that speaks with it. */
  async start(): Promise<DynamoDBDocumentClient> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'hush' };
    const client = new DynamoDBClient({ region: 'eu-west-1', endpoint: this.url, credentials });
    return DynamoDBDocumentClient.from(client);
  }

  /** Where it listens, once it has started. */
  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What it answers to the next calls; afterwards `{}`. */
  answer(...answers: object[]): void {
    this.calls.length = 0;
    this.#answers.splice(0, Infinity, ...answers);
  }
}
