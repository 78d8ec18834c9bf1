import { AthenaNamedQuery } from '@cdktf/provider-aws/lib/athena-named-query';
import { AthenaWorkgroup } from '@cdktf/provider-aws/lib/athena-workgroup';
import { GlueCatalogDatabase } from '@cdktf/provider-aws/lib/glue-catalog-database';
import { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { SAVED_QUERIES } from './archive-queries.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface ArchiveProps {
  readonly config: Config;
  readonly accountId: string;
}

/** The tables whose changes are archived; each has a folder under `changes/`. */
export const ARCHIVED_TABLES = ['orders', 'products', 'stock'] as const;

/** A line's fields with their types, as the archived lines have them. Keys and images are read as JSON texts. */
const LINE = {
  eventId: 'string',
  table: 'string',
  kind: 'string',
  at: 'string',
  who: 'string',
  key: 'string',
  itemVersion: 'bigint',
  changed: 'array<string>',
  old: 'string',
  new: 'string',
  unreadable: 'boolean',
  why: 'string',
  record: 'string',
} as const;

/** Days that the results of queries are kept; they can be had again. */
const RESULT_DAYS = 7;
const MOST_SCANNED_BYTES = 10 * 1024 ** 3;

/**
 * The audit trail: every change of orders, products and stock, kept for ever in a bucket that grows cheaper with age,
 * and what is needed to query it with SQL. Partitions are computed from their names (`dt=…/hour=…`), so a new hour needs
 * no crawler.
 */
export class Archive extends Construct {
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, { config, accountId }: ArchiveProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, 'changes', {
      config,
      name: `${config.prefix}-archive-${accountId}`,
      lifecycle: [
        {
          id: 'age',
          prefix: 'changes/',
          transitions: [
            { days: 30, storageClass: 'STANDARD_IA' },
            { days: 180, storageClass: 'GLACIER_IR' },
          ],
        },
        { id: 'query-results', prefix: 'athena/', expirationDays: RESULT_DAYS },
      ],
    });
    const database = new GlueCatalogDatabase(this, 'database', {
      // With hyphens it would have to be quoted in every query.
      name: config.prefix.replaceAll('-', '_'),
      description: 'Changes of orders, products and stock',
    });
    for (const table of ARCHIVED_TABLES) this.#describe(table, database.name);
    const workgroup = new AthenaWorkgroup(this, 'queries', {
      name: config.prefix,
      description: 'Queries over the audit trail',
      forceDestroy: config.environment !== 'prod',
      configuration: {
        enforceWorkgroupConfiguration: true,
        // A query without a day would read, and bill, the whole trail.
        bytesScannedCutoffPerQuery: MOST_SCANNED_BYTES,
        resultConfiguration: {
          outputLocation: `s3://${this.bucket.name}/athena/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const { name, description, sql } of SAVED_QUERIES) {
      new AthenaNamedQuery(this, name, {
        name,
        description,
        database: database.name,
        workgroup: workgroup.name,
        query: sql,
      });
    }
  }

  /** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html */
  #describe(table: (typeof ARCHIVED_TABLES)[number], databaseName: string): void {
    new GlueCatalogTable(this, table, {
      databaseName,
      name: table,
      tableType: 'EXTERNAL_TABLE',
      parameters: {
        EXTERNAL: 'TRUE',
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': '2026-01-01,NOW',
        'projection.hour.type': 'integer',
        'projection.hour.range': '0,23',
        'projection.hour.digits': '2',
      },
      partitionKeys: [
        { name: 'dt', type: 'string' },
        { name: 'hour', type: 'string' },
      ],
      storageDescriptor: {
        location: `s3://${this.bucket.name}/changes/${table}/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        columns: Object.entries(LINE).map(([name, type]) => ({ name: name.toLowerCase(), type })),
        serDeInfo: {
          serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
          // Otherwise the names inside of keys and images would come out in lower case, too.
          parameters: { 'case.insensitive': 'false', ...mappings() },
        },
      },
    });
  }
}

/** Column names are lower case: the fields that are not, by column. */
function mappings(): Record<string, string> {
  const fields = Object.keys(LINE).filter((name) => name !== name.toLowerCase());
  return Object.fromEntries(fields.map((name) => [`mapping.${name.toLowerCase()}`, name]));
}
