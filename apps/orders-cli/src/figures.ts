import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { formatMoney, isDecimal, ORDER_STATUSES, sumMoney, type OrderStatus } from '@orderstream/domain';
import * as z from 'zod';
import type { Session } from './session.ts';

/** How many orders came to which end, and what the shipped ones brought; read from the orders table. */
export interface Figures {
  readonly placed: number;
  readonly shipped: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly open: number;
  /** Exact sum of the totals of the shipped orders. */
  readonly revenue: string;
}

/** What the figures need of an order. */
export interface OrderRow {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly total: string;
  readonly cause: string | undefined;
  /** Milliseconds from the order's write to its end, for a shipped one. */
  readonly shippedAfterMs: number | undefined;
}

const orderRow = z.object({
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  total: z.string().catch('0'),
  closing: z.object({ cause: z.string() }).optional(),
  placedAt: z.string(),
  closedAt: z.string().optional(),
});

/** Every order in the table, in pages, with only what the figures need. */
export async function* orderRows(session: Pick<Session, 'documents' | 'tables'>): AsyncGenerator<OrderRow> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await session.documents.send(
      new ScanCommand({
        TableName: session.tables.orders,
        ProjectionExpression: 'orderId, #status, #total, closing.cause, placedAt, closedAt',
        ExpressionAttributeNames: { '#status': 'status', '#total': 'total' },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? []) {
      const row = orderRow.safeParse(item);
      if (!row.success) continue;
      const { orderId, status, total, closing, placedAt, closedAt } = row.data;
      const shippedAfterMs =
        status === 'SHIPPED' && closedAt !== undefined
          ? Date.parse(closedAt) - Date.parse(placedAt)
          : undefined;
      yield { orderId, status, total: isDecimal(total) ? total : '0', cause: closing?.cause, shippedAfterMs };
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/** The figures of some orders. */
export function figuresOf(rows: readonly OrderRow[]): Figures {
  const count = (...statuses: OrderStatus[]) => rows.filter((row) => statuses.includes(row.status)).length;
  return {
    placed: rows.length,
    shipped: count('SHIPPED'),
    rejected: count('REJECTED'),
    cancelled: count('CANCELLED'),
    failed: count('FAILED'),
    open: count('PLACED', 'VALIDATED', 'PAID', 'ALLOCATED'),
    revenue: formatMoney(sumMoney(rows.filter((row) => row.status === 'SHIPPED').map((row) => row.total))),
  };
}
