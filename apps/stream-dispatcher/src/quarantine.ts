import { ObjectStore } from '@orderstream/lambda-kit';
import type { DynamoDBRecord } from 'aws-lambda';
import { tableName } from './plan.ts';

/** Where a record is kept: in the same place at every delivery. */
export function quarantineKey(record: DynamoDBRecord): string {
  const { eventID, dynamodb } = record;
  const at = new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1000);
  const id = eventID ?? dynamodb?.SequenceNumber ?? 'unknown';
  return `quarantine/${tableName(record)}/${at.toISOString().slice(0, 10)}/${id}.json`;
}

/** The bucket of records that nobody can read. */
export class Quarantine {
  readonly #store: ObjectStore;

  constructor(bucket: string) {
    this.#store = new ObjectStore(bucket);
  }

  /** Keeps the record whole. A write that fails is no loss: Lambda brings the record again. */
  async put(record: DynamoDBRecord, reason: string): Promise<void> {
    await this.#store.put(quarantineKey(record), JSON.stringify({ reason, record }), 'application/json');
  }
}
