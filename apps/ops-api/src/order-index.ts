import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEX_SHARDS, isOrderStatus, type OrderStatus } from '@orderstream/domain';
import { documentClient, requiredEnvironment } from '@orderstream/lambda-kit';
import { newestFirst, type Moment, type Slice, type SliceRead } from './merge.ts';

/** The orders table's indexes: the attributes that they are partitioned and sorted by. */
const INDEXES = {
  byDay: { partition: 'placedShard', sort: 'placedAt' },
  byCustomer: { partition: 'customerId', sort: 'placedAt' },
  openOrders: { partition: 'openShard', sort: 'updatedAt' },
} as const;

/** Orders that are read at once to find those of one status. */
const FILTERED_PAGE = 1_000;

/** An order as an index has it. */
export type IndexedOrder = Readonly<Record<string, unknown>>;

/** The partitions of a day, or of all open orders (`open`). */
export function shardsOf(name: string): string[] {
  return Array.from({ length: INDEX_SHARDS }, (_, shard) => `${name}#${shard}`);
}

/** The indexes of the orders table, as staff look through them. */
export class OrderIndex {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('ORDERS_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** The newest orders of a slice that are older than `before`: at least so many, if there are. */
  async newest(
    slice: Slice,
    wanted: number,
    before: Moment | undefined,
    status: OrderStatus | undefined,
  ): Promise<SliceRead> {
    const { sort } = INDEXES[slice.index];
    // DynamoDB refuses a range that ends before it begins.
    if (before !== undefined && before.at < slice.from) return { orders: [], sort };
    const parts = slice.partitions.map((partition) => {
      const to = before === undefined || before.at > slice.to ? slice.to : before.at;
      const size = status === undefined ? wanted + 1 : FILTERED_PAGE;
      const pages = this.#pages(slice.index, partition, [slice.from, to], { size, status });
      return newestFirst(pages, sort, wanted, before);
    });
    return { orders: (await Promise.all(parts)).flat(), sort };
  }

  /** How many orders are under way, by status. */
  async countOpen(): Promise<Partial<Record<OrderStatus, number>>> {
    const counts: Partial<Record<OrderStatus, number>> = {};
    const countShard = async (partition: string) => {
      for await (const orders of this.#pages('openOrders', partition, ['0', '~'])) {
        for (const { status } of orders)
          if (isOrderStatus(status)) counts[status] = (counts[status] ?? 0) + 1;
      }
    };
    await Promise.all(shardsOf('open').map(countShard));
    return counts;
  }

  /** A partition of an index, newest first. */
  async *#pages(
    index: Slice['index'],
    partition: string,
    [from, to]: readonly [string, string],
    { size, status }: { readonly size?: number; readonly status?: OrderStatus | undefined } = {},
  ): AsyncGenerator<IndexedOrder[]> {
    const keys = INDEXES[index];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: index,
          KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
          ExpressionAttributeNames: {
            '#partition': keys.partition,
            '#sort': keys.sort,
            ...(status === undefined ? {} : { '#status': 'status' }),
          },
          ExpressionAttributeValues: {
            ':partition': partition,
            ':from': from,
            ':to': to,
            ...(status === undefined ? {} : { ':status': status }),
          },
          ...(status === undefined ? {} : { FilterExpression: '#status = :status' }),
          ...(size === undefined ? {} : { Limit: size }),
          ScanIndexForward: false,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      yield Items;
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }
}
