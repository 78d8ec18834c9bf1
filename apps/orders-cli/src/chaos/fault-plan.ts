import type { FaultPlan } from '@orderstream/local-cloud';
import { randomFrom } from '../sample/random.ts';

export type Fault = FaultPlan['faults'][number];

/** Every kind of fault that there is; a run in which one of them never struck has proved less than it claims. */
export const FAULT_KINDS = [
  'error',
  'throttle',
  'timeout',
  'latency',
  'lostAnswer',
  'duplicate',
  'reorder',
  'crash',
  'kill',
] as const satisfies readonly Fault['kind'][];

/** Only functions' calls are struck: what the run itself asks and writes is the load, not the subject. */
const EVERY = { function: '*' } as const;

/**
 * What may strike while orders are on their way, with the middle of each probability.
 *
 * Answers of SES and SNS are never lost: neither knows an idempotency key, so that nobody can tell a lost answer from a
 * lost mail. A mail that is sent twice because of it is no news.
 */
const FAULTS: readonly Fault[] = [
  { service: 'dynamodb', ...EVERY, kind: 'error', probability: 0.01 },
  { service: 'dynamodb', ...EVERY, kind: 'throttle', probability: 0.02 },
  { service: 'dynamodb', ...EVERY, kind: 'latency', probability: 0.05, ms: [5, 150] },
  { service: 'dynamodb', ...EVERY, kind: 'timeout', probability: 0.0005, ms: 4_000 },
  { service: 'dynamodb', operation: 'UpdateItem', ...EVERY, kind: 'lostAnswer', probability: 0.02 },
  { service: 'dynamodb', operation: 'TransactWriteItems', ...EVERY, kind: 'lostAnswer', probability: 0.02 },
  { service: 'dynamodb', operation: 'UpdateItem', ...EVERY, kind: 'duplicate', probability: 0.02 },
  { service: 'events', ...EVERY, kind: 'error', probability: 0.05 },
  { service: 'events', ...EVERY, kind: 'throttle', probability: 0.05 },
  { service: 'events', ...EVERY, kind: 'lostAnswer', probability: 0.05 },
  { service: 'states', ...EVERY, kind: 'error', probability: 0.03 },
  { service: 'states', ...EVERY, kind: 'lostAnswer', probability: 0.05 },
  { service: 's3', ...EVERY, kind: 'error', probability: 0.03 },
  { service: 's3', ...EVERY, kind: 'lostAnswer', probability: 0.03 },
  { service: 'es', ...EVERY, kind: 'error', probability: 0.03 },
  { service: 'es', ...EVERY, kind: 'latency', probability: 0.2, ms: [10, 1_500] },
  { service: 'ses', ...EVERY, kind: 'error', probability: 0.05 },
  { service: 'ses', ...EVERY, kind: 'throttle', probability: 0.05 },
  { service: 'sns', ...EVERY, kind: 'error', probability: 0.05 },
  { service: 'lambda', kind: 'error', probability: 0.01 },
  { service: 'lambda', kind: 'throttle', probability: 0.02 },
  { service: 'lambda', kind: 'timeout', probability: 0.002 },
  { service: 'lambda', kind: 'latency', probability: 0.03, ms: [10, 400] },
  { service: 'lambda', kind: 'lostAnswer', probability: 0.02 },
  { service: 'lambda', kind: 'duplicate', probability: 0.05 },
  { service: 'lambda', kind: 'reorder', probability: 0.1, ms: 400 },
  { service: 'lambda', kind: 'crash', at: 'before', probability: 0.002, name: 'crash before' },
  { service: 'lambda', kind: 'crash', at: 'after', probability: 0.004, name: 'crash after' },
  { service: 'lambda', kind: 'crash', at: { calls: 1 }, probability: 0.003, name: 'crash at call 1' },
  { service: 'lambda', kind: 'crash', at: { calls: 2 }, probability: 0.003, name: 'crash at call 2' },
  { service: 'targets', kind: 'error', probability: 0.03 },
  { service: 'targets', kind: 'duplicate', probability: 0.08, ms: [0, 500] },
  { service: 'targets', kind: 'reorder', probability: 0.15, ms: 500 },
];

