import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  linesTotal,
  SALES_SHARDS,
  salesBuckets,
  SalesFold,
  salesPartition,
  type DomainEvent,
  type Order,
  type OrderEventType,
  type OrderLine,
  type SalesBy,
  type SalesFigure,
} from '@orderstream/domain';
import { OrdersTable, SummariesTable } from '@orderstream/lambda-kit';
import { countEvents } from '../count-events.ts';
import { EndedOrders } from '../ended-orders.ts';
import { Generations } from '../generations.ts';
import { OldFigures } from '../old-figures.ts';
import { answerRebuild } from '../rebuild.ts';
import { SalesCounter } from '../sales-counter.ts';

const PAUSE = async (): Promise<void> => {};
const EVENTS = {
  SHIPPED: 'OrderShipped',
  REJECTED: 'OrderRejected',
  CANCELLED: 'OrderCancelled',
  FAILED: 'OrderFailed',
} as const;

/** An order as far as it is counted. */
export type TestOrder = Pick<Order, 'orderId' | 'placedAt'> &
  Partial<Omit<Order, 'lines'>> & { readonly lines?: readonly OrderLine[] };

/** The end of a process at a call: it is not told the answer, if there was one. */
export class Crash extends Error {}

/** Orders and summaries in tables of their own, and the function's parts on them as one container has them. */
export class Shop {
  readonly #documents: DynamoDBDocumentClient;
  readonly #exact: DynamoDBDocumentClient;
  readonly #tables: { readonly orders: string; readonly summaries: string };
  readonly #pageSize: number;
  /** What was told of orders that cannot be counted. */
  readonly reported: string[] = [];
  /** Orders that were told to be counted for the first time, with their ends. */
  readonly ended: string[] = [];
  /** Asked before and after each call to a table. */
  #around: (call: () => Promise<unknown>) => Promise<unknown> = (call) => call();

