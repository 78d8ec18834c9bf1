import { setTimeout } from 'node:timers/promises';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { isForgotten } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** Items that DynamoDB reads in a call. */
const CHUNK = 100;

/** Tries before what stays unread is given up, and the longest first wait between them, in milliseconds. */
const TRIES = 6;
const FIRST_PAUSE = 50;

type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/** The orders table, as it knows which orders are forgotten. */
export class ForgottenOrders {
  readonly #client: Pick<ReturnType<typeof documentClient>, 'send'>;
  readonly #table: string;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client: Pick<ReturnType<typeof documentClient>, 'send'> = documentClient(),
    table = requiredEnvironment('ORDERS_TABLE'),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
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
    let unread: RequestItems = {
      [this.#table]: {
        Keys: orderIds.map((orderId) => ({ orderId })),
        ConsistentRead: true,
        ProjectionExpression: 'orderId, forgottenAt',
      },
    };
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const answer: BatchGetCommandOutput = await this.#client.send(
        new BatchGetCommand({ RequestItems: unread }),
      );
      items.push(...(answer.Responses?.[this.#table] ?? []));
      unread = answer.UnprocessedKeys ?? {};
      if (Object.keys(unread).length === 0) return items;
      await this.#pause(Math.random() * pause);
    }
    throw new Error(
      `DynamoDB leaves ${unread[this.#table]?.Keys?.length ?? 0} orders unread. The changes come again.`,
    );
  }
}
