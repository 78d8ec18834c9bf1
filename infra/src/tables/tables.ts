import {
  DynamodbTable,
  type DynamodbTableGlobalSecondaryIndex,
} from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { allow, type Statement } from '../functions/role.ts';

interface Key {
  readonly name: string;
  readonly type: 'S' | 'N';
}

interface Index {
  readonly name: string;
  readonly partitionKey: Key;
  readonly sortKey: Key;
  /** What a query needs besides the keys. Each change of one of these is a write to the index. */
  readonly attributes: readonly string[];
}

interface TableProps {
  readonly config: Config;
  readonly partitionKey: Key;
  readonly sortKey?: Key;
  readonly indexes?: readonly Index[];
  /** The images with which changes leave the table through a stream; without it there is no stream. */
  readonly stream?: 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE';
  /** Attribute with the epoch seconds after which an item may go; an item without it stays. */
  readonly expiresBy?: string;
}

const text = (name: string): Key => ({ name, type: 'S' });
const number = (name: string): Key => ({ name, type: 'N' });

/** Capacity units a second. */
interface Units {
  readonly read: number;
  readonly write: number;
}

/**
 * The `free-tier` preset's capacity. What is free for good is provisioned capacity, 25 units each of reads and writes for
 * all tables and indexes together; what bursts beyond a table's share uses up to five minutes of what it left unused.
 */
const FREE_UNITS: Readonly<Record<string, Units>> = {
  orders: { read: 5, write: 5 },
  products: { read: 3, write: 1 },
  stock: { read: 2, write: 2 },
  allocations: { read: 1, write: 2 },
  ledger: { read: 2, write: 2 },
  activity: { read: 1, write: 2 },
  summaries: { read: 3, write: 3 },
};
const FREE_INDEX_UNITS: Units = { read: 1, write: 2 };

/** A table as all of ours are: on demand (provisioned in the `free-tier` preset), encrypted, restorable to any second of the last 35 days. */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  /** ARN of the stream of a table that has one. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { config, partitionKey, sortKey, indexes = [], stream, expiresBy } = props;
    const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
    const attributes = new Map(keys.filter((key) => key !== undefined).map((key) => [key.name, key]));
    const units = config.preset === 'free-tier' ? FREE_UNITS[id] : undefined;
    const table = new DynamodbTable(this, 'table', {
      name: `${config.prefix}-${id}`,
      ...capacityOf(units),
      hashKey: partitionKey.name,
      ...(sortKey === undefined ? {} : { rangeKey: sortKey.name }),
      attribute: [...attributes.values()],
      ...(indexes.length === 0
        ? {}
        : { globalSecondaryIndex: indexes.map((index) => indexBlock(index, units)) }),
      ...(stream === undefined ? {} : { streamEnabled: true, streamViewType: stream }),
      ...(expiresBy === undefined ? {} : { ttl: { enabled: true, attributeName: expiresBy } }),
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: config.environment === 'prod',
    });
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
  }

  /** ARN of one of the table's indexes. */
  indexArn(index: string): string {
    return `${this.arn}/index/${index}`;
  }
}

function capacityOf(units: Units | undefined) {
  if (units === undefined) return { billingMode: 'PAY_PER_REQUEST' };
  return { billingMode: 'PROVISIONED', readCapacity: units.read, writeCapacity: units.write };
}

function indexBlock(index: Index, units: Units | undefined): DynamodbTableGlobalSecondaryIndex {
  return {
    name: index.name,
    hashKey: index.partitionKey.name,
    rangeKey: index.sortKey.name,
    projectionType: 'INCLUDE',
    nonKeyAttributes: [...index.attributes],
    ...(units && { readCapacity: FREE_INDEX_UNITS.read, writeCapacity: FREE_INDEX_UNITS.write }),
  };
}

/** Reading the streams of these tables, as the role of a function does whose mappings read them. */
export function readStreams(tables: readonly Table[]): Statement {
  return allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    tables.map(({ streamArn }) => streamArn),
  );
}

/** Every table of the platform. */
export class Tables extends Construct {
  readonly orders: Table;
  readonly products: Table;
  readonly stock: Table;
  /** What each order took from stock, in chunks. */
  readonly allocations: Table;
  /** What the sandboxes of payment gateway and carrier know, by idempotency key. */
  readonly ledger: Table;
  /** What visitors did; it expires. */
  readonly activity: Table;
  /** Counters by metric and bucket, and the markers of what is counted. */
  readonly summaries: Table;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.orders = new Table(this, 'orders', {
      config,
      partitionKey: text('orderId'),
      stream: 'NEW_AND_OLD_IMAGES',
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
    });
    const bySku = { config, partitionKey: text('sku'), stream: 'NEW_AND_OLD_IMAGES' } as const;
    this.products = new Table(this, 'products', bySku);
    this.stock = new Table(this, 'stock', bySku);
    this.allocations = new Table(this, 'allocations', {
      config,
      partitionKey: text('orderId'),
      sortKey: number('chunk'),
    });
    this.ledger = new Table(this, 'ledger', { config, partitionKey: text('key') });
    this.activity = new Table(this, 'activity', {
      config,
      partitionKey: text('who'),
      sortKey: text('moment'),
      stream: 'NEW_IMAGE',
      expiresBy: 'expiresAt',
    });
    this.summaries = new Table(this, 'summaries', {
      config,
      partitionKey: text('metric'),
      sortKey: text('bucket'),
      expiresBy: 'expiresAt',
    });
  }
}
