import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { isDecimal, orderOfExecution, ORDER_STATUSES, type LedgerEntry } from '@orderstream/domain';
import * as z from 'zod';
import type { Session } from '../session.ts';
import type { CheckedOrder, Movement, StockRow } from './laws.ts';

const amount = z.string().refine(isDecimal, 'is no decimal');
const orderRow = z.discriminatedUnion('status', [
  z.object({
    orderId: z.string(),
    status: z.literal('SHIPPED'),
    currency: z.string(),
    placedAt: z.string(),
    country: z.string(),
    total: amount,
    lines: z.array(z.object({ sku: z.string(), quantity: z.number(), unitPrice: amount })),
  }),
  z.object({ orderId: z.string(), status: z.enum(ORDER_STATUSES).exclude(['SHIPPED']) }),
]);
export const ledgerRow = z.object({
  key: z.string(),
  kind: z.enum(['charge', 'shipment']),
  orderId: z.string(),
  state: z.enum(['asked', 'charged', 'shipped', 'sealed']),
  id: z.string().exactOptional(),
  amount: amount.exactOptional(),
  refunded: amount.exactOptional(),
});
const stockRow = z.object({
  sku: z.string(),
  available: z.number(),
  allocated: z.number(),
  shipped: z.number(),
  received: z.number(),
});
const movementRow = z.object({
  orderId: z.string(),
  chunk: z.number(),
  state: z.string(),
  quantities: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});

type Item = Readonly<Record<string, unknown>>;

/** Rows of a table, and what is wrong with those that can't be read: each of these breaks the table's law. */
export interface ReadRows<T> {
  readonly rows: readonly T[];
  readonly problems: readonly string[];
}

/** Everything that the laws are judged by, read from the tables and the journal. */
export async function readForCheck(session: Session): Promise<{
  orders: CheckedOrder[];
  ledger: ReadRows<LedgerEntry>;
  stock: ReadRows<StockRow>;
  movements: ReadRows<Movement>;
  /** Orders whose execution is still running. */
  underWay: Set<string>;
}> {
  const { tables } = session;
  const orders = await scan(session, tables.orders, checkedOrder);
  const ledger = readRows('ledger', ['key'], ledgerRow, await scan(session, tables.ledger, whole));
  const stock = readRows('stock', ['sku'], stockRow, await scan(session, tables.stock, whole));
  const movements = readRows(
    'allocations',
    ['orderId', 'chunk'],
    movementRow,
    await scan(session, tables.allocations, whole),
  );
  const running = await session.cloud.journal('running-executions');
  const underWay = ordersUnderWay(running.map((row) => String(row['name'])));
  return { orders, ledger, stock, movements, underWay };
}

/** The orders whose executions have these names; a name that is none of ours is left out. */
export function ordersUnderWay(executions: readonly string[]): Set<string> {
  return new Set(executions.map(orderOfExecution).filter((orderId) => orderId !== undefined));
}

/** A stored order as the laws see it, however bad it is. */
export function checkedOrder(item: Item): CheckedOrder {
  const read = orderRow.safeParse(item);
  if (read.success) return read.data;
  const problem = problemOf('orders', ['orderId'], item, read.error);
  return { orderId: String(item['orderId']), status: undefined, problem };
}

/** Sorts a table's items into rows and problems; `keys` are the attributes that name an item. */
export function readRows<T>(
  table: string,
  keys: readonly string[],
  schema: z.ZodType<T>,
  items: readonly Item[],
): ReadRows<T> {
  const rows: T[] = [];
  const problems: string[] = [];
  for (const item of items) {
    const read = schema.safeParse(item);
    if (read.success) rows.push(read.data);
    else problems.push(problemOf(table, keys, item, read.error));
  }
  return { rows, problems };
}

function problemOf(table: string, keys: readonly string[], item: Item, error: z.ZodError): string {
  const key = JSON.stringify(Object.fromEntries(keys.map((name) => [name, item[name]])));
  const issues = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return `${table} item ${key} can't be read: ${issues.join('; ')}`;
}

const whole = (item: Item) => item;

/** Reads a table page by page, keeping of each item what `read` makes of it. */
async function scan<T>(session: Session, tableName: string, read: (item: Item) => T): Promise<T[]> {
  const rows: T[] = [];
  let from: Item | undefined;
  do {
    const page = await session.documents.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const item of page.Items ?? []) rows.push(read(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}
