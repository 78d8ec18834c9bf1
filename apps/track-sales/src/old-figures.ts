import { setTimeout } from 'node:timers/promises';
import {
  BatchWriteCommand,
  ScanCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { salesGeneration, Throttled } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** Rows that one page looks at, and that DynamoDB removes in one call. */
const PAGE = 1_000;
const BATCH = 25;

/** Tries before the page is asked for again, and the longest first wait between them, in milliseconds. */
const TRIES = 6;
const FIRST_PAUSE = 50;

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>;

/** Removes the rows and markers of generations that no longer serve. */
export class OldFigures {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #size: number;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient(),
    table = requiredEnvironment('SUMMARIES_TABLE'),
    size = PAGE,
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#table = table;
    this.#size = size;
    this.#pause = pause;
  }

  /**
   * Looks at one page of the summaries table and removes what is older than the generation `before`.
   *
   * @throws Throttled when DynamoDB goes on leaving some.
   */
  async removePage(before: number, from: string | undefined): Promise<{ removed: number; next?: string }> {
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new ScanCommand({
        TableName: this.#table,
        Limit: this.#size,
        FilterExpression: 'begins_with(metric, :sales)',
        ProjectionExpression: 'metric, #bucket',
        ExpressionAttributeNames: { '#bucket': 'bucket' },
        ExpressionAttributeValues: { ':sales': 'sale' },
        ...(from === undefined ? {} : { ExclusiveStartKey: readPosition(from) }),
      }),
    );
    const old = Items.filter(({ metric }) => (salesGeneration(String(metric)) ?? before) < before);
    for (let start = 0; start < old.length; start += BATCH)
      await this.#remove(old.slice(start, start + BATCH));
    return { removed: old.length, ...(last && { next: writePosition(last) }) };
  }

  async #remove(keys: readonly Record<string, unknown>[]): Promise<void> {
    let left: Requests = { [this.#table]: keys.map((Key) => ({ DeleteRequest: { Key } })) };
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const { UnprocessedItems = {} } = await this.#client.send(
        new BatchWriteCommand({ RequestItems: left }),
      );
      if (Object.keys(UnprocessedItems).length === 0) return;
      left = UnprocessedItems;
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', 'it left old sales figures in the table');
  }
}

function writePosition({ metric, bucket }: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify([metric, bucket])).toString('base64url');
}

/** @throws Error when it is not the `next` of an earlier page. */
function readPosition(from: string): Record<string, string> {
  try {
    const [metric, bucket]: unknown[] = JSON.parse(Buffer.from(from, 'base64url').toString());
    if (typeof metric === 'string' && typeof bucket === 'string') return { metric, bucket };
  } catch {
    // Said below.
  }
  throw new Error(`from: ${JSON.stringify(from)} is not the "next" of an earlier page. Give that, or none.`);
}
