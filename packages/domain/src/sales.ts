import * as z from 'zod/mini';
import { openShard } from './ids.ts';
import { isInstant } from './instant.ts';
import { multiplyMoney, sumMoney, type Decimal } from './money.ts';
import { orderIdSchema, orderSchema, type OrderLine } from './order.ts';
import { isOpen, OPEN_STATUSES, ORDER_STATUSES, type ClosedAs, type OrderStatus } from './status.ts';

/** SKUs that are counted in one transaction: with the marker and the order's own rows they stay below DynamoDB's 100. */
export const SALE_CHUNK_SKUS = 90;

/** Parts that a month's rows are spread over, so that no row takes all writes of a busy hour. */
export const SALES_SHARDS = 8;

/** Characters of a cause in a key; a name of an error is shorter. DynamoDB's sort keys stop at 1,024 bytes. */
const LONGEST_CAUSE = 200;

/** Where the generation stands that is read, and the one that is being built. */
export const SALES_POINTER = { metric: 'sales', bucket: 'generation' } as const;

/** Partition whose buckets are the months (`2011-11`) that a generation has rows of. */
export function salesMonths(generation: number): string {
  return `sales#${generation}`;
}

/** Partition of one part of a month's rows. */
export function salesPartition(generation: number, month: string, shard: number | string): string {
  return `${salesMonths(generation)}#${month}#${shard}`;
}

/** The part of the rows, 0 to 7, that an order is counted in. */
export function salesShard(orderId: string): number {
  return Number(openShard(orderId).slice('open#'.length));
}

/** Generation of a row or marker of the sales figures; undefined for whatever else is in the table. */
export function salesGeneration(metric: string): number | undefined {
  const [, generation] = /^sales?#(\d+)(?:#|$)/.exec(metric) ?? [];
  return generation === undefined ? undefined : Number(generation);
}

const shippedSchema = z.extend(
  z.pick(orderSchema, { orderId: true, country: true, total: true, lines: true }),
  {
    status: z.literal('SHIPPED'),
    placedAt: z.string().check(z.refine(isInstant, 'must be a time in UTC such as 2026-01-01T09:30:00.000Z')),
  },
);

const unshippedSchema = z.object({
  orderId: orderIdSchema,
  status: z.enum(['REJECTED', 'CANCELLED', 'FAILED']),
  placedAt: z.optional(z.unknown()),
  closedAt: z.optional(z.unknown()),
  updatedAt: z.optional(z.unknown()),
  closedFrom: z.optional(z.enum(OPEN_STATUSES)),
  // A rebuild reads the cause alone: where there is none, it does not see the rest either.
  closing: z.catch(z.optional(z.object({ cause: z.string() })), undefined),
});

/** A sale: what is counted of an order that shipped. */
export interface Sale {
  readonly orderId: string;
  readonly status: 'SHIPPED';
  readonly placedAt: string;
  readonly country: string;
  readonly total: Decimal;
  readonly lines: readonly Pick<OrderLine, 'sku' | 'quantity' | 'unitPrice'>[];
}

/** What is counted of an order that ended otherwise. */
export interface LostSale {
  readonly orderId: string;
  readonly status: ClosedAs;
  /** When it was placed; when it ended, should the order have been rejected because that is no time. */
  readonly placedAt: string;
  readonly closedFrom: OrderStatus | undefined;
  readonly cause: string;
}

/** An order that has ended and does not say what the figures need of it. */
export class UncountableOrder extends Error {
  constructor(orderId: unknown, problem: string) {
    super(
      `Order ${JSON.stringify(orderId)} cannot be counted: ${problem}. Correct the order, then redrive the event or rebuild the sales figures.`,
    );
    this.name = 'UncountableOrder';
  }
}

/**
 * What is counted of an order, as the table has it. An order that was imported, or that was never found valid, may say
 * anything, and one whose customer was forgotten says less: only what is counted is looked at.
 *
 * @throws UncountableOrder when that is missing, or the order is still open.
 */
export function endedOrder(stored: Readonly<Record<string, unknown>>): Sale | LostSale {
  const { orderId, status } = stored;
  const known = ORDER_STATUSES.find((each) => each === status);
  if (known === undefined || isOpen(known)) {
    throw new UncountableOrder(orderId, `it is ${JSON.stringify(status)}, which is no end`);
  }
  return status === 'SHIPPED' ? parsed(shippedSchema, stored) : lostSale(stored);
}

