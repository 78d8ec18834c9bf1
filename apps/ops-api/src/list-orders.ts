import { isOpen, isOrderId, ORDER_STATUSES, type OrderStatus } from '@orderstream/domain';
import {
  readQuery,
  refuseWrong,
  type Answer,
  type ApiRequest,
  type OrdersTable,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { readCursor, writeCursor, type Position } from './cursor.ts';
import { dayAfter, daySchema, wrongDays } from './days.ts';
import { cut } from './merge.ts';
import { shardsOf, type IndexedOrder, type OrderIndex } from './order-index.ts';

const USUAL_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** Days that are listed when none are asked for, and those that one request looks through. */
const USUAL_DAYS = 7;
const DAYS_AT_ONCE = 31;

const querySchema = z.strictObject({
  status: z.optional(z.enum(ORDER_STATUSES, `must be one of ${ORDER_STATUSES.join(', ')}`)),
  from: z.optional(daySchema),
  to: z.optional(daySchema),
  q: z.optional(
    z
      .string()
      .check(
        z.regex(
          /^[^\s\p{C}]{1,128}$/u,
          'must be the id of an order or of a customer, whole and without spaces: other text is not searched',
        ),
      ),
  ),
  limit: z.optional(
    z.string().check(z.regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${HIGHEST_LIMIT}`)),
  ),
  cursor: z.optional(z.string().check(z.refine(isCursor, 'must be the cursor of an earlier answer'))),
});

/** What is looked for, page by page. */
interface Wanted {
  readonly status: OrderStatus | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly start: Position;
}

interface Page {
  readonly orders: readonly IndexedOrder[];
  readonly next: Position | undefined;
}

/** What the list is read from. */
export interface OrderLists {
  readonly orders: Pick<OrdersTable, 'read'>;
  readonly index: Pick<OrderIndex, 'newest'>;
}

/**
 * GET /orders?status=&from=&to=&q=&limit=&cursor=: orders, newest first. `from` and `to` are UTC days, both included, on
 * which orders were placed. `q` is the id of an order or of a customer. Without any of these: the last seven days, or,
 * for a status of orders under way, all of them, those that were changed last first. A page may have fewer orders than
 * `limit`, even none: there are more as long as there is a cursor.
 */
export async function listOrders(
  request: Pick<ApiRequest, 'query'>,
  { orders, index }: OrderLists,
  now: number,
): Promise<Answer> {
  const { status, from, to, q, limit = USUAL_LIMIT, cursor = '' } = readQuery(request, querySchema);
  refuseWrong('query', wrongDays({ from, to }));
  const start = readCursor(cursor) ?? { day: undefined, before: undefined };
  const wanted = { status, from, to, limit: Number(limit), start };
  if (q !== undefined)
    return answer((await oneOrder(q, wanted, orders)) ?? (await ofCustomer(q, wanted, index)));
  if (status !== undefined && isOpen(status) && from === undefined && to === undefined)
    return answer(await underWay(wanted, { orders, index }));
  const last = to ?? new Date(now).toISOString().slice(0, 10);
  const first = from ?? dayAfter(last, 1 - USUAL_DAYS);
  refuseWrong('query', wrongDays({ from: first, to: last }));
  return answer(await byDay({ ...wanted, from: first, to: last }, index));
}

function answer({ orders, next }: Page): Answer {
  return {
    status: 200,
    body: { orders: orders.map(orderSummary), cursor: next && writeCursor(next) },
  };
}

function orderSummary({ orderId, status, placedAt, updatedAt, total, currency }: IndexedOrder) {
  return { orderId, status, placedAt, updatedAt, total, currency };
}

/** The order with this id, if there is one; in a list, so that it may be left out by the rest of the query. */
async function oneOrder(
  q: string,
  { status, from = '', to = '~' }: Wanted,
  orders: Pick<OrdersTable, 'read'>,
): Promise<Page | undefined> {
  const order = isOrderId(q) ? await orders.read(q) : undefined;
  if (order === undefined) return undefined;
  const day = String(order.placedAt).slice(0, 10);
  const fits = (status === undefined || order.status === status) && day >= from && day <= to;
  return { orders: fits ? [{ ...order }] : [], next: undefined };
}

async function ofCustomer(
  customerId: string,
  { status, from = '0', to = '', limit, start }: Wanted,
  index: Pick<OrderIndex, 'newest'>,
): Promise<Page> {
  const slice = { index: 'byCustomer', partitions: [customerId], from, to: `${to}~` } as const;
  const { orders, last, more } = cut(await index.newest(slice, limit, start.before, status), limit);
  return { orders, next: more ? { day: undefined, before: last } : undefined };
}

/** The index of open orders is small, so that moving an order is cheap: the rest of a page is read from the orders. */
async function underWay({ status, limit, start }: Wanted, { orders, index }: OrderLists): Promise<Page> {
  const slice = { index: 'openOrders', partitions: shardsOf('open'), from: '0', to: '~' } as const;
  const { orders: rows, last, more } = cut(await index.newest(slice, limit, start.before, status), limit);
  const complete = rows.map(async (row) => ({ ...(await orders.read(String(row['orderId']))), ...row }));
  return { orders: await Promise.all(complete), next: more ? { day: undefined, before: last } : undefined };
}

/** Day by day from the last to the first, until the page is full or enough was looked through. */
async function byDay(
  { status, limit, from, to, start }: Wanted & { readonly from: string; readonly to: string },
  index: Pick<OrderIndex, 'newest'>,
): Promise<Page> {
  const found: IndexedOrder[] = [];
  const resumes = start.day !== undefined && start.day <= to;
  let day = resumes && start.day !== undefined ? start.day : to;
  let before = resumes ? start.before : undefined;
  for (let days = 0; day >= from; days += 1, day = dayAfter(day, -1), before = undefined) {
    if (days === DAYS_AT_ONCE || found.length === limit) return { orders: found, next: { day, before } };
    const left = limit - found.length;
    const slice = { index: 'byDay', partitions: shardsOf(day), from: '0', to: '~' } as const;
    const { orders, last, more } = cut(await index.newest(slice, left, before, status), left);
    found.push(...orders);
    if (more) return { orders: found, next: { day, before: last } };
  }
  return { orders: found, next: undefined };
}

function isCursor(text: string): boolean {
  return readCursor(text) !== undefined;
}
