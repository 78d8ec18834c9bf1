import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import { isForgotten } from '@orderstream/domain';
import {
  documentClient,
  pauseFor,
  requiredEnvironment,
  untilNoneLeft,
  type Pause,
} from '@orderstream/lambda-kit';

/** Items that DynamoDB reads in a call. */
const CHUNK = 100;

/** Tries before what stays unread is given up. */
const TRIES = 6;

type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/** The orders table, as it knows which orders are forgotten. */
export class ForgottenOrders {
  readonly #client: Pick<ReturnType<typeof documentClient>, 'send'>;
  readonly #table: string;
  readonly #pause: Pause;

  constructor(
    client: Pick<ReturnType<typeof documentClient>, 'send'> = documentClient(),
    table = requiredEnvironment('ORDERS_TABLE'),
    pause = pauseFor,
  ) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  /**
   * Those of the orders that are forgotten, read consistently. One that is not there is not.
   *
   * @param orderIds each once.
   * @throws Error when DynamoDB goes on leaving some unread.
   */
  async among(orderIds: readonly string[]): Promise<Set<string>> {
    const forgotten = new Set<string>();
    for (let start = 0; start < orderIds.length; start += CHUNK) {
      for (const item of await this.#read(orderIds.slice(start, start + CHUNK))) {
        if (isForgotten(item)) forgotten.add(String(item['orderId']));
      }
    }
    return forgotten;
  }

  async #read(orderIds: readonly string[]): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const all: RequestItems = {
      [this.#table]: {
        Keys: orderIds.map((orderId) => ({ orderId })),
        ConsistentRead: true,
        ProjectionExpression: 'orderId, forgottenAt',
      },
    };
    const read = async (RequestItems: RequestItems): Promise<RequestItems | undefined> => {
      const answer = await this.#client.send(new BatchGetCommand({ RequestItems }));
      items.push(...(answer.Responses?.[this.#table] ?? []));
      return answer.UnprocessedKeys;
    };
    const unread = await untilNoneLeft(all, read, TRIES, this.#pause);
    if (unread === undefined) return items;
    throw new Error(
      `DynamoDB leaves ${unread[this.#table]?.Keys?.length ?? 0} orders unread. The changes come again.`,
    );
  }
}