function lostSale(stored: Readonly<Record<string, unknown>>): LostSale {
  const { orderId, status, closing, closedFrom, ...times } = parsed(unshippedSchema, stored);
  const placedAt = [times.placedAt, times.closedAt, times.updatedAt].find(isInstant);
  if (placedAt === undefined)
    throw new UncountableOrder(orderId, 'none of placedAt, closedAt and updatedAt is a time');
  return { orderId, status, placedAt, closedFrom, cause: closing?.cause ?? '' };
}

function parsed<Schema extends z.ZodMiniType>(
  schema: Schema,
  stored: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(stored);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  throw new UncountableOrder(stored['orderId'], `${problems.slice(0, 3).join('; ')}${more}`);
}

/** Numbers that are added to a row. */
export interface SalesAddition {
  readonly metric: string;
  readonly bucket: string;
  readonly add: Readonly<Record<string, Decimal | number>>;
}

/** What is counted in one transaction, once: the marker says that it was. */
export interface SalesChunk {
  readonly marker: { readonly metric: string; readonly bucket: string };
  readonly additions: readonly SalesAddition[];
}

/** Month of the figures that an order is counted in: the one it was placed in. */
export function salesMonth({ placedAt }: Pick<Sale | LostSale, 'placedAt'>): string {
  return placedAt.slice(0, 7);
}

/**
 * All that is counted of an order, in chunks. They depend on nothing but the order's own values, which no longer change,
 * so every run sees the same. Chunk 0 has the rows of the order as a whole.
 */
export function salesChunks(order: Sale | LostSale, generation: number): SalesChunk[] {
  const metric = salesPartition(generation, salesMonth(order), salesShard(order.orderId));
  const own = order.status === 'SHIPPED' ? saleRows(order) : [endRow(order, order.closedFrom, order.cause)];
  const products = order.status === 'SHIPPED' ? productRows(order) : [];
  const count = Math.max(1, Math.ceil(products.length / SALE_CHUNK_SKUS));
  return Array.from({ length: count }, (_, chunk) => ({
    marker: { metric: `sale#${generation}#${order.orderId}`, bucket: String(chunk) },
    additions: [
      ...(chunk === 0 ? own : []),
      ...products.slice(chunk * SALE_CHUNK_SKUS, (chunk + 1) * SALE_CHUNK_SKUS),
    ].map((row) => ({ metric, ...row })),
  }));
}

type Row = Omit<SalesAddition, 'metric'>;

function saleRows(sale: Sale): Row[] {
  const day = sale.placedAt.slice(0, 10);
  const hour = sale.placedAt.slice(0, 13);
  const units = sale.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const add = { orders: 1, units, revenue: sale.total };
  const buckets = [`day#${day}`, `hour#${hour}`, `country#${day}#${sale.country}`];
  return [...buckets.map((bucket) => ({ bucket, add })), endRow(sale, 'ALLOCATED', '')];
}

function endRow(
  { placedAt, status }: Pick<Sale | LostSale, 'placedAt' | 'status'>,
  closedFrom: OrderStatus | undefined,
  cause: string,
): Row {
  const shortened = [...cause].slice(0, LONGEST_CAUSE).join('');
  const bucket = `end#${placedAt.slice(0, 10)}#${status}#${closedFrom ?? ''}#${shortened}`;
  return { bucket, add: { orders: 1 } };
}

/** One row a SKU, whatever lines it stands in. Shipping and tax belong to no product. */
function productRows({ placedAt, lines }: Sale): Row[] {
  const day = placedAt.slice(0, 10);
  const bySku = [...Map.groupBy(lines, ({ sku }) => sku)].sort(([a], [b]) => (a < b ? -1 : 1));
  return bySku.map(([sku, own]) => ({
    bucket: `product#${day}#${sku}`,
    add: {
      orders: 1,
      units: own.reduce((sum, { quantity }) => sum + quantity, 0),
      revenue: sumMoney(own.map(({ unitPrice, quantity }) => multiplyMoney(unitPrice, quantity))),
    },
  }));
}
