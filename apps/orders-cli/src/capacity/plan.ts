import { billOf, type Bill } from '../cost/bill.ts';
import { count } from '../cost/text.ts';
import { DAYS, usageOf, type Recording } from '../cost/usage.ts';
import type { Constraint } from './constraint.ts';
import { constraintsOf } from './constraints.ts';
import { demandOf, SLOWER, type Demand } from './demand.ts';
import { QUOTAS } from './quotas.ts';
import { figure, shown, wholeProduct } from './shown.ts';
import { streamsOf, type StreamPace } from './streams.ts';

const SECONDS_A_DAY = 86_400;
/** Seconds until a change is read from its stream, at most: Lambda asks a shard four times a second. */
const POLL_SECONDS = 0.25;
/** Milliseconds between two states of a workflow on AWS. */
const TRANSITION_SECONDS = 0.05;
const STAGES = ['validate-order', 'process-payment', 'update-inventory', 'ship-order'];
export type Verdict = 'holds' | 'change a setting' | 'change the design';

export interface Judged extends Constraint {
  readonly verdict: Verdict;
  /** Of what the limit allows: 1 is all of it. */
  readonly share: number;
}

/** What happens at a pace. */
export interface Plan {
  readonly pace: number;
  readonly demand: Demand;
  /** What breaks first stands first. */
  readonly constraints: readonly Judged[];
  readonly breaking: readonly Judged[];
  readonly streams: readonly StreamPace[];
  /** Little's law, line by line. */
  readonly little: readonly string[];
  /** Seconds from an order's write to its shipment. */
  readonly secondsInProgress: number;
  readonly ordersInProgress: number;
  readonly concurrency: number;
  /** Accounts that the quotas of an account ask for, once each is raised. */
  readonly accounts: number;
  readonly bill: Bill;
}

export interface PlanOptions {
  readonly pace: number;
  readonly lines: number | undefined;
  readonly hotShare: number;
}

export function planOf(recording: Recording, { pace, lines, hotShare }: PlanOptions): Plan {
  const demand = demandOf(recording, lines);
  const constraints = constraintsOf(demand, hotShare)
    .map((constraint) => judged(constraint, pace))
    .sort((a, b) => a.limit - b.limit);
  const dispatcher = fourPlaces(secondsOf(demand, 'stream-dispatcher'));
  const stages = fourPlaces(STAGES.reduce((sum, name) => sum + secondsOf(demand, name), 0));
  const secondsInProgress = fourPlaces(
    POLL_SECONDS + dispatcher + stages + STAGES.length * TRANSITION_SECONDS,
  );
  const seconds = shown(demand.seconds);
  const ordersInProgress = wholeProduct(pace, secondsInProgress);
  const concurrency = wholeProduct(pace, seconds);
  const accountLimit = Math.min(...constraints.filter(({ ofAccount }) => ofAccount).map(({ most }) => most));
  const bill = billOf(
    usageOf(withLines(recording, demand), pace * SECONDS_A_DAY),
    pace * SECONDS_A_DAY * DAYS,
  );
  return {
    pace,
    demand,
    constraints,
    breaking: constraints.filter(({ verdict }) => verdict !== 'holds'),
    streams: streamsOf(demand),
    little: [
      `time in the system W = ${POLL_SECONDS} s (stream) + ${dispatcher} s (dispatcher) + ${stages} s (four stages) + ${STAGES.length} × ${TRANSITION_SECONDS} s (transitions, assumed) = ${secondsInProgress} s`,
      `orders in progress L = λ × W = ${count(pace)} × ${secondsInProgress} = ${count(ordersInProgress)}`,
      `function instances = λ × seconds of functions an order = ${count(pace)} × ${figure(seconds)} = ${count(concurrency)} (measured here × ${SLOWER})`,
      `from nothing to that: the busiest function takes ${Math.ceil((pace * busiest(demand)) / QUOTAS.scaling.value)} s at ${QUOTAS.scaling.value} instances a second`,
    ],
    secondsInProgress,
    ordersInProgress,
    concurrency,
    accounts: Math.max(1, Math.ceil(pace / accountLimit)),
    bill,
  };
}

function judged(constraint: Constraint, pace: number): Judged {
  const { limit, most } = constraint;
  const verdict = pace <= limit ? 'holds' : pace <= most ? 'change a setting' : 'change the design';
  return { ...constraint, verdict, share: pace / limit };
}

function fourPlaces(seconds: number): number {
  return Number(seconds.toFixed(4));
}

/** Seconds of one invocation for each order that it is there for. */
function secondsOf({ functions }: Demand, name: string): number {
  const { seconds = 0, invocations = 1 } = functions[name] ?? {};
  return seconds / Math.max(1, invocations);
}

function busiest({ functions }: Demand): number {
  return Math.max(...Object.values(functions).map(({ seconds }) => seconds));
}

/** The recording with the writes of orders of so many lines. */
function withLines(recording: Recording, { writes }: Demand): Recording {
  const { reading, orders } = recording;
  const sum = Object.values(writes).reduce((total, units) => total + units, 0) * orders;
  const recorded = Object.values(reading.tables).reduce(
    (total, units) => total + (units['dynamodb.writeUnits'] ?? 0),
    0,
  );
  const total = { ...reading.total };
  total['dynamodb.writeUnits'] = (total['dynamodb.writeUnits'] ?? 0) + sum - recorded;
  return { ...recording, reading: { ...reading, total } };
}
