import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  PutCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import {
  chargeKey,
  chunksOf,
  COMPENSATION,
  openShard,
  orderTotal,
  placedShard,
  shipmentKey,
  STAGES,
  stockSchema,
  type LedgerEntry,
  type Order,
  type StageName,
  type Stock,
} from '@orderstream/domain';
import {
  type GoodsTables,
  type Ledger,
  type Marker,
  type OrdersTable,
  type StageOutput,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import { Calls } from './calls.ts';
import { startEngine } from './engine.ts';

const TABLES = {
  orders: { env: 'ORDERS_TABLE', keys: { orderId: 'S' } },
  stock: { env: 'STOCK_TABLE', keys: { sku: 'S' } },
  allocations: { env: 'ALLOCATIONS_TABLE', keys: { orderId: 'S', chunk: 'N' } },
  ledger: { env: 'LEDGER_TABLE', keys: { key: 'S' } },
} as const;

const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'tests',
  AWS_SECRET_ACCESS_KEY: 'tests',
  PAYMENT_GATEWAY: 'sandbox',
  CARRIER: 'sandbox',
  LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

type Handler = (event: unknown) => Promise<StageOutput>;

/** All that is known of an order, from every table. */
export interface Situation {
  readonly order: StoredOrder;
  readonly ledger: readonly LedgerEntry[];
  readonly stock: readonly Stock[];
  readonly markers: readonly Marker[];
}

/** Pieces that come in of each SKU when an order is placed, unless told otherwise. */
const RECEIVED = 10_000;

/** The stage functions as they are deployed, on tables of a real engine, in this process. */
export class Shop {
  /** The calls that the functions make. */
  readonly calls: Calls;
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: { readonly orders: OrdersTable; readonly goods: GoodsTables; readonly ledger: Ledger };
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #stopEngine: () => Promise<void>;
  #placed = 0;

  private constructor(
    client: DynamoDBDocumentClient,
    tables: { orders: OrdersTable; goods: GoodsTables; ledger: Ledger },
    handlers: Record<string, Handler>,
    stopEngine: () => Promise<void>,
  ) {
    this.#client = client;
    this.#tables = tables;
    this.#handlers = handlers;
    this.#stopEngine = stopEngine;
    this.calls = new Calls(client);
  }

  /** Starts the engine and only then loads the functions: they read their environment as they start. */
  static async open(): Promise<Shop> {
    const { endpoint, stop } = await startEngine();
    Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL: endpoint });
    for (const [name, { env }] of Object.entries(TABLES)) process.env[env] = name;
    await createTables(endpoint);
    const { documentClient, GoodsTables, Ledger, OrdersTable } = await import('@orderstream/lambda-kit');
    const handlers = {
      'validate-order': await load('validate-order', () => import('@orderstream/validate-order')),
      'process-payment': await load('process-payment', () => import('@orderstream/process-payment')),
      'update-inventory': await load('update-inventory', () => import('@orderstream/update-inventory')),
      'ship-order': await load('ship-order', () => import('@orderstream/ship-order')),
      'close-order': await load('close-order', () => import('@orderstream/close-order')),
    };
    process.env['POWERTOOLS_SERVICE_NAME'] = 'order-api';
    const tables = { orders: new OrdersTable(), goods: new GoodsTables(), ledger: new Ledger() };
    return new Shop(documentClient(), tables, handlers, stop);
  }

  async close(): Promise<void> {
    this.#client.destroy();
    await this.#stopEngine();
  }

  /** Calls a stage function with what the state machine sends. */
  invoke = (
    stage: StageName,
    orderId: string,
    failure?: { Error: string; Cause: string },
  ): Promise<StageOutput> => {
    const { function: name, action } = { ...STAGES, ...COMPENSATION }[stage];
    const handler = this.#handlers[name];
    if (handler === undefined) throw new Error(`There is no function ${name}.`);
    return handler({ action, input: { orderId, ...(failure === undefined ? {} : { failure }) } });
  };

  /** The customer's wish to cancel, as the API makes it. */
  async cancel(orderId: string, customerId = 'customer-1'): Promise<'requested' | 'not-found' | 'too-late'> {
    return (await this.#tables.orders.requestCancellation(orderId, customerId)).outcome;
  }

  /**
   * Places a valid order for SKUs that no other order asks for, with more than enough of them in stock.
   *
   * @param goods how many SKUs (2), and how many pieces of the last one are in stock.
   * @returns the order's id.
   */
  async place(change: Partial<Order> = {}, goods: { skus?: number; ofLast?: number } = {}): Promise<string> {
    this.#placed += 1;
    const orderId = `order-${this.#placed}`;
    const order = anOrder(orderId, { lines: linesOf(orderId, goods.skus ?? 2), ...change });
    const skus = [...new Set(order.lines.map(({ sku }) => sku))].sort();
    const stock = skus.map((sku) => aStock(sku, RECEIVED));
    if (goods.ofLast !== undefined) stock.splice(-1, 1, aStock(skus.at(-1) ?? '', goods.ofLast));
    for (let from = 0; from < stock.length; from += 25) {
      const puts = stock.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
      await this.#client.send(new BatchWriteCommand({ RequestItems: { stock: puts } }));
    }
    await this.#client.send(new PutCommand({ TableName: 'orders', Item: order }));
    return orderId;
  }

  /** The order, its entries in the ledger, its goods and their movements. */
  async look(orderId: string): Promise<Situation> {
    const { orders, goods, ledger } = this.#tables;
    const order = await orders.read(orderId);
    if (order === undefined) throw new Error(`There is no order ${orderId}.`);
    const stock: Stock[] = [];
    for (const { quantities } of chunksOf(order.lines ?? [])) {
      const Keys = quantities.map(({ sku }) => ({ sku }));
      const { Responses } = await this.#client.send(
        new BatchGetCommand({ RequestItems: { stock: { Keys, ConsistentRead: true } } }),
      );
      stock.push(...(Responses?.['stock'] ?? []).map((item) => stockSchema.parse(item)));
    }
    const entries = [await ledger.find(chargeKey(orderId)), await ledger.find(shipmentKey(orderId))];
    return {
      order,
      ledger: entries.filter((entry) => entry !== undefined),
      stock: stock.sort((a, b) => (a.sku < b.sku ? -1 : 1)),
      markers: await goods.markers(orderId),
    };
  }
}

