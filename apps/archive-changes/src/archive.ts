import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { archiveFolder, archiveKey } from '@orderstream/domain';
import type { DynamoDBRecord } from 'aws-lambda';
import { forgets, isOfOrders, itemOf, lineOf, orderIdOf, placeOf, type Tables } from './read-record.ts';

/** Writes an object whole, over the one that may be there. */
export type PutObject = (key: string, body: Uint8Array<ArrayBuffer>, contentType: string) => Promise<unknown>;

/** Which of these orders the table has as forgotten. */
export type ForgottenAmong = (orderIds: readonly string[]) => Promise<ReadonlySet<string>>;

export interface Archived {
  readonly archived: number;
  /** Of the archived ones, those that nobody could read. */
  readonly unreadable: number;
  readonly objects: number;
  /** What was not archived, in the batch's order. */
  readonly failed: readonly DynamoDBRecord[];
  /** Why, without repetition. */
  readonly reasons: readonly string[];
}

/** Without a content encoding: Athena tells by the name that an object is packed. */
const CONTENT_TYPE = 'application/x-ndjson';

const NONE: ReadonlySet<string> = new Set();

const packed = promisify(gzip);

/**
 * Archives a batch of changes: one object of lines for each table and hour. An object is named after its first change,
 * so a batch that comes again writes the same objects again. One object at a time is made, so no more than the batch and
 * one hour's lines of it are held.
 *
 * A forgotten order's person is left out of its earlier changes, too, whether the batch or the table tells that it is
 * forgotten: should changes come again after the archive was cleaned of the person, in whatever cut, they do not bring
 * the person back. Where the table cannot be asked, no change of an order is archived.
 */
export async function archive(
  records: readonly DynamoDBRecord[],
  tables: Tables,
  put: PutObject,
  forgottenAmong: ForgottenAmong,
): Promise<Archived> {
  const forgotten = new Set(records.filter(forgets).map(itemOf));
  const asked = await forgottenByTable(records, tables, forgottenAmong);
  const failed = new Set<DynamoDBRecord>();
  const reasons = new Set<string>();
  let unreadable = 0;
  let objects = 0;
  const groups = Map.groupBy(records, (record) => folderOf(record, tables));
  for (const group of groups.values()) {
    try {
      const known = group.some((record) => isOfOrders(record, tables)) ? asked() : NONE;
      const lines = group.map((record) => {
        const orderId = orderIdOf(record);
        const byTable = orderId !== undefined && known.has(orderId);
        return lineOf(record, tables, byTable || forgotten.has(itemOf(record)));
      });
      await put(keyOf(group, tables), await packedLines(lines), CONTENT_TYPE);
      unreadable += lines.filter((line) => 'unreadable' in line).length;
      objects += 1;
    } catch (error) {
      for (const record of group) failed.add(record);
      reasons.add(error instanceof Error ? error.message : String(error));
    }
  }
  return {
    archived: records.length - failed.size,
    unreadable,
    objects,
    failed: records.filter((record) => failed.has(record)),
    reasons: [...reasons],
  };
}

/** Asks the table about the batch's orders. What is answered here throws, where asking failed, to those who need it. */
async function forgottenByTable(
  records: readonly DynamoDBRecord[],
  tables: Tables,
  forgottenAmong: ForgottenAmong,
): Promise<() => ReadonlySet<string>> {
  const ids = new Set(records.filter((record) => isOfOrders(record, tables)).map(orderIdOf));
  const orderIds = [...ids].filter((orderId) => orderId !== undefined);
  if (orderIds.length === 0) return () => NONE;
  try {
    const found = await forgottenAmong(orderIds);
    return () => found;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function folderOf(record: DynamoDBRecord, tables: Tables): string {
  const { table, at } = placeOf(record, tables);
  return archiveFolder(table, at);
}

function keyOf([first]: readonly DynamoDBRecord[], tables: Tables): string {
  const { table, at, eventId } = placeOf(first ?? {}, tables);
  return archiveKey(table, at, eventId);
}

async function packedLines(lines: readonly unknown[]): Promise<Uint8Array<ArrayBuffer>> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return new Uint8Array(await packed(text));
}
