import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { DeadLetters } from './dead-letters.ts';
import { AppFunction, type PackageOf } from '../functions/functions.ts';
import { allow } from '../functions/role.ts';
import { readStreams, type Table } from '../tables/table.ts';

export interface DispatcherProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: { readonly orders: Table; readonly products: Table; readonly stock: Table };
  readonly workflowArn: string;
  readonly bus: { readonly name: string; readonly arn: string };
  readonly deadLetters: DeadLetters;
}

interface Reading {
  readonly table: keyof DispatcherProps['tables'];
  /** What is read at all: a change that fits none of these patterns never reaches the function. */
  readonly filters: readonly object[];
  readonly batchSize: number;
  /** Seconds to wait for a batch to fill. */
  readonly batchWindow: number;
  /** Batches of one shard in flight at once; the order of each item is kept. */
  readonly parallelization: number;
}

/** A modified order of this status, with further conditions on its new image. */
const modified = (status: unknown[], image: object = {}) => ({
  eventName: ['MODIFY'],
  dynamodb: { NewImage: { status: { S: status }, ...image } },
});
const ABSENT = [{ exists: false }];

/**
 * Of an order's seven writes, two only note an intent and lead to nothing: the stages set `chargeIntent` on a VALIDATED
 * order and `shippingStartedAt` on an ALLOCATED one, and no order comes to that status with it. A status that is no
 * text passes: the dispatcher quarantines it. Mappings take five patterns at most.
 */
const ORDER_FILTERS = [
  { eventName: ['INSERT', 'REMOVE'] },
  modified([{ 'anything-but': ['VALIDATED', 'ALLOCATED'] }]),
  modified(['VALIDATED'], { chargeIntent: { M: { key: { S: ABSENT } } } }),
  modified(['ALLOCATED'], { shippingStartedAt: { S: ABSENT } }),
  modified(ABSENT),
];

const READINGS: readonly Reading[] = [
  // More batches at once are smaller ones, and more calls for the same changes; fewer let a bad record hold up more.
  { table: 'orders', filters: ORDER_FILTERS, batchSize: 100, batchWindow: 0, parallelization: 4 },
  {
    table: 'products',
    filters: [{ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }],
    batchSize: 100,
    batchWindow: 0,
    parallelization: 1,
  },
  // Stock changes with every line of every order and says something only when a mark is crossed. A second later is soon enough for that, and takes far fewer invocations.
  {
    table: 'stock',
    filters: [{ eventName: ['INSERT', 'MODIFY'] }],
    batchSize: 1000,
    batchWindow: 1,
    parallelization: 1,
  },
];

/** The stream-dispatcher and the mappings that bring it the changes of orders, products and stock. */
export class Dispatcher extends Construct {
  readonly lambda: AppFunction;
  /** What brings it the changes, by table. */
  readonly mappings: Readonly<Record<string, LambdaEventSourceMapping>>;

  constructor(scope: Construct, id: string, props: DispatcherProps) {
    super(scope, id);
    const { config, tables, bus, deadLetters } = props;
    const letters = deadLetters.bucket;
    this.lambda = new AppFunction(this, {
      config,
      packageOf: props.packageOf,
      app: 'stream-dispatcher',
      timeoutSeconds: 60,
      memoryMb: 1024,
      environment: {
        ORDERS_TABLE: tables.orders.name,
        PRODUCTS_TABLE: tables.products.name,
        STOCK_TABLE: tables.stock.name,
        WORKFLOW_ARN: props.workflowArn,
        EVENT_BUS: bus.name,
        QUARANTINE_BUCKET: letters.name,
      },
      statements: [
        readStreams([tables.orders, tables.products, tables.stock]),
        allow(['states:StartExecution'], [props.workflowArn]),
        allow(['events:PutEvents'], [bus.arn]),
        allow(['s3:PutObject'], [`${letters.arn}/quarantine/*`]),
        ...deadLetters.giveUp,
      ],
    });
    const mappings = READINGS.map((reading) => {
      const mapping = new LambdaEventSourceMapping(this, reading.table, {
        functionName: this.lambda.arn,
        eventSourceArn: tables[reading.table].streamArn,
        startingPosition: 'TRIM_HORIZON',
        filterCriteria: { filter: reading.filters.map((filter) => ({ pattern: JSON.stringify(filter) })) },
        batchSize: reading.batchSize,
        maximumBatchingWindowInSeconds: reading.batchWindow,
        parallelizationFactor: reading.parallelization,
        functionResponseTypes: ['ReportBatchItemFailures'],
        bisectBatchOnFunctionError: true,
        // Some 50 minutes of tries: an outage of ten loses nothing, and a bad record blocks its neighbours no longer.
        maximumRetryAttempts: 60,
        // Much longer than that, or the neighbours behind a bad record would be given up with it.
        maximumRecordAgeInSeconds: 6 * 60 * 60,
        destinationConfig: { onFailure: { destinationArn: letters.arn } },
        // On when it is made; after that, `orders pause` and `resume` say so, and no deployment.
        lifecycle: { ignoreChanges: ['enabled'] },
      });
      return [reading.table, mapping] as const;
    });
    this.mappings = Object.fromEntries(mappings);
  }
}
