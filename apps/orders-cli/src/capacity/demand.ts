import type { Recording } from '../cost/usage.ts';

/** How much slower a call to an AWS service is taken to be than one inside this machine. */
export const SLOWER = 3;

/** What one order asks of the services, from a recorded reading. */
export interface Demand {
  readonly lines: number;
  /** Of it, how many times those of the recorded orders. */
  readonly linesRatio: number;
  readonly transitions: number;
  readonly events: number;
  readonly deliveries: number;
  readonly apiRequests: number;
  readonly mails: number;
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
  const writes = Object.fromEntries(
    Object.entries(tables).map(([name, amounts]) => {
      const table = shortName(name);
      return [table, each(amounts['dynamodb.writeUnits']) * (BY_LINE.includes(table) ? ratio : 1)];
    }),
  );
  const sales = Object.entries(by).find(([name]) => shortName(name) === 'track-sales')?.[1];
  return {
    lines,
    linesRatio: ratio,
    transitions: each(total['states.transitions']),
    events: each(total['events.published']),
    deliveries: each(by['rules and destinations']?.['sqs.requests']),
    apiRequests: each(total['api.requests']),
    mails: each(total['ses.messages']),
    writes,
    salesWrites: each(sales?.['dynamodb.writeUnits']) * ratio,
    seconds: Object.values(functions).reduce((sum, { seconds }) => sum + seconds, 0),
    functions,
  };
}

/** A resource's name without the stack's prefix: `orderstream-local-orders/byDay` is `orders/byDay`. */
function shortName(name: string): string {
  return name.replace(/^orderstream-[a-z]+-/, '');
}
