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

/** Why an order cannot go. */
export interface Waiting {
  readonly why: string;
  /** `unheard`: what it waits for may lie among the dead letters; `foreign`: it is none of ours; or it has to `wait`. */
  readonly kind: 'unheard' | 'foreign' | 'wait';
}

/**
 * An order with all that belongs to it, or why it cannot go yet; `gone` when there is none. `mail` is what became of the
 * message that tells its customer of its end; undefined for an end that nobody is told of.
 */
export type Removable =
  { readonly whole: WholeOrder; readonly mail: string | undefined } | { readonly gone: true } | Waiting;

const headSchema = z.object({ itemVersion: z.number(), restarts: z.number().optional() });
const allocationSchema = z.object({
  chunk: z.number(),
  state: z.string(),
  quantities: z.array(z.object({ sku: z.string(), quantity: z.number() })),
});
const pointerSchema = z.object({ serving: z.number().optional(), building: z.number().optional() });
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
  if (!isSmokeOrder(order)) return { why: 'it is no smoke order', kind: 'foreign' };
  const { status } = order;
  if (!isOrderStatus(status) || isOpen(status)) return stays(`it stands at ${String(status)}`);
  const { itemVersion, restarts } = headSchema.parse(order);
  const execution = await executionOf(target, orderId, restarts);
  if (execution.status === 'RUNNING') return stays('its execution is still running');
  const { serving, building } = pointerSchema.parse((await read(target, summaries, SALES_POINTER)) ?? {});
  if (building !== undefined) return stays('the sales figures are being rebuilt');
  const sales = salesChunks(endedOrder({ ...order }), serving ?? 1);
  if (!(await areCounted(target, sales))) return unheard('track-sales has not counted it');
  const claims = { metric: `notification#${orderId}`, bucket: 'mail' };
  const told = await read(target, summaries, claims);
  const missing = untold(status, told);
  if (missing !== undefined) return unheard(`notify-customer has not done its ${missing}`);
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
      serving,
      claims: [claims],
    },
    mail: stateOf(told, TOLD[status]),
  };
}

async function areCounted(target: SmokeTarget, sales: readonly SalesChunk[]): Promise<boolean> {
  const found = await Promise.all(sales.map(({ marker }) => read(target, target.tables.summaries, marker)));
  return found.every((marker) => marker !== undefined);
}

/** The first message to the customer that is not done with: each leaves its claim in the item, and none is to come later. */
function untold(status: OrderStatus, claims: Item = {}): string | undefined {
  return ['OrderPlaced', ...[TOLD[status] ?? []].flat()].find((type) => {
    const state = stateOf(claims, type);
    return state === undefined || UNFINISHED.has(state);
  });
}

function stateOf(claims: Item = {}, type = ''): string | undefined {
  return claimSchema.safeParse(claims[type]).data?.state;
}

const stays = (why: string): Waiting => ({ why, kind: 'wait' });
const unheard = (why: string): Waiting => ({ why, kind: 'unheard' });

async function read({ documents }: SmokeTarget, table: string, key: object): Promise<Item | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
}
