import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { isDecimal, ORDER_STATUSES, type LedgerEntry } from '@orderstream/domain';
import * as z from 'zod';
import type { Session } from '../session.ts';
import type { CheckedOrder, Movement, StockRow } from './laws.ts';

const orderRow = z.object({
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  currency: z.string(),
  total: z.string(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number(), unitPrice: z.string() })).catch([]),
});
const amount = z.string().refine(isDecimal, 'is no decimal');
const ledgerRow = z.object({
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

/** Everything that the laws are judged by, read from the tables and the journal. */
export async function readForCheck(session: Session): Promise<{
  orders: CheckedOrder[];
  ledger: LedgerEntry[];
  stock: StockRow[];
  movements: Movement[];
  /** Orders whose execution is still running. */
  underWay: Set<string>;
}> {
  const { tables } = session;
  const orders = await scan(session, tables.orders, orderRow);
  const ledger = await scan(session, tables.ledger, ledgerRow);
  const stock = await scan(session, tables.stock, stockRow);
  const movements = await scan(session, tables.allocations, movementRow);
  const running = await session.cloud.journal('running-executions');
  const underWay = new Set(running.map((row) => String(row['name']).replace(/-r\d+$/, '')));
  return { orders, ledger, stock, movements, underWay };
}

async function scan<T>(session: Session, tableName: string, schema: z.ZodType<T>): Promise<T[]> {
  const rows: T[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await session.documents.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const item of page.Items ?? []) rows.push(schema.parse(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}
