import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { ServiceResponse } from '../endpoint/service.ts';
import { isObject } from '../tables/attribute-values.ts';

/** Operations whose answer tells the units that they took, and which units those are. */
const UNITS: Readonly<Record<string, 'dynamodb.readUnits' | 'dynamodb.writeUnits'>> = {
  GetItem: 'dynamodb.readUnits',
  BatchGetItem: 'dynamodb.readUnits',
  TransactGetItems: 'dynamodb.readUnits',
  Query: 'dynamodb.readUnits',
  Scan: 'dynamodb.readUnits',
  PutItem: 'dynamodb.writeUnits',
  UpdateItem: 'dynamodb.writeUnits',
  DeleteItem: 'dynamodb.writeUnits',
  BatchWriteItem: 'dynamodb.writeUnits',
  TransactWriteItems: 'dynamodb.writeUnits',
};

const ASKS = 'ReturnConsumedCapacity';
const MEMBER = Buffer.from('"ConsumedCapacity":');
const [OPEN = 0, CLOSE = 0, OPEN_LIST = 0, CLOSE_LIST = 0, COMMA = 0] = Buffer.from('{}[],');

const refused = z.looseObject({
  __type: z.string(),
  CancellationReasons: z.array(z.unknown()).optional(),
});

/** Which units an operation of DynamoDB takes; undefined where it takes none, or none that is told. */
export function unitsOf(operation: string): (typeof UNITS)[string] | undefined {
  return Object.hasOwn(UNITS, operation) ? UNITS[operation] : undefined;
}

/** The request so that its answer tells the units; undefined when it asks for them itself. */
export function asking(body: Buffer): Buffer | undefined {
  if (body.includes(ASKS)) return undefined;
  const start = body.indexOf(OPEN) + 1;
  const rest = body.subarray(start);
  // What is no object with members is for the engine to refuse.
  if (start === 0 || rest.length < 2) return undefined;
  return Buffer.concat([body.subarray(0, start), Buffer.from(`"${ASKS}":"INDEXES",`), rest]);
}

/** What an answer tells of the units that its call took. */
export interface ToldUnits {
  readonly units: number;
  /** Of it, by table and by index (`orders`, `orders/byDay`). */
  readonly places: ReadonlyMap<string, number>;
  /** The answer as its caller gets it. */
  readonly answer: ServiceResponse;
}

const NOWHERE: ReadonlyMap<string, number> = new Map();

/**
 * The units that an answer tells, and the answer without them where nobody asked.
 *
 * The engine counts by AWS's rules: per item 1 KB written or 4 KB read, half of it for eventually consistent reads and
 * twice for transactions, indexes included with what they project. A write that a condition refuses takes units too;
 * the engine does not tell them, so the least that AWS bills is taken: 1 for an item, 2 in a transaction.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function told(answer: ServiceResponse, keep: boolean): ToldUnits {
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body);
  if (answer.status !== 200) {
    return { units: unitsOfRefusal(answer.status, body), places: NOWHERE, answer };
  }
  const found = memberOf(body);
  if (!found) return { units: 0, places: NOWHERE, answer };
  const value: unknown = JSON.parse(body.toString('utf8', found.value, found.end));
  const places = new Map<string, number>();
  for (const each of Array.isArray(value) ? value : [value]) addPlaces(each, places);
  const units = [...places.values()].reduce((sum, amount) => sum + amount, 0);
  return { units, places, answer: keep ? answer : without(answer, body, found) };
}

/** The units of one table and of its indexes. It is read by hand: each call to a table passes here. */
function addPlaces(consumed: unknown, places: Map<string, number>): void {
  if (!isObject(consumed)) return;
  const { TableName, CapacityUnits, Table, GlobalSecondaryIndexes } = consumed;
  const table = String(TableName);
  const add = (place: string, amount: unknown) => {
    if (typeof amount === 'number' && amount > 0) places.set(place, (places.get(place) ?? 0) + amount);
  };
  if (!isObject(Table)) return add(table, CapacityUnits);
  add(table, Table['CapacityUnits']);
  if (!isObject(GlobalSecondaryIndexes)) return;
  for (const index in GlobalSecondaryIndexes) {
    const own = GlobalSecondaryIndexes[index];
    if (isObject(own)) add(`${table}/${index}`, own['CapacityUnits']);
  }
}

function unitsOfRefusal(status: number, body: Buffer): number {
  if (status !== 400 || !body.includes('ConditionalCheckFailed')) return 0;
  const { success, data } = refused.safeParse(JSON.parse(body.toString()));
  if (!success) return 0;
  return data.CancellationReasons ? 2 * data.CancellationReasons.length : 1;
}

/** Where the member stands. It is the last of its name: an item's attribute of that name stands before it. */
function memberOf(body: Buffer): { start: number; value: number; end: number } | undefined {
  const start = body.lastIndexOf(MEMBER);
  if (start < 0) return undefined;
  const value = start + MEMBER.length;
  let depth = 0;
  for (let at = value; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
    // Names of tables and indexes hold no brackets.
    if (depth === 0) return depth === 0 && at > value ? { start, value, end: at + 1 } : undefined;
  }
  return undefined;
}

function without(
  answer: ServiceResponse,
  body: Buffer,
  { start, end }: { start: number; end: number },
): ServiceResponse {
  const isFirst = body[start - 1] !== COMMA;
  const from = isFirst ? start : start - 1;
  const to = isFirst && body[end] === COMMA ? end + 1 : end;
  const rest = Buffer.concat([body.subarray(0, from), body.subarray(to)]);
  return { ...answer, headers: { ...answer.headers, 'x-amz-crc32': String(crc32(rest)) }, body: rest };
}
