import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEX_SHARDS } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** An order as the index of open orders has it. */
export interface OpenOrder {
  readonly orderId: string;
  readonly updatedAt: string;
}

const PAGE = 100;

/** The sparse index of open orders, by the time of their last change. */
export class OpenOrders {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #page: number;

  constructor(client = documentClient(), table = requiredEnvironment('ORDERS_TABLE'), page = PAGE) {
    this.#client = client;
    this.#table = table;
    this.#page = page;
  }

  /** Orders that were last changed between two times (ISO 8601, both included), oldest first; read as they are taken. */
  async *oldestFirst(from: string, until: string): AsyncGenerator<OpenOrder, undefined> {
    const shards = Array.from({ length: INDEX_SHARDS }, (_, shard) =>
      this.#shard(`open#${shard}`, from, until),
    );
    const heads = await Promise.all(shards.map((shard) => shard.next()));
    for (;;) {
      let oldest: { readonly at: number; readonly order: OpenOrder } | undefined;
      for (const [at, { value: order }] of heads.entries()) {
        if (order !== undefined && (oldest === undefined || order.updatedAt < oldest.order.updatedAt))
          oldest = { at, order };
      }
      const shard = oldest && shards[oldest.at];
      if (oldest === undefined || shard === undefined) return;
      yield oldest.order;
      heads[oldest.at] = await shard.next();
    }
  }

  async *#shard(openShard: string, from: string, until: string): AsyncGenerator<OpenOrder, undefined> {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'openOrders',
          KeyConditionExpression: 'openShard = :openShard AND updatedAt BETWEEN :from AND :until',
          ExpressionAttributeValues: { ':openShard': openShard, ':from': from, ':until': until },
          Limit: this.#page,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      for (const { orderId, updatedAt } of Items)
        yield { orderId: String(orderId), updatedAt: String(updatedAt) };
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return;
  }
}
