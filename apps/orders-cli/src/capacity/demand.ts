import { count } from '../cost/text.ts';
import type { Recording } from '../cost/usage.ts';

/** How much slower a call to an AWS service is taken to be than one inside this machine. */
export const SLOWER = 3;
/** Visits of guests beside an order, which go to `POST /activity`: as many as the sample sends. */
export const GUEST_VISITS = 1 / 3;

/** What one order asks of the services, from a recorded reading. */
export interface Demand {
  readonly lines: number;
  /** Of it, how many times those of the recorded orders. */
  readonly linesRatio: number;
  readonly transitions: number;
  readonly events: number;
  readonly deliveries: number;
  readonly apiRequests: number;
  /** Of them: those of guests. */
  readonly guestVisits: number;
  readonly mails: number;
  /** Parts of text messages. */
  readonly textMessages: number;
  /** Write units by table and index, without the stack's prefix. */
  readonly writes: Readonly<Record<string, number>>;
  /** Write units of track-sales, which go to its counters. */
  readonly salesWrites: number;
  /** Seconds that functions run, in all and by function, on AWS; and how often they are invoked. */
  readonly seconds: number;
  readonly functions: Readonly<Record<string, { readonly invocations: number; readonly seconds: number }>>;
}

/** Tables that are written once for each SKU of an order. */
const BY_LINE = ['stock', 'allocations'];
/** Has the counters of track-sales, one for each SKU, and other writes that do not grow with the lines. */
const SALES_TABLE = 'summaries';

/** @param lines different SKUs of an order; what is written by SKU grows with them. */
export function demandOf({ reading, orders, linesPerOrder }: Recording, lines = linesPerOrder): Demand {
  const each = (amount = 0) => amount / orders;
  const { total, by, tables, loads } = reading;
  const ratio = lines / linesPerOrder;
  const functions = Object.fromEntries(
    Object.entries(by).flatMap(([name, amounts]) => {
      const memoryMb = loads[name]?.memoryMb;
      const invocations = amounts['lambda.requests'];
      if (memoryMb === undefined || invocations === undefined) return [];
      const seconds = ((amounts['lambda.gbSeconds'] ?? 0) * 1024) / memoryMb;
      return [[shortName(name), { invocations: each(invocations), seconds: each(seconds) * SLOWER }]];
    }),
  );
  const sales = Object.entries(by).find(([name]) => shortName(name) === 'track-sales')?.[1];
  const counted = each(sales?.['dynamodb.writeUnits']);
  const writes = Object.fromEntries(
    Object.entries(tables).map(([name, amounts]) => {
      const table = shortName(name);
      const units = each(amounts['dynamodb.writeUnits']);
      const byLine = BY_LINE.includes(table) ? units : table === SALES_TABLE ? counted : 0;
      return [table, units + byLine * (ratio - 1)];
    }),
  );
  return {
    lines,
    linesRatio: ratio,
    transitions: each(total['states.transitions']),
    events: each(total['events.published']),
    deliveries: each(by['rules and destinations']?.['sqs.requests']),
    apiRequests: each(total['api.requests']),
    guestVisits: GUEST_VISITS,
    mails: each(total['ses.messages']),
    textMessages: each(total['sns.textMessages']),
    writes,
    salesWrites: counted * ratio,
    seconds: Object.values(functions).reduce((sum, { seconds }) => sum + seconds, 0),
    functions,
  };
}

/** Write units of an item in a transaction. */
export const TRANSACTION_UNITS = 2;

/** How often goods of a line are moved: taken, shipped or given back, each in a transaction on the SKU's item. */
export function stockMoves({ writes, lines }: Demand): number {
  return (writes['stock'] ?? 0) / TRANSACTION_UNITS / lines;
}

/** What of a demand grows with the lines of an order, and what is left as it was recorded. */
export function linesAssumed({ lines, linesRatio }: Demand): string {
  return (
    `With \`--lines\` only the writes to stock, allocations and sales counters, their cost, and the orders that meet on one ` +
    `SKU grow; the order's own item, its events, its reads and the seconds of functions stay those of the recorded ` +
    `${count(lines / linesRatio)} lines, so that more lines are in truth dearer and slower than it says.`
  );
}

/** A resource's name without the stack's prefix: `orderstream-local-orders/byDay` is `orders/byDay`. */
function shortName(name: string): string {
  return name.replace(/^orderstream-[a-z]+-/, '');
}