/** Places at which the whole process may die, just before or just after the effect: all within some ten orders. */
const KILLED_AT = [
  { service: 'dynamodb', operation: 'TransactWriteItems', probability: 0.01 },
  { service: 'dynamodb', operation: 'UpdateItem', probability: 0.01 },
  { service: 'events', operation: 'PutEvents', probability: 0.03 },
  { service: 'states', operation: 'StartExecution', probability: 0.05 },
  { service: 's3', operation: 'PutObject', probability: 0.1 },
  { service: 'ses', operation: 'SendEmail', probability: 0.05 },
  { service: 'targets', operation: 'SendMessage', probability: 0.02 },
] as const;

/** Nobody tries it again, neither at the first attempt nor when it is undone. */
const FORBIDDEN = { kind: 'error', code: 'AccessDeniedException', status: 400, probability: 1 } as const;

/** A function that is not there at all. */
function away(name: string): Fault {
  return { name: `${name} is away`, service: 'lambda', function: name, kind: 'error', probability: 1 };
}

/** Who orders' events are brought to, and may be away: each event becomes a dead letter. */
const ORDER_CONSUMERS = ['track-sales', 'notify-customer'];
/** The same for those who are brought products' events, too. */
const PRODUCT_CONSUMERS = ['refresh-cache', 'index-products'];

/** What keeps a reader of streams from its work, so that changes become dead letters, and the consumers that may be away then. */
const READERS: readonly { readonly fault: Fault; readonly consumers: readonly string[] }[] = [
  { fault: away('archive-changes'), consumers: [...ORDER_CONSUMERS, ...PRODUCT_CONSUMERS] },
  {
    fault: {
      name: 'executions are forbidden',
      service: 'states',
      operation: 'StartExecution',
      function: 'stream-dispatcher',
      ...FORBIDDEN,
    },
    // Orders wait behind each other for as long as the outage lasts: only of products there are events.
    consumers: PRODUCT_CONSUMERS,
  },
  { fault: away('track-activity'), consumers: [...ORDER_CONSUMERS, ...PRODUCT_CONSUMERS] },
];

/** Executions fail, in their stage and when it is undone. */
const LOCKED: Fault = {
  name: 'goods are locked',
  service: 'dynamodb',
  operation: 'TransactWriteItems',
  function: 'update-inventory',
  ...FORBIDDEN,
};

/** What a life's plan has besides the usual faults. */
export interface PlanExtras {
  /** Stand before the others, so outermost. */
  readonly faults?: readonly Fault[] | undefined;
  /** Whether the process dies once, at a seeded place. */
  readonly dies?: boolean;
}

/**
 * The faults of one life of the cloud: all kinds, each with a probability between half and one and a half of its middle.
 * The same seed and life give the same plan.
 *
 * @param life 0, 1, 2 …: the cloud is started again after each death, and counts its calls anew.
 */
export function faultPlan(
  seed: number,
  life: number,
  { faults: first = [], dies = true }: PlanExtras = {},
): FaultPlan {
  const random = randomFrom(seed * 1_000 + life);
  const faults = FAULTS.map((fault) => ({ ...fault, probability: fault.probability * (0.5 + random()) }));
  const place = KILLED_AT[Math.floor(random() * KILLED_AT.length)] ?? KILLED_AT[0];
  const at = random() < 0.5 ? 'before' : 'after';
  const kill: Fault = { ...place, kind: 'kill', at, most: 1 };
  return { seed: Math.floor(random() * 2 ** 31), faults: [...first, ...(dies ? [kill] : []), ...faults] };
}

/**
 * The usual faults, and an outage until its end: of a reader of streams, of a consumer of events, and of the goods, so
 * that executions fail for good.
 *
 * @param life comes after those of {@link faultPlan}.
 */
export function outagePlan(seed: number, life: number): FaultPlan {
  const reader = READERS[seed % READERS.length];
  const consumer = reader?.consumers[seed % reader.consumers.length];
  const faults = [...(reader ? [reader.fault] : []), ...(consumer ? [away(consumer)] : []), LOCKED];
  return faultPlan(seed, life, { faults, dies: false });
}
