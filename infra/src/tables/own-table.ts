import {
  DynamodbTable,
  type DynamodbTableGlobalSecondaryIndex,
} from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Index, Key, Table } from './table.ts';

export interface OwnTableProps {
  readonly config: Config;
  readonly partitionKey: Key;
  readonly sortKey?: Key;
  readonly indexes?: readonly Index[];
  /** The images with which changes leave the table through a stream; without it there is no stream. */
  readonly stream?: 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE';
  /** Attribute with the epoch seconds after which an item may go; an item without it stays. */
  readonly expiresBy?: string;
}

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

/** A table as all that the stack makes are: on demand (provisioned in the `free-tier` preset), encrypted, restorable to any second of the last 35 days. */
export class OwnTable extends Construct implements Table {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: OwnTableProps) {
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
