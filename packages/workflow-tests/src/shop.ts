import { randomUUID } from 'node:crypto';
import { BatchGetCommand, BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { handler as closeOrder } from '@orderstream/close-order';
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
  documentClient,
  GoodsTables,
  Ledger,
  OrdersTable,
  type Marker,
  type StageOutput,
  type StoredOrder,
} from '@orderstream/lambda-kit';
import { handler as processPayment } from '@orderstream/process-payment';
import { handler as shipOrder } from '@orderstream/ship-order';
import { handler as updateInventory } from '@orderstream/update-inventory';
import { handler as validateOrder } from '@orderstream/validate-order';
import { Calls } from './calls.ts';

/** All that is known of an order, from every table. */
export interface Situation {
  readonly order: StoredOrder;
  readonly ledger: readonly LedgerEntry[];
  readonly stock: readonly Stock[];
  readonly markers: readonly Marker[];
}

/** Pieces that come in of each SKU when an order is placed, unless told otherwise. */
const RECEIVED = 10_000;

/** The stage functions by their names, as they are deployed. */
const FUNCTIONS = {
  'validate-order': validateOrder,
  'process-payment': processPayment,
  'update-inventory': updateInventory,
  'ship-order': shipOrder,
  'close-order': closeOrder,
};

/** The stage functions on tables of a real engine, in this process. */
export class Shop {
  /** The calls that the functions make. */
  readonly calls = new Calls(documentClient());
  readonly #client = documentClient();
  readonly #orders = new OrdersTable();
  readonly #goods = new GoodsTables();
  readonly #ledger = new Ledger();
  /** Other test files use the same tables. */
  readonly #name = randomUUID().slice(0, 8);
  #placed = 0;

  close(): void {
    this.#client.destroy();
  }

  /** Calls a stage function with what the state machine sends. */
  invoke = (
    stage: StageName,
    orderId: string,
    failure?: { Error: string; Cause: string },
  ): Promise<StageOutput> => {
    const { function: name, action } = { ...STAGES, ...COMPENSATION }[stage];
    return FUNCTIONS[name]({ action, input: { orderId, ...(failure === undefined ? {} : { failure }) } });
  };

  /** The customer's wish to cancel, as the API makes it. */
  async cancel(orderId: string, customerId = 'customer-1'): Promise<'requested' | 'not-found' | 'too-late'> {
    return (await this.#orders.requestCancellation(orderId, customerId)).outcome;
  }

  /**
   * Places a valid order for SKUs that no other order asks for, with more than enough of them in stock.
   *
   * @param goods how many SKUs (2), and how many pieces of the last one are in stock.
   * @returns the order's id.
   */
  async place(change: Partial<Order> = {}, goods: { skus?: number; ofLast?: number } = {}): Promise<string> {
    this.#placed += 1;
    const orderId = `${this.#name}-${this.#placed}`;
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
    const order = await this.#orders.read(orderId);
    if (order === undefined) throw new Error(`There is no order ${orderId}.`);
    const stock: Stock[] = [];
    for (const { quantities } of chunksOf(order.lines ?? [])) {
      const Keys = quantities.map(({ sku }) => ({ sku }));
      const { Responses } = await this.#client.send(
        new BatchGetCommand({ RequestItems: { stock: { Keys, ConsistentRead: true } } }),
      );
      stock.push(...(Responses?.['stock'] ?? []).map((item) => stockSchema.parse(item)));
    }
    const entries = [
      await this.#ledger.find(chargeKey(orderId)),
      await this.#ledger.find(shipmentKey(orderId)),
    ];
    return {
      order,
      ledger: entries.filter((entry) => entry !== undefined),
      stock: stock.sort((a, b) => (a.sku < b.sku ? -1 : 1)),
      markers: await this.#goods.markers(orderId),
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
