import { type Dimension, NAMES, NOT_METERED, placeOf } from './dimensions.ts';

const MB_PER_GB = 1024;
/** What Lambda itself logs of an invocation (start and report, as JSON), in bytes: an estimate. */
const PLATFORM_LOG_BYTES = 520;
/** Custom metrics that are told apart by name; beyond it they are only counted as more. */
const MOST_METRICS = 10_000;

/** Amounts by dimension; those that are 0 are left out. */
export type Amounts = Partial<Record<Dimension, number>>;

/** What was counted since a moment. */
export interface MeterReading {
  /** When counting began: ISO 8601, by the cloud's clock, as orders are dated. */
  readonly since: string;
  readonly total: Amounts;
  /** By who caused it: a function, a state machine, a rule or destination, or `operator` for calls from outside. */
  readonly by: Readonly<Record<string, Amounts>>;
  /** Read and write units by table and by index of one (`orders`, `orders/byDay`); part of the total. */
  readonly tables: Readonly<Record<string, Amounts>>;
  /** Of each function that was loaded: its memory, and what loading one instance took, in GB-seconds. */
  readonly loads: Readonly<Record<string, { readonly memoryMb: number; readonly gbSeconds: number }>>;
  /** Custom metrics that functions wrote, as CloudWatch tells them apart: namespace, dimensions and name. */
  readonly metrics: readonly string[];
  /** What costs money and is not counted. */
  readonly notMetered: Readonly<Record<string, string>>;
}

/** Counts what AWS would bill. A count is one addition in an array: calls do not become slower. */
export class Meter {
  readonly #now: () => number;
  #since: number;
  readonly #rows = new Map<string, Float64Array>();
  readonly #tables = new Map<string, Float64Array>();
  readonly #loads = new Map<string, { memoryMb: number; gbSeconds: number }>();
  readonly #metrics = new Set<string>();

  /** @param now epoch milliseconds, by the cloud's clock. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#since = now();
  }

  add(who: string, dimension: Dimension, amount = 1): void {
    addTo(this.#rows, who, dimension, amount);
  }

  /** Which table or index units were taken at; who took them is counted by {@link add}. */
  units(place: string, dimension: Dimension, amount: number): void {
    addTo(this.#tables, place, dimension, amount);
  }

  /** A run of a function, with the loading of its instance where it was a new one: both are billed, by the millisecond. */
  ran(functionName: string, memoryMb: number, milliseconds: number): void {
    this.add(functionName, 'lambda.requests');
    this.add(functionName, 'lambda.gbSeconds', gbSeconds(memoryMb, milliseconds));
    this.add(functionName, 'logs.bytes', PLATFORM_LOG_BYTES);
  }

  /** An instance was loaded ahead of its first invocation, which AWS does not do: noted apart, and not counted. */
  loaded(functionName: string, memoryMb: number, milliseconds: number): void {
    this.#loads.set(functionName, { memoryMb, gbSeconds: gbSeconds(memoryMb, milliseconds) });
  }

  metric(name: string): void {
    if (this.#metrics.size < MOST_METRICS) this.#metrics.add(name);
  }

  reading(): MeterReading {
    const total = new Float64Array(NAMES.length);
    for (const row of this.#rows.values())
      row.forEach((amount, place) => (total[place] = (total[place] ?? 0) + amount));
    return {
      since: new Date(this.#since).toISOString(),
      total: named(total),
      by: Object.fromEntries([...this.#rows].sort().map(([who, row]) => [who, named(row)])),
      tables: Object.fromEntries([...this.#tables].sort().map(([place, row]) => [place, named(row)])),
      loads: Object.fromEntries([...this.#loads].sort()),
      metrics: [...this.#metrics].sort(),
      notMetered: NOT_METERED,
    };
  }

  /** Counts from 0 again; what is known of loaded functions and of metrics stays. */
  restart(): void {
    this.#since = this.#now();
    this.#rows.clear();
    this.#tables.clear();
  }
}

/**
 * What Lambda bills a run as: its milliseconds, rounded up, times its memory.
 * @see https://aws.amazon.com/lambda/pricing/
 */
export function gbSeconds(memoryMb: number, milliseconds: number): number {
  return (Math.ceil(milliseconds) / 1_000) * (memoryMb / MB_PER_GB);
}

function addTo(rows: Map<string, Float64Array>, key: string, dimension: Dimension, amount: number): void {
  let row = rows.get(key);
  if (!row) rows.set(key, (row = new Float64Array(NAMES.length)));
  const place = placeOf(dimension);
  row[place] = (row[place] ?? 0) + amount;
}

function named(row: Float64Array): Amounts {
  const amounts: Amounts = {};
  NAMES.forEach((name, place) => {
    const amount = row[place] ?? 0;
    if (amount !== 0) amounts[name] = Math.round(amount * 1e9) / 1e9;
  });
  return amounts;
}
