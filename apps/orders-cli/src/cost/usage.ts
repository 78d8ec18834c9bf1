import type { MeterReading } from '@orderstream/local-cloud';
import type { StackFacts } from './stack-facts.ts';

/** Everything that is priced: what the meter counts, and what costs money by the hour or the month. */
export type UsageName =
  | Exclude<keyof MeterReading['total'], 'events.publishedBytes'>
  | 'events.archivedBytes'
  | 'dynamodb.writeCapacity'
  | 'dynamodb.readCapacity'
  | 'metrics'
  | 'alarms'
  | 'cache.hours'
  | 'search.hours'
  | 'search.gbMonths';

/** What is used of one thing: with each order, and in a month in which there is none. */
export interface Usage {
  readonly perOrder: number;
  readonly perMonth: number;
}

export type UsageTable = ReadonlyMap<UsageName, Usage>;

/** What the meter of a cloud counted while orders went through it. */
export interface Recording {
  /** The command that made it. */
  readonly command: string;
  /** Of the day on which it was made: ISO 8601. */
  readonly recordedOn: string;
  readonly preset: string;
  /** Orders that ended. */
  readonly orders: number;
  /** Different SKUs of an order, on average. */
  readonly linesPerOrder: number;
  readonly stack: StackFacts;
  /** The same preset in the environment prod; absent for a cloud that runs. */
  readonly prod?: StackFacts | undefined;
  readonly reading: Pick<MeterReading, 'total' | 'by' | 'tables' | 'loads' | 'metrics'>;
}

/** Hours and minutes of a month as AWS's own calculator takes them. */
export const HOURS = 730;
export const DAYS = HOURS / 24;
/** Long polls that Lambda keeps open for a mapping of a queue while it is idle, and the seconds of each. */
const IDLE_POLLERS = 5;
const POLL_SECONDS = 20;
/** Orders a day from which functions are taken to stay loaded between two orders: one in five minutes. */
const WARM_FROM = 288;
/** Invocations that load an instance anew once functions stay loaded; AWS: under 1% of them. */
const LOADS_WHEN_WARM = 0.01;
/** Seconds that a scheduled run is taken to last when nothing has to be done. */
const SCHEDULED_SECONDS = 0.5;

/**
 * What is used by an order and by a month, at a pace. The slower orders come, the more often a function is loaded anew:
 * below one order in five minutes every invocation is taken to load one, and its loading is billed.
 */
export function usageOf(recording: Recording, ordersPerDay: number): UsageTable {
  const { reading, stack, orders } = recording;
  const { total, by, loads } = reading;
  const table = new Map<UsageName, Usage>();
  const set = (name: UsageName, perOrder: number, perMonth = 0) => {
    if (perOrder > 0 || perMonth > 0) table.set(name, { perOrder, perMonth });
  };
  const loading = Object.entries(loads).reduce(
    (sum, [name, { gbSeconds }]) => sum + ((by[name]?.['lambda.requests'] ?? 0) / orders) * gbSeconds,
    0,
  );
  const share = ordersPerDay < WARM_FROM ? 1 : LOADS_WHEN_WARM;
  for (const [name, amount] of Object.entries(total) as [keyof MeterReading['total'], number][]) {
    if (name === 'events.publishedBytes') {
      if (stack.archives > 0) set('events.archivedBytes', amount / orders);
    } else set(name, amount / orders);
  }
  const runs = stack.scheduledRuns;
  set('lambda.requests', table.get('lambda.requests')?.perOrder ?? 0, runs);
  set(
    'lambda.gbSeconds',
    (table.get('lambda.gbSeconds')?.perOrder ?? 0) + share * loading,
    runs * SCHEDULED_SECONDS * stack.scheduledGb,
  );
  const polls = (stack.polledQueues * IDLE_POLLERS * HOURS * 3600) / POLL_SECONDS;
  set('sqs.requests', table.get('sqs.requests')?.perOrder ?? 0, polls);
  if (stack.provisioned) {
    table.delete('dynamodb.writeUnits');
    table.delete('dynamodb.readUnits');
    set('dynamodb.writeCapacity', 0, stack.provisioned.write * HOURS);
    set('dynamodb.readCapacity', 0, stack.provisioned.read * HOURS);
  }
  set('metrics', 0, reading.metrics.length);
  set('alarms', 0, stack.alarms);
  set('cache.hours', 0, stack.cacheNodes * HOURS);
  set('search.hours', 0, stack.searchNodes * HOURS);
  set('search.gbMonths', 0, stack.searchGb);
  return table;
}
