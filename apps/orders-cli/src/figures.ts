import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  formatMoney,
  isDecimal,
  isOpen,
  ORDER_STATUSES,
  sumMoney,
  type OrderStatus,
} from '@orderstream/domain';
import * as z from 'zod';
import type { Session } from './session.ts';

/** How many orders came to which end, and what the shipped ones brought; read from the orders table. */
export interface Figures {
  readonly placed: number;
  readonly shipped: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly failed: number;
  /** Those that have not ended, and those that can't be read. */
  readonly open: number;
  /** Exact sum of the totals of the shipped orders. */
  readonly revenue: string;
}

/** What the figures need of an order. */
export interface OrderRow {
  readonly orderId: string;
  /** Undefined for an order that can't be read. */
  readonly status: OrderStatus | undefined;
  readonly total: string;
  readonly cause: string | undefined;
  /** When it ended: ISO 8601. */
  readonly closedAt?: string | undefined;
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
    for (const item of page.Items ?? []) yield orderRowOf(item);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/** What the figures need of a stored order, however bad it is. */
export function orderRowOf(item: Readonly<Record<string, unknown>>): OrderRow {
  const row = orderRow.safeParse(item);
  if (!row.success) {
    const orderId = String(item['orderId']);
    return { orderId, status: undefined, total: '0', cause: undefined, shippedAfterMs: undefined };
  }
  const { orderId, status, total, closing, placedAt, closedAt } = row.data;
  const shippedAfterMs =
    status === 'SHIPPED' && closedAt !== undefined ? Date.parse(closedAt) - Date.parse(placedAt) : undefined;
  return {
    orderId,
    status,
    total: isDecimal(total) ? total : '0',
    cause: closing?.cause,
    closedAt,
    shippedAfterMs,
  };
}

/** The figures of some orders. */
export function figuresOf(rows: readonly OrderRow[]): Figures {
  const count = (status: OrderStatus) => rows.filter((row) => row.status === status).length;
  return {
    placed: rows.length,
    shipped: count('SHIPPED'),
    rejected: count('REJECTED'),
    cancelled: count('CANCELLED'),
    failed: count('FAILED'),
    open: rows.filter(({ status }) => status === undefined || isOpen(status)).length,
    revenue: formatMoney(sumMoney(rows.filter((row) => row.status === 'SHIPPED').map((row) => row.total))),
  };
}
