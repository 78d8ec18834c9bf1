import { DISPATCHED_AT_ONCE, INDEX_SHARDS, SALES_SHARDS } from '@orderstream/domain';
import { count } from '../cost/text.ts';
import { byQuota, RAISED, type Constraint } from './constraint.ts';
import { customerApi, mail } from './customers.ts';
import type { Demand } from './demand.ts';
import { QUOTAS } from './quotas.ts';

/** Batches of a shard that the dispatcher works on at once, as the stack sets it. */
export const ORDERS_PARALLELIZATION = 4;
/** Changes of an order that reach the dispatcher: its seven writes without the two that lead to nothing. */
const CHANGES = 5;
/** Milliseconds of a service call, and of a transaction that holds its items, on AWS. */
const CALL_MS = 15;
const TRANSACTION_MS = 10;
/** Records of a batch of the stock's mapping, and the seconds from one batch to the next: its window, and its work (assumed). */
export const STOCK_BATCH = 1_000;
export const STOCK_WINDOW_SECONDS = 1;
const STOCK_BATCH_SECONDS = STOCK_WINDOW_SECONDS + 0.5;

/** @param hotShare share of the recorded orders that take the most wanted SKU; it grows with the lines. @param pace orders a second: tables split with it. */
export function constraintsOf(demand: Demand, hotShare: number, pace: number): Constraint[] {
  return [
    ...mail(demand),
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
    hotSku(demand, hotShare),
    ordersStream(demand, pace),
    stockStream(demand, pace),
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
      most: (QUOTAS.queueMapping.value / slowest.seconds) * RAISED,
      redesign: 'several queues and mappings, split by order id',
    }),
  ];
}

function tables({ writes, salesWrites }: Demand): Constraint[] {
  const sharded = (name: string, shards: number, perOrder: number, setting: string): Constraint => {
    const limit = (shards * QUOTAS.partition.value) / perOrder;
    return {
      name,
      quota: QUOTAS.partition,
      arithmetic: `${shards} shards × ${count(QUOTAS.partition.value)} units/s ÷ ${count(perOrder)} units an order = ${count(limit)}`,
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

/** The base table that ends first; the quota counts an index by itself. */
function mostWritten(writes: Demand['writes']): Constraint[] {
  const [most] = Object.entries(writes)
    .filter(([name, units]) => !name.includes('/') && units > 0)
    .sort(([, a], [, b]) => b - a);
  if (most === undefined) return [];
  const [name, units] = most;
  return [
    byQuota(`Table with the most writes (${name})`, QUOTAS.table, units, 'units', {
      setting: 'raise the write units of a table, and warm it before a peak (a new one begins at 4,000)',
      redesign: 'several accounts, each with tables of its own',
      ofAccount: true,
    }),
  ];
}

/** Transactions on one item follow each other. */
function hotSku({ lines, linesRatio }: Demand, hotShare: number): Constraint {
  const share = Math.min(1, hotShare * linesRatio);
  const byUnits = QUOTAS.partition.value / 2;
  const byTime = 1_000 / TRANSACTION_MS;
  const takes = Math.min(byUnits, byTime);
  const limit = takes / share;
  return {
    name: 'Stock of the most wanted SKU',
    quota: QUOTAS.partition,
    arithmetic: `the lesser of ${count(QUOTAS.partition.value)} units/s ÷ 2 (transaction) = ${count(byUnits)} and 1 s ÷ ${TRANSACTION_MS} ms (assumed) = ${count(byTime)} takes/s, ÷ ${count(share)} of the orders (with ${count(lines)} lines) = ${count(limit)}`,
    limit,
    setting: 'none: conflicts are retried with jitter, and orders take longer',
    most: limit,
    redesign:
      'sharded counters: the stock of a SKU in several items, each order takes from one and tries the next',
    ofAccount: false,
  };
}

/** A table has a shard for each partition: four to begin with, and more as its writes grow. */
function shardsAt(pace: number, perOrder: number): number {
  const begin = QUOTAS.newTable.value / QUOTAS.partition.value;
  return Math.max(begin, Math.ceil((pace * perOrder) / QUOTAS.partition.value));
}

function ordersStream({ writes }: Demand, pace: number): Constraint {
  const shards = shardsAt(pace, writes['orders'] ?? 0);
  const perLane = (DISPATCHED_AT_ONCE * 1_000) / CALL_MS;
  const limit = (shards * ORDERS_PARALLELIZATION * perLane) / CHANGES;
  return {
    name: 'Stream of orders to the dispatcher',
    quota: QUOTAS.parallelization,
    arithmetic: `${count(shards)} shards × factor ${ORDERS_PARALLELIZATION} × ${DISPATCHED_AT_ONCE} calls at once ÷ ${CALL_MS} ms (assumed) ÷ ${CHANGES} changes an order = ${count(limit)}`,
    limit,
    setting: 'parallelization_factor up to 10',
    most: (limit * QUOTAS.parallelization.value) / ORDERS_PARALLELIZATION,
    redesign: 'Pipes, or a stream with shards of its own (Kinesis)',
    ofAccount: false,
  };
}

function stockStream({ writes, lines }: Demand, pace: number): Constraint {
  const shards = shardsAt(pace, writes['stock'] ?? 0);
  const limit = (shards * STOCK_BATCH) / STOCK_BATCH_SECONDS / lines;
  return {
    name: 'Stream of stock to the dispatcher',
    quota: QUOTAS.parallelization,
    arithmetic: `${count(shards)} shards × factor 1 × ${count(STOCK_BATCH)} records ÷ ${STOCK_BATCH_SECONDS} s (assumed) ÷ ${count(lines)} lines an order = ${count(limit)}`,
    limit,
    setting: 'parallelization_factor up to 10',
    most: limit * QUOTAS.parallelization.value,
    redesign: 'stock events from the shards of a sharded counter',
    ofAccount: false,
  };
}
