import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { openShard, placedShard } from '@orderstream/domain';
import { OrdersTable, SummariesTable } from '@orderstream/lambda-kit';
import { OrderIndex } from '../order-index.ts';
import { Products } from '../products.ts';
import { Receipts } from '../receipts.ts';
import type { OpsApi } from '../routes.ts';
import { SalesReader } from '../sales-reader.ts';

const KEYS = {
  orders: { orderId: 'S' },
  products: { sku: 'S' },
  stock: { sku: 'S' },
  allocations: { orderId: 'S', chunk: 'N' },
  summaries: { metric: 'S', bucket: 'S' },
} as const;
const INDEXES = {
  byCustomer: ['customerId', 'placedAt'],
  openOrders: ['openShard', 'updatedAt'],
  byDay: ['placedShard', 'placedAt'],
} as const;

/** The tables in an engine, and the API on them. */
export class Tables implements OpsApi {
  readonly orders: OrdersTable;
  readonly index: OrderIndex;
  readonly products: Products;
  readonly receipts: Receipts;
  readonly sales: SalesReader;
  readonly summaries: SummariesTable;
  readonly currency = 'GBP';
  readonly now = (): number => Date.parse('2026-01-10T12:34:56Z');
  readonly #documents: DynamoDBDocumentClient;
  #beforeDelete: () => Promise<unknown> = async () => {};
  readonly #name: (table: keyof typeof KEYS) => string;

  private constructor(endpoint: string, suffix: string) {
    const client = (numbers: 'plain' | 'exact') =>
      DynamoDBDocumentClient.from(
        new DynamoDBClient({
          endpoint,
          region: 'eu-west-1',
          credentials: { accessKeyId: 'tests', secretAccessKey: 'tests' },
        }),
        {
          marshallOptions: { removeUndefinedValues: true },
          unmarshallOptions: { wrapNumbers: numbers === 'exact' },
        },
      );
    this.#documents = client('plain');
    this.#documents.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName?.startsWith('Delete')) await this.#beforeDelete();
          return next(args);
        },
      { step: 'initialize', priority: 'high', name: 'before' },
    );
    this.#name = (table) => `${table}-${suffix}`;
    this.orders = new OrdersTable(this.#documents, this.#name('orders'), 'tests');
    this.index = new OrderIndex(this.#documents, this.#name('orders'));
    this.products = new Products(this.#documents, this.#name('products'));
    const goods = {
      products: this.#name('products'),
      stock: this.#name('stock'),
      allocations: this.#name('allocations'),
    };
    this.receipts = new Receipts(this.#documents, goods, async () => {});
    this.summaries = new SummariesTable(client('exact'), this.#name('summaries'), async () => {});
    this.sales = new SalesReader(this.summaries);
  }

  static async open(endpoint: string, suffix: string): Promise<Tables> {
    const tables = new Tables(endpoint, suffix);
    for (const table of Object.keys(KEYS) as (keyof typeof KEYS)[]) await tables.#create(table);
    return tables;
  }

  async put(table: keyof typeof KEYS, item: Record<string, unknown>): Promise<void> {
    await this.#documents.send(new PutCommand({ TableName: this.#name(table), Item: item }));
  }

  async get(table: keyof typeof KEYS, key: Record<string, unknown>) {
    const { Item } = await this.#documents.send(new GetCommand({ TableName: this.#name(table), Key: key }));
    return Item;
  }

  /** Does `work`, and `meanwhile` right before something is deleted. */
  async beforeDelete<Result>(
    meanwhile: () => Promise<unknown>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    this.#beforeDelete = meanwhile;
    try {
      return await work();
    } finally {
      this.#beforeDelete = async () => {};
    }
  }

  /** Puts an order there as if it had been placed. */
  async keepOrder(order: { orderId: string; placedAt: string } & Record<string, unknown>): Promise<void> {
    const { orderId, placedAt } = order;
    await this.put('orders', {
      status: 'PLACED',
      customerId: 'grace',
      updatedAt: placedAt,
      total: '1.00',
      currency: 'GBP',
      openShard: openShard(orderId),
      placedShard: placedShard(orderId, placedAt),
      email: 'grace@example.com',
      ...order,
    });
  }

  async #create(table: keyof typeof KEYS): Promise<void> {
    const attributes = { ...KEYS[table], ...(table === 'orders' ? indexKeys() : {}) };
    const input: CreateTableCommandInput = {
      TableName: this.#name(table),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      KeySchema: keySchema(Object.keys(KEYS[table])),
      ...(table === 'orders' ? { GlobalSecondaryIndexes: Object.entries(INDEXES).map(index) } : {}),
    };
    await this.#documents.send(new CreateTableCommand(input));
  }
}

function keySchema(names: readonly string[]) {
  return names.map((AttributeName, position) => ({
    AttributeName,
    KeyType: position === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
}

function index([IndexName, keys]: [string, readonly string[]]) {
  return {
    IndexName,
    KeySchema: keySchema(keys),
    Projection: {
      ProjectionType: 'INCLUDE' as const,
      NonKeyAttributes: IndexName === 'openOrders' ? ['status'] : ['status', 'total', 'currency'],
    },
  };
}

function indexKeys(): Record<string, 'S'> {
  return Object.fromEntries([...new Set(Object.values(INDEXES).flat())].map((name) => [name, 'S' as const]));
}
