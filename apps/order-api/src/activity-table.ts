import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { Throttled, type StoredActivity } from '@orderstream/domain';
import {
  documentClient,
  pauseFor,
  requiredEnvironment,
  untilNoneLeft,
  type Pause,
} from '@orderstream/lambda-kit';

type RequestItems = NonNullable<BatchWriteCommandInput['RequestItems']>;

/** Items that DynamoDB writes in a call. */
const CHUNK = 25;

/** Tries before the caller is asked to come later. */
const TRIES = 4;

/** The activity table, as visitors' doings are written to it. */
export class ActivityTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pause: Pause;

  constructor(client = documentClient(), table = requiredEnvironment('ACTIVITY_TABLE'), pause = pauseFor) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  /**
   * Writes activities; one that is there already is the same one, sent again.
   *
   * @throws Throttled when DynamoDB goes on leaving some out; others are written then.
   */
  async write(activities: readonly StoredActivity[]): Promise<void> {
    // DynamoDB refuses a call that writes an item twice.
    const items = [...new Map(activities.map((each) => [`${each.who} ${each.moment}`, each])).values()];
    const chunks = Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
      items.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    await Promise.all(chunks.map((chunk) => this.#writeChunk(chunk)));
  }

  async #writeChunk(items: readonly StoredActivity[]): Promise<void> {
    const all: RequestItems = { [this.#table]: items.map((Item) => ({ PutRequest: { Item } })) };
    const write = async (RequestItems: RequestItems): Promise<RequestItems | undefined> => {
      const { UnprocessedItems } = await this.#client.send(new BatchWriteCommand({ RequestItems }));
      return UnprocessedItems;
    };
    const left = await untilNoneLeft(all, write, TRIES, this.#pause);
    if (left !== undefined) throw new Throttled('DynamoDB', 'it left a part of a batch undone');
  }
}