  private constructor(endpoint: string, suffix: string, pageSize: number) {
    this.#documents = DynamoDBDocumentClient.from(this.#client(endpoint), {
      marshallOptions: { removeUndefinedValues: true },
    });
    this.#exact = DynamoDBDocumentClient.from(this.#client(endpoint), {
      unmarshallOptions: { wrapNumbers: true },
    });
    this.#tables = { orders: `orders-${suffix}`, summaries: `summaries-${suffix}` };
    this.#pageSize = pageSize;
  }

  #client(endpoint: string): DynamoDBClient {
    const client = new DynamoDBClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'tests', secretAccessKey: 'tests' },
      maxAttempts: 1,
    });
    client.middlewareStack.add(
      (next) => async (args) => {
        let result: Awaited<ReturnType<typeof next>> | undefined;
        await this.#around(async () => (result = await next(args)));
        if (result === undefined) throw new Error('A call was left out.');
        return result;
      },
      { step: 'initialize', priority: 'high', name: 'around' },
    );
    return client;
  }

  static async open(endpoint: string, suffix: string, pageSize = 3): Promise<Shop> {
    const shop = new Shop(endpoint, suffix, pageSize);
    await shop.#create(shop.#tables.orders, ['orderId']);
    await shop.#create(shop.#tables.summaries, ['metric', 'bucket']);
    return shop;
  }

  /** A new container of the function: it remembers nothing. */
  container() {
    const { orders, summaries } = this.#tables;
    const table = new SummariesTable(this.#exact, summaries, PAUSE);
    const counter = new SalesCounter(table);
    const generations = new Generations(table, this.#documents, summaries);
    const tracking = {
      orders: new OrdersTable(this.#documents, orders, 'tests'),
      generations,
      counter,
      ended: ({ orderId, status }: { orderId: string; status: string }) =>
        this.ended.push(`${orderId} ${status}`),
    };
    const rebuild = {
      generations,
      counter,
      orders: new EndedOrders(this.#documents, orders, this.#pageSize),
      figures: new OldFigures(this.#documents, summaries, this.#pageSize * 10, PAUSE),
      report: (error: Error) => this.reported.push(error.message),
    };
    return {
      summaries: table,
      generations,
      handle: (events: readonly DomainEvent[]) => countEvents(events, tracking),
      ask: (request: unknown) => answerRebuild(request, rebuild),
    };
  }

  /** Puts orders into the table as they are; a total follows from the lines where it is not given. */
  async keep(...orders: readonly TestOrder[]): Promise<void> {
    for (const order of orders) {
      const { lines = [] } = order;
      const Item = { status: 'SHIPPED', country: 'United Kingdom', total: linesTotal(lines), ...order };
      await this.#documents.send(new PutCommand({ TableName: this.#tables.orders, Item }));
    }
  }

  /** Rebuilds in new containers, page by page. @returns the generation and how many orders were counted. */
  async rebuild(anew = false): Promise<{ generation: number; counted: number }> {
    const { generation } = (await this.container().ask({ rebuild: 'begin', anew })) as { generation: number };
    let counted = 0;
    let from: string | undefined;
    do {
      const page = { rebuild: 'page', generation, from };
      const answer = (await this.container().ask(page)) as { counted: number; next?: string };
      counted += answer.counted;
      from = answer.next;
    } while (from !== undefined);
    await this.container().ask({ rebuild: 'finish', generation });
    return { generation, counted };
  }

  async figures(by: SalesBy, generation: number, month: string): Promise<SalesFigure[]> {
    const fold = new SalesFold(by);
    for (let shard = 0; shard < SALES_SHARDS; shard += 1) {
      const { summaries } = this.container();
      const rows = summaries.range(salesPartition(generation, month, shard), ...salesBuckets(by, {}));
      for await (const row of rows) fold.add(row);
    }
    return fold.figures();
  }

  /** Every row of the summaries table: metric, bucket and numbers, without the times of markers; sorted. */
  async rows(): Promise<string[]> {
    const rows: string[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#exact.send(
        new ScanCommand({ TableName: this.#tables.summaries, ExclusiveStartKey: start }),
      );
      for (const { metric, bucket, at, ...numbers } of page.Items ?? []) {
        const told = Object.entries(numbers).map(([name, value]) => `${name}=${value}`);
        rows.push([metric, bucket, ...told.sort()].join(' '));
        if (String(metric).startsWith('sale#') && typeof at !== 'string')
          throw new Error('A marker has no time.');
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return rows.sort();
  }

  async countCalls(work: () => Promise<unknown>): Promise<number> {
    let calls = 0;
    await this.#during((call) => ((calls += 1), call()), work);
    return calls;
  }

  /** Does `work`, and `meanwhile` right before its call with this number (from 1). */
  async inserting<Result>(
    number: number,
    meanwhile: () => Promise<unknown>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    let calls = 0;
    return this.#during(async (call) => {
      calls += 1;
      if (calls === number) await meanwhile();
      return call();
    }, work);
  }

  /** Does `work` in a process that ends before, or right after, its call with this number (from 1). */
  async crashing(number: number, when: 'before' | 'after', work: () => Promise<unknown>): Promise<void> {
    let calls = 0;
    await this.#during(async (call) => {
      calls += 1;
      if (calls > number || (calls === number && when === 'before')) throw new Crash();
      const answer = await call();
      if (calls >= number) throw new Crash();
      return answer;
    }, work);
  }

  async #during<Result>(
    around: (call: () => Promise<unknown>) => Promise<unknown>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.#around = around;
    try {
      return await work();
    } finally {
      this.#around = (call) => call();
    }
  }

  async #create(TableName: string, keys: string[]): Promise<void> {
    await this.#documents.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
}

/** The event that says that an order ended so. */
export function endEvent(orderId: string, status: keyof typeof EVENTS = 'SHIPPED'): DomainEvent {
  return orderEvent(orderId, EVENTS[status]);
}

export function orderEvent(orderId: string, type: OrderEventType): DomainEvent {
  return {
    type,
    eventId: `record-${orderId}/${type}`,
    schemaVersion: 1,
    occurredAt: '2026-01-01T00:00:00.000Z',
    message: 'It happened.',
    subject: { kind: 'order', id: orderId, itemVersion: 1 },
    order: { lineCount: 1, units: 1 },
  };
}
