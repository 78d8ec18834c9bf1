import {
  LambdaEventSourceMapping,
  type LambdaEventSourceMappingConfig,
} from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { Construct } from 'constructs';
import { ARCHIVED_TABLES, type Archive } from '../tables/archive.ts';
import type { Config } from '../config/config.ts';
import type { DeadLetters } from '../pipeline/dead-letters.ts';
import { AppFunction, type AppFunctionProps, type PackageOf } from '../functions/functions.ts';
import { allow, allowItems } from '../functions/role.ts';
import { readStreams } from '../tables/table.ts';
import type { Tables } from '../tables/tables.ts';

export interface StreamReadersProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
  readonly archive: Archive;
  readonly deadLetters: DeadLetters;
}

/** Partition keys of the rows that track-activity counts in, and of its markers. */
const ACTIVITY_ROWS = ['activity#*', 'activity-window#*'];

/**
 * What reads changes itself instead of events: the audit trail, which wants every change, and the visitors' activity,
 * which is counted in windows. On orders, products and stock the archive is the second reader, and the last: a stream
 * takes two.
 */
export class StreamReaders extends Construct {
  readonly archiveChanges: AppFunction;
  readonly trackActivity: AppFunction;
  readonly #props: StreamReadersProps;

  constructor(scope: Construct, id: string, props: StreamReadersProps) {
    super(scope, id);
    this.#props = props;
    this.archiveChanges = this.#archiveChanges();
    this.trackActivity = this.#trackActivity();
  }

  #archiveChanges(): AppFunction {
    const { archive, tables, deadLetters } = this.#props;
    const { orders, products, stock } = tables;
    const lambda = this.#app('archive-changes', 1024, {
      environment: {
        ORDERS_TABLE: orders.name,
        PRODUCTS_TABLE: products.name,
        STOCK_TABLE: stock.name,
        ARCHIVE_BUCKET: archive.bucket.name,
      },
      statements: [
        readStreams([orders, products, stock]),
        // An order may be forgotten by now whose earlier changes come again.
        allow(['dynamodb:BatchGetItem'], [orders.arn]),
        allow(['s3:PutObject'], [`${archive.bucket.arn}/changes/*`]),
        ...deadLetters.giveUp,
      ],
    });
    for (const table of ARCHIVED_TABLES) {
      new LambdaEventSourceMapping(this, `archive-${table}`, {
        ...this.#reading(lambda.arn),
        eventSourceArn: tables[table].streamArn,
        // Nobody waits for it, and few large objects cost less than many small ones.
        maximumBatchingWindowInSeconds: 5,
        bisectBatchOnFunctionError: true,
      });
    }
    return lambda;
  }

  #trackActivity(): AppFunction {
    const { tables, deadLetters } = this.#props;
    const { activity, summaries } = tables;
    const lambda = this.#app('track-activity', 512, {
      environment: { SUMMARIES_TABLE: summaries.name },
      statements: [
        readStreams([activity]),
        allowItems(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [summaries.arn], ACTIVITY_ROWS),
        ...deadLetters.giveUp,
      ],
    });
    new LambdaEventSourceMapping(this, 'activity', {
      ...this.#reading(lambda.arn),
      eventSourceArn: activity.streamArn,
      // What the time to live removes is no activity.
      filterCriteria: { filter: [{ pattern: JSON.stringify({ eventName: ['INSERT'] }) }] },
      maximumBatchingWindowInSeconds: 0,
      tumblingWindowInSeconds: 60,
      // A window's batches follow each other and hand on its state: none of them may be cut in two.
      bisectBatchOnFunctionError: false,
    });
    return lambda;
  }

  #app(
    app: string,
    memoryMb: number,
    work: Pick<AppFunctionProps, 'environment' | 'statements'>,
  ): AppFunction {
    const { config, packageOf } = this.#props;
    return new AppFunction(this, { config, packageOf, app, timeoutSeconds: 60, memoryMb, ...work });
  }

  #reading(functionName: string): LambdaEventSourceMappingConfig {
    return {
      functionName,
      startingPosition: 'TRIM_HORIZON',
      batchSize: 1000,
      parallelizationFactor: 1,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // Nothing waits for these readers, so they try for some three hours; what waits behind a bad change meanwhile has as
      // much time left, of the day that a stream keeps it.
      maximumRetryAttempts: 180,
      maximumRecordAgeInSeconds: 12 * 60 * 60,
      destinationConfig: { onFailure: { destinationArn: this.#props.deadLetters.bucket.arn } },
    };
  }
}
