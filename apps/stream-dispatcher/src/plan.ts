import { readChange, type DomainEvent, type ItemChange, type WorkflowStart } from '@orderstream/domain';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { plainFields } from './attributes.ts';

/** The tables that are listened to, by their physical names. */
export type Tables = ReadonlyMap<string, ItemChange['table']>;

/** What is to be done about one record. */
export interface Task {
  readonly record: DynamoDBRecord;
  /** The item that changed: tasks of the same item are done in their order. */
  readonly item: string;
  readonly workflow: WorkflowStart | undefined;
  readonly events: readonly DomainEvent[];
  /** Why nobody can ever read the record. */
  readonly unreadable: string | undefined;
}

/** The attributes that a reaction may need, by table. */
const FIELDS: Readonly<Record<ItemChange['table'], readonly string[]>> = {
  orders: [
    ...['status', 'itemVersion', 'updatedAt', 'placedAt', 'trace', 'closing'],
    ...['customerId', 'country', 'currency', 'total', 'lines'],
  ],
  products: ['itemVersion', 'updatedAt', 'trace', 'name', 'unitPrice', 'currency'],
  stock: ['itemVersion', 'updatedAt', 'trace', 'available'],
};

/** Of a modification, the attribute that must have moved before anything follows from it; of a product, any may. */
const DECISIVE: Readonly<Record<ItemChange['table'], readonly string[]>> = {
  orders: ['status'],
  products: [],
  stock: ['available'],
};

/** What can happen to an item. */
const KINDS: ReadonlySet<string> = new Set<ItemChange['kind']>(['INSERT', 'MODIFY', 'REMOVE']);

/** The tasks of a batch, in its order; a record that nothing follows from makes none. */
export function plan(records: readonly DynamoDBRecord[], tables: Tables): Task[] {
  return records.map((record) => planRecord(record, tables)).filter((task) => task !== undefined);
}

/**
 * Reading a change is a pure function: a record on which it fails will fail it at every retry, whatever the reason, and
 * so is unreadable.
 */
function planRecord(record: DynamoDBRecord, tables: Tables): Task | undefined {
  try {
    const { workflow, events } = readChange(itemChange(record, tables));
    if (workflow === undefined && events.length === 0) return undefined;
    return { record, item: itemOf(record), workflow, events, unreadable: undefined };
  } catch (error) {
    return { record, item: itemOf(record), workflow: undefined, events: [], unreadable: String(error) };
  }
}

function itemChange(record: DynamoDBRecord, tables: Tables): ItemChange {
  const { eventID: recordId, eventName: kind, dynamodb } = record;
  if (!recordId || !kind || !dynamodb || !KINDS.has(kind)) {
    throw new Error('This is no record of a stream: eventID, eventName or dynamodb is missing or none.');
  }
  const table = tables.get(tableName(record));
  if (table === undefined) {
    throw new Error(
      `Nothing is known of the table ${tableName(record)}. Look at the function's mappings and *_TABLE variables.`,
    );
  }
  const { ApproximateCreationDateTime: at = 0, Keys = {}, OldImage, NewImage } = dynamodb;
  const decisive = DECISIVE[table];
  const still = kind === 'MODIFY' && decisive.some((name) => sameScalar(OldImage?.[name], NewImage?.[name]));
  const fields = still ? decisive : FIELDS[table];
  return {
    table,
    recordId,
    kind,
    at,
    keys: plainFields(Keys, Object.keys(Keys)),
    oldImage: OldImage && plainFields(OldImage, kind === 'REMOVE' ? fields : decisive),
    newImage: NewImage && plainFields(NewImage, fields),
  };
}

/**
 * The physical name of the record's table: `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`; `unknown`
 * where it has none that a table can have.
 */
export function tableName(record: Partial<DynamoDBRecord> | null): string {
  const name = String(record?.eventSourceARN).split('/')[1] ?? '';
  return /^\w[\w.-]{2,254}$/.test(name) ? name : 'unknown';
}

function itemOf(record: Partial<DynamoDBRecord> | null): string {
  return `${record?.eventSourceARN} ${JSON.stringify(record?.dynamodb?.Keys)}`;
}

function sameScalar(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a?.S === b?.S && a?.N === b?.N;
}
