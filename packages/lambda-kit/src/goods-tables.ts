import { setTimeout } from 'node:timers/promises';
import { QueryCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Throttled, type Chunk, type ChunkState } from '@orderstream/domain';
import { documentClient } from './document-client.ts';
import { requiredEnvironment } from './environment.ts';
import type { TransactItem } from './orders-table.ts';
import { storedOrder, type StoredOrder } from './stored-order.ts';
import { transact, type Refusal } from './transaction.ts';

/** What the allocations table says of a chunk: the record of its goods' movements. */
export interface Marker {
  readonly chunk: number;
  readonly state: ChunkState;
  /** What was taken; empty where the chunk was released before it was taken. */
  readonly quantities: Chunk['quantities'];
}

/** A chunk and the way it goes; `from` is undefined for one that has no marker yet. */
export interface ChunkMove {
  readonly orderId: string;
  readonly chunk: number;
  readonly quantities: Chunk['quantities'];
  readonly from: ChunkState | undefined;
  readonly to: ChunkState;
  /** The order's condition or write, made in the same transaction. */
  readonly order?: TransactItem;
}

/** What became of a chunk: moved, or what stood against it. */
export type ChunkMoved =
  | { readonly outcome: 'moved' }
  | { readonly outcome: 'order'; readonly order: StoredOrder | undefined }
  | { readonly outcome: 'marker'; readonly marker: Marker | undefined }
  | { readonly outcome: 'out-of-stock'; readonly skus: readonly string[] };

/** Where a chunk's goods go when its marker does; a chunk that was never taken moves none. */
const STOCK_MOVES: Readonly<Record<string, { from: string; to: string }>> = {
  'absent→taken': { from: 'available', to: 'allocated' },
  'taken→shipped': { from: 'allocated', to: 'shipped' },
  'taken→released': { from: 'allocated', to: 'available' },
  'shipped→released': { from: 'shipped', to: 'available' },
};

/** Tries in place before the workflow's own retry takes over, and the longest first wait between them, in ms. */
const TRIES = 6;
const FIRST_PAUSE = 25;

/**
 * The stock and allocations tables. Goods move only with a chunk's marker, in one transaction: the marker makes the
 * move happen once, and is its record.
 */
export class GoodsTables {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly stock: string; readonly allocations: string };
  readonly #writer: string;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient(),
    tables = {
      stock: requiredEnvironment('STOCK_TABLE'),
      allocations: requiredEnvironment('ALLOCATIONS_TABLE'),
    },
    writer = requiredEnvironment('POWERTOOLS_SERVICE_NAME'),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#tables = tables;
    this.#writer = writer;
    this.#pause = pause;
  }

  /** All markers of an order, read consistently. An order has a few of them: they fit into one page. */
  async markers(orderId: string): Promise<Marker[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tables.allocations,
        KeyConditionExpression: 'orderId = :orderId',
        ExpressionAttributeValues: { ':orderId': orderId },
        ConsistentRead: true,
      }),
    );
    return Items.map(markerOf);
  }

  /**
   * Moves a chunk. Other writers' transactions on the same SKUs are waited out for a while, with jitter.
   *
   * @throws Throttled when they do not end.
   */
  async move(move: ChunkMove): Promise<ChunkMoved> {
    const items = this.#transaction(move);
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const refusals = await transact(this.#client, items);
      if (refusals === undefined) return { outcome: 'moved' };
      const refused = readRefusals(move, refusals);
      if (refused !== 'conflict') return refused;
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', `chunk ${move.chunk} of order ${move.orderId} met other transactions`);
  }

  /** The marker first, then the stock of each SKU, then the order: {@link readRefusals} counts on it. */
  #transaction(move: ChunkMove): TransactItem[] {
    const at = new Date().toISOString();
    const goods = STOCK_MOVES[`${move.from ?? 'absent'}→${move.to}`];
    const stock = goods === undefined ? [] : move.quantities.map((each) => this.#stockItem(each, goods, at));
    return [this.#markerItem(move, at), ...stock, ...(move.order === undefined ? [] : [move.order])];
  }

  #markerItem({ orderId, chunk, quantities, from, to }: ChunkMove, at: string): TransactItem {
    const created = from === undefined;
    return {
      Update: {
        TableName: this.#tables.allocations,
        Key: { orderId, chunk },
        UpdateExpression: `SET #state = :to, ${to}At = :at${created ? ', quantities = :quantities' : ''}`,
        ConditionExpression: created ? 'attribute_not_exists(orderId)' : '#state = :from',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':to': to,
          ':at': at,
          ...(created ? { ':quantities': to === 'taken' ? quantities : [] } : { ':from': from }),
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }

  #stockItem(
    { sku, quantity }: Chunk['quantities'][number],
    goods: { from: string; to: string },
    at: string,
  ): TransactItem {
    return {
      Update: {
        TableName: this.#tables.stock,
        Key: { sku },
        UpdateExpression: `SET updatedAt = :at, updatedBy = :writer ADD itemVersion :one, ${goods.from} :less, ${goods.to} :more`,
        ...(goods.from === 'available' ? { ConditionExpression: 'available >= :more' } : {}),
        ExpressionAttributeValues: {
          ':at': at,
          ':writer': this.#writer,
          ':one': 1,
          ':less': -quantity,
          ':more': quantity,
        },
      },
    };
  }
}

/**
 * Why a chunk was refused. The order is asked first, because it says best why; then the marker; then whether another
 * transaction was in the way; and only what is left is a lack of stock.
 */
export function readRefusals(move: ChunkMove, refusals: readonly Refusal[]): ChunkMoved | 'conflict' {
  const [marker, ...others] = refusals;
  const order = move.order === undefined ? undefined : others.at(-1);
  if (order?.kind === 'condition') return { outcome: 'order', order: storedOrder(order.found) };
  if (marker?.kind === 'condition') {
    return { outcome: 'marker', marker: marker.found === undefined ? undefined : markerOf(marker.found) };
  }
  if (refusals.some(({ kind }) => kind === 'conflict')) return 'conflict';
  const skus = move.quantities.filter((_, index) => others[index]?.kind === 'condition');
  return { outcome: 'out-of-stock', skus: skus.map(({ sku }) => sku) };
}

function markerOf(item: Record<string, unknown>): Marker {
  if (isMarker(item)) return item;
  throw new Error(
    `An item of the allocations table is no marker: ${JSON.stringify(item)}. Correct the item.`,
  );
}

function isMarker(item: object): item is Marker {
  return (
    'chunk' in item &&
    typeof item.chunk === 'number' &&
    'state' in item &&
    (item.state === 'taken' || item.state === 'shipped' || item.state === 'released') &&
    'quantities' in item &&
    Array.isArray(item.quantities)
  );
}
