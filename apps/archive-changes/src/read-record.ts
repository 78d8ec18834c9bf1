import { createHash } from 'node:crypto';
import {
  auditLine,
  isForgotten,
  PERSONAL_FIELDS,
  SECRET_FIELDS,
  withoutFields,
  type AuditLine,
  type ItemChange,
  type UnreadableLine,
} from '@orderstream/domain';
import type { DynamoDBRecord } from 'aws-lambda';
import { plainImage } from './plain.ts';

/** The tables whose changes are archived, by their physical names. */
export type Tables = ReadonlyMap<string, ItemChange['table']>;

/** Where a record's line belongs; known of any record, however bad it is. */
export interface Place {
  /** `unknown` for a table that is not archived. */
  readonly table: string;
  /** When the stream saw it, ISO 8601; 1970 where it does not say. */
  readonly at: string;
  readonly eventId: string;
}

/** Seconds of the year 9999: what is later is no time of a change. */
const LATEST = 253_370_764_800;

export function placeOf(record: DynamoDBRecord, tables: Tables): Place {
  const seconds = record.dynamodb?.ApproximateCreationDateTime;
  const told = typeof seconds === 'number' && seconds >= 0 && seconds < LATEST;
  return {
    table: tables.get(tableName(record)) ?? 'unknown',
    at: new Date(told ? seconds * 1000 : 0).toISOString(),
    eventId: eventIdOf(record),
  };
}

/** Names the record's item among all items of all tables. */
export function itemOf({ eventSourceARN, dynamodb }: DynamoDBRecord): string {
  return `${eventSourceARN} ${JSON.stringify(dynamodb?.Keys)}`;
}

/** Whether the record's change leaves its item forgotten, or removes one that was. */
export function forgets({ dynamodb }: DynamoDBRecord): boolean {
  return isForgotten(dynamodb?.NewImage ?? dynamodb?.OldImage);
}

/** Whether the record comes from the table of orders. */
export function isOfOrders(record: DynamoDBRecord, tables: Tables): boolean {
  return tables.get(tableName(record)) === 'orders';
}

/** Id of the order that a record of the orders table is about; undefined where it names none that can be read. */
export function orderIdOf({ dynamodb }: DynamoDBRecord): string | undefined {
  return dynamodb?.Keys?.['orderId']?.S || undefined;
}

/**
 * The archive's line of a record. One that cannot be read is kept as it came, without secrets: what nobody understands
 * is in the archive all the same.
 *
 * @param forgotten whether the item is forgotten by this change or a later one.
 */
export function lineOf(
  record: DynamoDBRecord,
  tables: Tables,
  forgotten: boolean,
): AuditLine | UnreadableLine {
  try {
    return auditLine(itemChange(record, tables), { byService: isByService(record), forgotten });
  } catch (error) {
    const left = forgotten || forgets(record) ? PERSONAL_FIELDS : SECRET_FIELDS;
    const why = error instanceof Error ? error.message : String(error);
    return { ...placeOf(record, tables), unreadable: true, why, record: withoutFields(record, left) };
  }
}

function itemChange(record: DynamoDBRecord, tables: Tables): ItemChange {
  const { eventID: recordId, eventName: kind, dynamodb: change } = record;
  const table = tables.get(tableName(record));
  if (recordId === undefined || kind === undefined || change === undefined) {
    throw new Error('this is no record of a stream: eventID, eventName or dynamodb is missing');
  }
  if (table === undefined) throw new Error(`the table ${tableName(record)} is none that is archived`);
  const { Keys = {}, OldImage, NewImage, ApproximateCreationDateTime: at } = change;
  if (Object.keys(Keys).length === 0) throw new Error('it has no keys');
  if (OldImage === undefined && NewImage === undefined) throw new Error('it has no images');
  if (at === undefined) throw new Error('it has no time');
  return {
    table,
    recordId,
    kind,
    at,
    keys: plainImage(Keys),
    oldImage: OldImage && plainImage(OldImage),
    newImage: NewImage && plainImage(NewImage),
  };
}

/** The physical name of the record's table: `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`. */
function tableName({ eventSourceARN }: DynamoDBRecord): string {
  return String(eventSourceARN).split('/')[1] ?? 'unknown';
}

/**
 * Whether DynamoDB removed the item by itself.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
function isByService({ userIdentity }: DynamoDBRecord): boolean {
  return userIdentity?.type === 'Service' && userIdentity?.principalId === 'dynamodb.amazonaws.com';
}

/** The record's id, fit for a key; of a record without one, its number or its content's digest: the same every time. */
function eventIdOf(record: DynamoDBRecord): string {
  const named = record.eventID ?? record.dynamodb?.SequenceNumber;
  if (typeof named === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(named)) return named;
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}
