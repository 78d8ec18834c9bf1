import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  chargeKey,
  endedOrder,
  isOpen,
  isOrderStatus,
  SALES_POINTER,
  salesChunks,
  shipmentKey,
  type OrderStatus,
  type SalesChunk,
} from '@orderstream/domain';
import * as z from 'zod';
import { executionOf } from './execution.ts';
import { isSmokeOrder } from './orders.ts';
import type { WholeOrder } from './removal.ts';
import type { SmokeTarget } from './target.ts';

type Item = Readonly<Record<string, unknown>>;

/** An order with all that belongs to it, or why it cannot go yet; `gone` when there is none. */
export type Removable = { readonly whole: WholeOrder } | { readonly gone: true } | { readonly why: string };

const headSchema = z.object({ itemVersion: z.number(), restarts: z.number().optional() });
const allocationSchema = z.object({
  chunk: z.number(),
  state: z.string(),
  quantities: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});
const claimSchema = z.object({ state: z.string() });
/** Claims of notify-customer that it comes back to. */
const UNFINISHED = new Set(['claimed', 'retry']);
/** What a customer is told of an order that ended so; of FAILED, nothing. */
const TOLD: Partial<Record<OrderStatus, string>> = {
  SHIPPED: 'OrderShipped',
  REJECTED: 'OrderRejected',
  CANCELLED: 'OrderCancelled',
};

/**
 * Reads what has to go with a smoke order. It may go once nobody comes back to it: it has ended, its execution as well, its
 * sale is counted and its customer is told; whoever came later would find no order, and report that.
 */
export async function removable(target: SmokeTarget, orderId: string): Promise<Removable> {
  const { orders, allocations, ledger, summaries } = target.tables;
  const order = await read(target, orders, { orderId });
  if (order === undefined) return { gone: true };
  if (!isSmokeOrder(order)) return { why: 'it is no smoke order' };
  const { status } = order;
  if (!isOrderStatus(status) || isOpen(status)) return { why: `it stands at ${String(status)}` };
  const { itemVersion, restarts } = headSchema.parse(order);
  const execution = await executionOf(target, orderId, restarts);
  if (execution.status === 'RUNNING') return { why: 'its execution is still running' };
  const generation = await read(target, summaries, SALES_POINTER);
  if (generation?.['building'] !== undefined) return { why: 'the sales figures are being rebuilt' };
  const sales = salesChunks(endedOrder({ ...order }), Number(generation?.['serving'] ?? 1));
  if (!(await areCounted(target, sales))) return { why: 'track-sales has not counted it' };
  const claims = { metric: `notification#${orderId}`, bucket: 'mail' };
  const missing = untold(status, await read(target, summaries, claims));
  if (missing !== undefined) return { why: `notify-customer has not done its ${missing}` };
  const entries = await Promise.all(
    [chargeKey(orderId), shipmentKey(orderId)].map((key) => read(target, ledger, { key })),
  );
  const page = await target.documents.send(
    new QueryCommand({
      TableName: allocations,
      KeyConditionExpression: 'orderId = :orderId',
      ExpressionAttributeValues: { ':orderId': orderId },
      ConsistentRead: true,
    }),
  );
  return {
    whole: {
      orderId,
      itemVersion,
      allocations: z.array(allocationSchema).parse(page.Items),
      ledgerKeys: entries.flatMap((entry) => (entry === undefined ? [] : [String(entry['key'])])),
      sales,
      claims: [claims],
    },
  };
}

async function areCounted(target: SmokeTarget, sales: readonly SalesChunk[]): Promise<boolean> {
  const found = await Promise.all(sales.map(({ marker }) => read(target, target.tables.summaries, marker)));
  return found.every((marker) => marker !== undefined);
}

/** The first message to the customer that is not done with: each leaves its claim in the item, and none is to come later. */
function untold(status: OrderStatus, claims: Item = {}): string | undefined {
  return ['OrderPlaced', ...[TOLD[status] ?? []].flat()].find((type) => {
    const claim = claimSchema.safeParse(claims[type]);
    return !claim.success || UNFINISHED.has(claim.data.state);
  });
}

async function read({ documents }: SmokeTarget, table: string, key: object): Promise<Item | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
}
