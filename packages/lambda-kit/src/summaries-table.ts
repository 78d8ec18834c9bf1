import { setTimeout } from 'node:timers/promises';
import {
  GetCommand,
  NumberValue,
  PutCommand,
  QueryCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { Throttled, type Decimal } from '@orderstream/domain';
import { documentClient } from './document-client.ts';
import { requiredEnvironment } from './environment.ts';
import type { TransactItem } from './orders-table.ts';
import { transact } from './transaction.ts';

/** Key of a row: what is counted, and for which part of it. */
export interface SummaryKey {
  readonly metric: string;
  readonly bucket: string;
}

/** What is added to the numbers of a row, exactly. */
export interface Addition extends SummaryKey {
  readonly add: Readonly<Record<string, Decimal | number>>;
  /** Epoch seconds after which the row may go; kept for ever without. */
  readonly expiresAt?: number;
}

/** A row as it is read: its numbers as exact decimal texts. */
export interface SummaryRow extends SummaryKey {
  readonly numbers: Readonly<Record<string, Decimal>>;
}

/** Additions that one {@link SummariesTable.countOnce} takes: a transaction has 100 items, and the marker is one. */
export const MOST_ADDITIONS = 99;

/** Tries before the events come again by themselves, and the longest first wait between them, in milliseconds. */
const TRIES = 6;
const FIRST_PAUSE = 25;

/** The summaries table: counters that are exact, and the markers of what was counted. */
export class SummariesTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pause: (milliseconds: number) => Promise<unknown>;

  constructor(
    client = documentClient('exact'),
    table = requiredEnvironment('SUMMARIES_TABLE'),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#table = table;
    this.#pause = pause;
  }

  /**
   * Adds to rows once for a marker: both are written in one transaction. Other transactions on the same rows are waited
   * out for a while, with jitter.
   *
   * @param marker key of the marker; `expiresAt` only where nothing can bring it again after that.
   * @returns false when it was counted before.
   * @throws Throttled when other transactions do not end; RangeError for more than {@link MOST_ADDITIONS}.
   */
  async countOnce(
    marker: SummaryKey & { readonly expiresAt?: number },
    additions: readonly Addition[],
  ): Promise<boolean> {
    if (additions.length > MOST_ADDITIONS) {
      throw new RangeError(
        `${additions.length} additions do not fit into one transaction. Count at most ${MOST_ADDITIONS} under a marker.`,
      );
    }
    const items = [this.#markerItem(marker), ...additions.map((addition) => this.#additionItem(addition))];
    for (let pause = FIRST_PAUSE, tries = TRIES; tries > 0; pause *= 2, tries -= 1) {
      const refusals = await transact(this.#client, items);
      if (refusals === undefined) return true;
      if (refusals[0]?.kind === 'condition') return false;
      await this.#pause(Math.random() * pause);
    }
    throw new Throttled('DynamoDB', `the count of ${marker.metric} ${marker.bucket} met other transactions`);
  }

  /** A row, read consistently. */
  async read({ metric, bucket }: SummaryKey): Promise<SummaryRow | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { metric, bucket }, ConsistentRead: true }),
    );
    return Item && summaryRow(Item);
  }

  /** Puts a row that says nothing but that it is there. Putting it again changes nothing. */
  async note({ metric, bucket }: SummaryKey): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { metric, bucket } }));
  }

  /** The rows of a metric whose bucket lies from `from` to `to`, both included, in order. */
  async *range(metric: string, from: string, to: string): AsyncGenerator<SummaryRow> {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: '#metric = :metric AND #bucket BETWEEN :from AND :to',
          // DynamoDB keeps the word bucket for itself.
          ExpressionAttributeNames: { '#metric': 'metric', '#bucket': 'bucket' },
          ExpressionAttributeValues: { ':metric': metric, ':from': from, ':to': to },
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      for (const item of Items) yield summaryRow(item);
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  #markerItem({ metric, bucket, expiresAt }: SummaryKey & { readonly expiresAt?: number }): TransactItem {
    const at = new Date().toISOString();
    return {
      Put: {
        TableName: this.#table,
        Item: { metric, bucket, at, ...(expiresAt === undefined ? {} : { expiresAt }) },
        ConditionExpression: 'attribute_not_exists(metric)',
      },
    };
  }

  #additionItem({ metric, bucket, add, expiresAt }: Addition): TransactItem {
    const fields = Object.entries(add);
    const values = fields.map(([name, value]) => [`:${name}`, NumberValue.from(String(value))]);
    const expiry = expiresAt === undefined ? '' : 'SET expiresAt = :expiresAt ';
    return {
      Update: {
        TableName: this.#table,
        Key: { metric, bucket },
        UpdateExpression: `${expiry}ADD ${fields.map(([name]) => `#${name} :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(values),
          ...(expiresAt === undefined ? {} : { ':expiresAt': expiresAt }),
        },
      },
    };
  }
}

function summaryRow({ metric, bucket, ...rest }: Record<string, unknown>): SummaryRow {
  const numbers = Object.entries(rest).flatMap(([name, value]) =>
    value instanceof NumberValue ? [[name, value.toString()] as const] : [],
  );
  return { metric: String(metric), bucket: String(bucket), numbers: Object.fromEntries(numbers) };
}
