import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEX_SHARDS } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** An order as the index of open orders has it. */
export interface OpenOrder {
  readonly orderId: string;
  readonly updatedAt: string;
}

/** Up to a time, or from one on; both included. */
export type TimeRange = { readonly until: string } | { readonly from: string };

interface KeyCondition {
  readonly expression: string;
  readonly values: Readonly<Record<string, string>>;
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

  /**
   * Orders whose last change is up to one time (ISO 8601), or from another on, oldest first, those of one time by id;
   * read as they are taken. Times are texts: one that whoever wrote the item got wrong has its place, too.
   *
   * @param after only what is behind this order, which need not be there any more.
   */
  async *oldestFirst(range: TimeRange, after?: OpenOrder): AsyncGenerator<OpenOrder, undefined> {
    const condition = keyCondition(range, after);
    if (condition === undefined) return;
    const shards = Array.from({ length: INDEX_SHARDS }, (_, shard) =>
      this.#shard(`open#${shard}`, condition),
    );
    const heads = await Promise.all(shards.map((shard) => shard.next()));
    for (;;) {
      const times = heads.flatMap(({ value }) => value?.updatedAt ?? []);
      if (times.length === 0) return;
      const oldest = times.reduce((least, time) => (time < least ? time : least));
      const ids: string[] = [];
      for (const [at, shard] of shards.entries()) {
        for (let order = heads[at]?.value; order?.updatedAt === oldest; order = heads[at]?.value) {
          ids.push(order.orderId);
          heads[at] = await shard.next();
        }
      }
      for (const orderId of ids.toSorted()) {
        const seen = after?.updatedAt === oldest && orderId <= after.orderId;
        if (!seen) yield { orderId, updatedAt: oldest };
      }
    }
  }

  async *#shard(
    openShard: string,
    { expression, values }: KeyCondition,
  ): AsyncGenerator<OpenOrder, undefined> {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: 'openOrders',
          KeyConditionExpression: `openShard = :openShard AND ${expression}`,
          ExpressionAttributeValues: { ':openShard': openShard, ...values },
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

/** @returns `undefined` where nothing of the range is behind the order. */
function keyCondition(range: TimeRange, after: OpenOrder | undefined): KeyCondition | undefined {
  const start = after?.updatedAt;
  if ('from' in range) {
    const from = start !== undefined && start > range.from ? start : range.from;
    return { expression: 'updatedAt >= :from', values: { ':from': from } };
  }
  const { until } = range;
  if (start === undefined) return { expression: 'updatedAt <= :until', values: { ':until': until } };
  if (start > until) return undefined;
  return { expression: 'updatedAt BETWEEN :from AND :until', values: { ':from': start, ':until': until } };
}
