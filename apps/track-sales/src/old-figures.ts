import {
  BatchWriteCommand,
  ScanCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { salesGeneration, Throttled } from '@orderstream/domain';
import {
  documentClient,
  pauseFor,
  requiredEnvironment,
  untilNoneLeft,
  type Pause,
} from '@orderstream/lambda-kit';

/** Rows that one page looks at, and that DynamoDB removes in one call. */
const PAGE = 1_000;
const BATCH = 25;

/** Tries before the page is asked for again. */
const TRIES = 6;

type RequestItems = NonNullable<BatchWriteCommandInput['RequestItems']>;

/** Removes the rows and markers of generations that no longer serve. */
export class OldFigures {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #size: number;
  readonly #pause: Pause;

  constructor(
    client = documentClient(),
    table = requiredEnvironment('SUMMARIES_TABLE'),
    size = PAGE,
    pause = pauseFor,
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
    const all: RequestItems = { [this.#table]: keys.map((Key) => ({ DeleteRequest: { Key } })) };
    const remove = async (RequestItems: RequestItems): Promise<RequestItems | undefined> => {
      const { UnprocessedItems } = await this.#client.send(new BatchWriteCommand({ RequestItems }));
      return UnprocessedItems;
    };
    const left = await untilNoneLeft(all, remove, TRIES, this.#pause);
    if (left !== undefined) throw new Throttled('DynamoDB', 'it left old sales figures in the table');
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
