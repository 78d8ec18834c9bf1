import { DISPATCHED_AT_ONCE } from '@orderstream/domain';
import { count } from '../cost/text.ts';
import { stockMoves, TRANSACTION_UNITS, type Demand } from './demand.ts';
import { QUOTAS } from './quotas.ts';
import { figure, shown } from './shown.ts';

/** Batches of a shard that the dispatcher works on at once, as the stack sets it. */
export const ORDERS_PARALLELIZATION = 4;
/** Changes of an order that reach the dispatcher: its seven writes without the two that lead to nothing. */
const CHANGES = 5;
/** Milliseconds of a service call on AWS. */
const CALL_MS = 15;
/** Records of a batch of the stock's mapping, as the stack sets it, and the seconds of the work on it (assumed). */
export const STOCK_BATCH = 1_000;
const STOCK_BATCH_SECONDS = 0.5;

/** What a shard of a table's stream brings at most, and what the dispatcher takes from it. */
export interface StreamPace {
  readonly name: string;
  /** Records a second of one shard. */
  readonly brings: number;
  readonly takes: number;
  /** Then it does so at any pace: a table that is written more has more shards. */
  readonly keepsUp: boolean;
  readonly arithmetic: string;
}

/** Whether the dispatcher keeps up with the streams: a shard brings what is written to one partition. */
export function streamsOf(demand: Demand): StreamPace[] {
  const { writes, lines } = demand;
  const partition = QUOTAS.partition.value;
  const units = shown(writes['orders'] ?? 0);
  const records = shown(stockMoves(demand) * lines);
  return [
    stream(
      'Stream of orders to the dispatcher',
      [
        (partition / units) * CHANGES,
        `${count(partition)} units/s ÷ ${figure(units)} units × ${CHANGES} changes an order`,
      ],
      [
        (ORDERS_PARALLELIZATION * DISPATCHED_AT_ONCE * 1_000) / CALL_MS,
        `factor ${ORDERS_PARALLELIZATION} (at most ${QUOTAS.parallelization.value}) × ${DISPATCHED_AT_ONCE} calls at once ÷ ${CALL_MS} ms (assumed)`,
      ],
    ),
    stream(
      'Stream of stock to the dispatcher',
      [
        partition / TRANSACTION_UNITS,
        `${count(partition)} units/s ÷ ${TRANSACTION_UNITS} units a record (transaction; ${figure(records)} records an order)`,
      ],
      [
        STOCK_BATCH / STOCK_BATCH_SECONDS,
        `factor 1 × ${count(STOCK_BATCH)} records ÷ ${STOCK_BATCH_SECONDS} s (assumed; a full batch does not wait for its window)`,
      ],
    ),
  ];
}

function stream(
  name: string,
  [brings, how]: readonly [number, string],
  [takes, work]: readonly [number, string],
): StreamPace {
  const keepsUp = takes >= brings;
  const arithmetic =
    `a shard brings at most ${how} = ${count(brings)} a second, and the dispatcher takes ${work} = ${count(takes)}: ` +
    (keepsUp ? 'it keeps up at any pace, because shards grow with what is written' : 'it falls behind');
  return { name, brings, takes, keepsUp, arithmetic };
}
