import {
  DynamodbTable,
  type DynamodbTableGlobalSecondaryIndex,
} from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

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
  /** Whether changes leave the table through a stream, with both images. */
  readonly streamed?: boolean;
}

const text = (name: string): Key => ({ name, type: 'S' });
const number = (name: string): Key => ({ name, type: 'N' });

/** A table as all of ours are: on demand, encrypted, restorable to any second of the last 35 days. */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  /** ARN of the stream of a table that has one. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { config, partitionKey, sortKey, indexes = [], streamed = false } = props;
    const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
    const attributes = new Map(keys.filter((key) => key !== undefined).map((key) => [key.name, key]));
    const table = new DynamodbTable(this, 'table', {
      name: `${config.prefix}-${id}`,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: partitionKey.name,
      ...(sortKey === undefined ? {} : { rangeKey: sortKey.name }),
      attribute: [...attributes.values()],
      ...(indexes.length === 0 ? {} : { globalSecondaryIndex: indexes.map(indexBlock) }),
      ...(streamed ? { streamEnabled: true, streamViewType: 'NEW_AND_OLD_IMAGES' } : {}),
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

function indexBlock(index: Index): DynamodbTableGlobalSecondaryIndex {
  return {
    name: index.name,
    hashKey: index.partitionKey.name,
    rangeKey: index.sortKey.name,
    ...(index.attributes.length === 0
      ? { projectionType: 'KEYS_ONLY' }
      : { projectionType: 'INCLUDE', nonKeyAttributes: [...index.attributes] }),
  };
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

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.orders = new Table(this, 'orders', {
      config,
      partitionKey: text('orderId'),
      streamed: true,
      indexes: [
        {
          name: 'byCustomer',
          partitionKey: text('customerId'),
          sortKey: text('placedAt'),
          attributes: ['status', 'total', 'currency'],
        },
        // Sparse: an order leaves it at its end, when `openShard` is removed.
        { name: 'openOrders', partitionKey: text('openShard'), sortKey: text('updatedAt'), attributes: [] },
        {
          name: 'byDay',
          partitionKey: text('placedShard'),
          sortKey: text('placedAt'),
          attributes: ['status', 'total', 'currency'],
        },
      ],
    });
    this.products = new Table(this, 'products', { config, partitionKey: text('sku'), streamed: true });
    this.stock = new Table(this, 'stock', { config, partitionKey: text('sku'), streamed: true });
    this.allocations = new Table(this, 'allocations', {
      config,
      partitionKey: text('orderId'),
      sortKey: number('chunk'),
    });
    this.ledger = new Table(this, 'ledger', { config, partitionKey: text('key') });
  }
}
