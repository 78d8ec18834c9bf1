import { createHash } from 'node:crypto';
import { ObjectStore } from '@orderstream/lambda-kit';
import type { DynamoDBRecord } from 'aws-lambda';
import { tableName } from './plan.ts';

/** Digits of the longest number that a stream gives to a change. */
const NUMBER_DIGITS = 40;

/** The last second of year 9999: what is beyond it is no time that a stream tells. */
const LAST_SECOND = 253_402_300_799;

/**
 * Where a record is kept: in the same place at every delivery. The keys of a table are in the order of its changes, so
 * that they are redriven in it. Whatever the record holds makes a key within the quarantine: one without an id is named
 * after its content.
 */
export function quarantineKey(record: Partial<DynamoDBRecord> | null): string {
  const { eventID = '', dynamodb } = record ?? {};
  const number = /^\d+$/.exec(dynamodb?.SequenceNumber ?? '')?.[0] ?? '';
  const id = /^\w[\w-]{0,99}$/.test(eventID) ? eventID : contentHash(record);
  const name = `${number.padStart(NUMBER_DIGITS, '0')}-${id}`;
  return `quarantine/${tableName(record)}/${dayOf(dynamodb?.ApproximateCreationDateTime)}/${name}.json`;
}

function contentHash(record: unknown): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

function dayOf(second = 0): string {
  const known = second >= 0 && second <= LAST_SECOND;
  return new Date(known ? second * 1000 : 0).toISOString().slice(0, 10);
}

/** The bucket of records that nobody can read. */
export class Quarantine {
  readonly #store: ObjectStore;

  constructor(bucket: string) {
    this.#store = new ObjectStore(bucket);
  }

  /**
   * Keeps the record whole. One that is kept already stays as it is: somebody may have corrected it. A write that fails
   * is no loss: Lambda brings the record again.
   */
  async put(record: DynamoDBRecord, reason: string): Promise<void> {
    const body = JSON.stringify({ reason, record });
    await this.#store.put(quarantineKey(record), body, 'application/json', { ifNoneMatch: '*' });
  }
}
