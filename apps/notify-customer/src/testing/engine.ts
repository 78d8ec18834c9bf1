import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** `describe` for tests on a real table: visibly skipped where the engine is not installed. */
export const describeOnTable: (name: string, tests: () => void) => void = (name, tests) => {
  if (engineBinary() !== undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: no Dynoxide for ${process.platform}-${process.arch})`, tests);
};

function engineBinary(): string | undefined {
  try {
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    return join(createRequire(import.meta.url).resolve(manifest), '..', 'dynoxide');
  } catch {
    return undefined;
  }
}

/** A DynamoDB in memory, as a child process, with an empty summaries table. */
export class Engine {
  #process: ChildProcess | undefined;
  #client: DynamoDBClient | undefined;

  async start(): Promise<DynamoDBDocumentClient> {
    const port = await freePort();
    const child = spawn(engineBinary() ?? '', ['serve', '--port', `${port}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    process.once('exit', () => child.kill('SIGKILL'));
    await new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer) => void (text.includes('listening on') && resolve());
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', () => reject(new Error('Dynoxide ended at its start.')));
    });
    const credentials = { accessKeyId: 'tests', secretAccessKey: 'tests' };
    this.#client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials,
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
    if (this.#process === undefined) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