/** Lines for `count` distinct SKUs that no other order asks for. */
function linesOf(orderId: string, count: number): Order['lines'] {
  return Array.from({ length: count }, (_, index) => ({
    sku: `${orderId} ${String(index).padStart(4, '0')}`,
    quantity: (index % 3) + 1,
    unitPrice: '1.125',
  }));
}

function anOrder(orderId: string, change: Pick<Order, 'lines'> & Partial<Order>): Order {
  const at = new Date().toISOString();
  const priced = { shipping: '4.95', tax: '1.337', ...change };
  return {
    orderId,
    schemaVersion: 1,
    status: 'PLACED',
    itemVersion: Date.now(),
    customerId: 'customer-1',
    placedAt: at,
    updatedAt: at,
    updatedBy: 'order-api',
    country: 'United Kingdom',
    currency: 'GBP',
    paymentToken: 'tok_approve',
    shippingAddress: {
      name: 'A. Customer',
      line1: '1 High Street',
      city: 'Leeds',
      country: 'United Kingdom',
    },
    openShard: openShard(orderId),
    placedShard: placedShard(orderId, at),
    total: orderTotal(priced),
    ...priced,
  };
}

function aStock(sku: string, received: number): Stock {
  return {
    sku,
    available: received,
    allocated: 0,
    shipped: 0,
    received,
    itemVersion: Date.now(),
    updatedBy: 'tests',
  };
}

async function load(name: string, module: () => Promise<{ handler: Handler }>): Promise<Handler> {
  process.env['POWERTOOLS_SERVICE_NAME'] = name;
  return (await module()).handler;
}

async function createTables(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'tests', secretAccessKey: 'tests' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  for (const [TableName, { keys }] of Object.entries(TABLES)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: Object.entries(keys).map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        KeySchema: Object.keys(keys).map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
  client.destroy();
}
