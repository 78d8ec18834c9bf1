import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { ExistingTable } from './existing-table.ts';
import { OwnTable } from './own-table.ts';
import { number, type Table, text } from './table.ts';

const ORDERS = {
  partitionKey: text('orderId'),
  indexes: [
    {
      name: 'byCustomer',
      partitionKey: text('customerId'),
      sortKey: text('placedAt'),
      // Lists leave out what is forgotten, which stays in here until it is forgotten everywhere.
      attributes: ['status', 'total', 'currency', 'forgottenAt'],
    },
    // Sparse: an order leaves it at its end, when `openShard` is removed.
    // Its key moves at each change of status anyway, so the status costs no write of its own.
    {
      name: 'openOrders',
      partitionKey: text('openShard'),
      sortKey: text('updatedAt'),
      attributes: ['status'],
    },
    {
      name: 'byDay',
      partitionKey: text('placedShard'),
      sortKey: text('placedAt'),
      attributes: ['status', 'total', 'currency'],
    },
  ],
};

/** Every table of the platform. */
export class Tables extends Construct {
  readonly orders: Table;
  readonly products: Table;
  readonly stock: Table;
  /** What each order took from stock, in chunks. */
  readonly allocations: Table;
  /** What the sandboxes of payment gateway and carrier know, by idempotency key; of Stripe, which payment a key has. */
  readonly ledger: Table;
  /** What visitors did; it expires. */
  readonly activity: Table;
  /** Counters by metric and bucket, and the markers of what is counted. */
  readonly summaries: Table;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.orders = this.#orders(config);
    const bySku = { config, partitionKey: text('sku'), stream: 'NEW_AND_OLD_IMAGES' } as const;
    this.products = new OwnTable(this, 'products', bySku);
    this.stock = new OwnTable(this, 'stock', bySku);
    this.allocations = new OwnTable(this, 'allocations', {
      config,
      partitionKey: text('orderId'),
      sortKey: number('chunk'),
    });
    this.ledger = new OwnTable(this, 'ledger', { config, partitionKey: text('key') });
    this.activity = new OwnTable(this, 'activity', {
      config,
      partitionKey: text('who'),
      sortKey: text('moment'),
      stream: 'NEW_IMAGE',
      expiresBy: 'expiresAt',
    });
    this.summaries = new OwnTable(this, 'summaries', {
      config,
      partitionKey: text('metric'),
      sortKey: text('bucket'),
      expiresBy: 'expiresAt',
    });
  }

  #orders(config: Config): Table {
    const { ordersTable: name } = config;
    if (name === undefined) {
      return new OwnTable(this, 'orders', { config, ...ORDERS, stream: 'NEW_AND_OLD_IMAGES' });
    }
    return new ExistingTable(this, 'orders', { name, setting: 'ORDERSTREAM_ORDERS_TABLE', ...ORDERS });
  }
}
