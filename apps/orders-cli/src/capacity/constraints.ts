import { INDEX_SHARDS, SALES_SHARDS } from '@orderstream/domain';
import { count } from '../cost/text.ts';
import { byQuota, RAISED, type Constraint } from './constraint.ts';
import { customerApi, mail, textMessages } from './customers.ts';
import { stockMoves, TRANSACTION_UNITS, type Demand } from './demand.ts';
import { QUOTAS } from './quotas.ts';
import { figure, shown } from './shown.ts';

/** Milliseconds of a transaction that holds its items, on AWS. */
const TRANSACTION_MS = 10;

/** @param hotShare share of the recorded orders that take the most wanted SKU; it grows with the lines. */
export function constraintsOf(demand: Demand, hotShare: number): Constraint[] {
  return [
    ...mail(demand),
    ...textMessages(demand),
    ...customerApi(demand),
    byQuota('Transitions of the workflow', QUOTAS.transitions, demand.transitions, 'transitions', {
      setting: 'raise StateTransition (Service Quotas)',
      redesign:
        'Express workflows, which have no limit of transitions and end after 5 minutes: patient retries move to a queue',
    }),
    byQuota('Starts of the workflow', QUOTAS.startExecution, 1, 'start', {
      setting: 'raise StartExecution (Service Quotas)',
      redesign: `Express workflows (${count(QUOTAS.startExpress.value)} starts/s to begin with), or Pipes from the stream that start one for a batch of orders`,
    }),
    byQuota('Events', QUOTAS.putEvents, demand.events, 'events, each at worst a call', {
      setting: 'raise PutEvents; a busy dispatcher puts ten in a call by itself',
      redesign: 'several accounts, each with a bus of its own',
      ofAccount: true,
    }),
    byQuota('Deliveries of events', QUOTAS.invocations, demand.deliveries, 'deliveries', {
      setting: 'raise Invocations (Service Quotas)',
      redesign: 'several accounts, each with a bus of its own',
      ofAccount: true,
    }),
    byQuota('Function concurrency', QUOTAS.concurrency, demand.seconds, 's of functions', {
      setting: 'raise Lambda concurrency (Service Quotas)',
      redesign: 'several accounts; stages that wait together in one function',
      ofAccount: true,
    }),
    ...queues(demand),
    ...tables(demand),
    ...hotSku(demand, hotShare),
  ];
}

/** The consumer whose queue mapping reaches its end first. */
function queues({ functions }: Demand): Constraint[] {
  const consumers = ['notify-customer', 'track-sales', 'refresh-cache', 'index-products'];
  const [slowest] = consumers
    .map((name) => ({ name, seconds: functions[name]?.seconds ?? 0 }))
    .sort((a, b) => b.seconds - a.seconds);
  if (slowest === undefined || slowest.seconds === 0) return [];
  return [
    byQuota(`Queue of ${slowest.name}`, QUOTAS.queueMapping, slowest.seconds, 's in its function', {
      setting: 'larger batches with a window (batch_size, maximum_batching_window_in_seconds)',
      most: (QUOTAS.queueMapping.value / shown(slowest.seconds)) * RAISED,
      redesign: 'several queues and mappings, split by order id',
    }),
  ];
}

function tables({ writes, salesWrites }: Demand): Constraint[] {
  const sharded = (name: string, shards: number, perOrder: number, setting: string): Constraint => {
    const limit = (shards * QUOTAS.partition.value) / shown(perOrder);
    return {
      name,
      quota: QUOTAS.partition,
      arithmetic: `${shards} shards × ${count(QUOTAS.partition.value)} units/s ÷ ${figure(perOrder)} units an order = ${count(limit)}`,
      limit,
      setting,
      most: limit * RAISED,
      redesign:
        'shards that grow with the traffic, each read by a reader of its own; or no such index: read it from a stream',
      ofAccount: false,
    };
  };
  return [
    ...mostWritten(writes),
    sharded(
      'Index of open orders (open#shard)',
      INDEX_SHARDS,
      writes['orders/openOrders'] ?? 0,
      'more shards (INDEX_SHARDS): keys of orders that are open then keep their old shard',
    ),
    sharded(
      'Index by day (day#shard)',
      INDEX_SHARDS,
      writes['orders/byDay'] ?? 0,
      'more shards (INDEX_SHARDS)',
    ),
    sharded(
      'Sales counters (month#shard)',
      SALES_SHARDS,
      salesWrites,
      'more shards (SALES_SHARDS), larger batches of track-sales',
    ),
  ];
}

/** The base table that ends first, as a new one is; the quotas count an index by itself. */
function mostWritten(writes: Demand['writes']): Constraint[] {
  const [most] = Object.entries(writes)
    .filter(([name, units]) => !name.includes('/') && units > 0)
    .sort(([, a], [, b]) => b - a);
  if (most === undefined) return [];
  const [name, units] = most;
  return [
    byQuota(`Table with the most writes (${name})`, QUOTAS.newTable, units, 'units', {
      setting: `warm the table before a peak (warm throughput), then raise the write units of a table (${count(QUOTAS.table.value)})`,
      most: (QUOTAS.table.value * RAISED) / shown(units),
      redesign: 'several accounts, each with tables of its own',
      ofAccount: true,
    }),
  ];
}

/** Transactions on one item follow each other, and an order makes several: its goods are taken, then shipped or given back. */
function hotSku(demand: Demand, hotShare: number): Constraint[] {
  const { lines, linesRatio } = demand;
  const moves = shown(stockMoves(demand));
  if (moves === 0) return [];
  const share = shown(Math.min(1, hotShare * linesRatio));
  const byUnits = QUOTAS.partition.value / TRANSACTION_UNITS;
  const byTime = 1_000 / TRANSACTION_MS;
  const limit = Math.min(byUnits, byTime) / share / moves;
  return [
    {
      name: 'Stock of the most wanted SKU',
      quota: QUOTAS.partition,
      arithmetic: `the lesser of ${count(QUOTAS.partition.value)} units/s ÷ ${TRANSACTION_UNITS} (transaction) = ${count(byUnits)} and 1 s ÷ ${TRANSACTION_MS} ms (assumed) = ${count(byTime)} moves/s, ÷ ${figure(share)} of the orders (with ${count(lines)} lines) ÷ ${figure(moves)} moves of a line (taken, shipped, given back) = ${count(limit)}`,
      limit,
      setting: 'none: conflicts are retried with jitter, and orders take longer',
      most: limit,
      redesign:
        'sharded counters: the stock of a SKU in several items, each order takes from one and tries the next',
      ofAccount: false,
    },
  ];
}
