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
  { service: 'lambda', kind: 'crash', at: 'before', probability: 0.005, name: 'crash before' },
  { service: 'lambda', kind: 'crash', at: 'after', probability: 0.01, name: 'crash after' },
  { service: 'lambda', kind: 'crash', at: { calls: 1 }, probability: 0.01, name: 'crash at call 1' },
  { service: 'lambda', kind: 'crash', at: { calls: 2 }, probability: 0.01, name: 'crash at call 2' },
  { service: 'targets', kind: 'error', probability: 0.03 },
  { service: 'targets', kind: 'duplicate', probability: 0.08, ms: [0, 500] },
  { service: 'targets', kind: 'reorder', probability: 0.15, ms: 500 },
];

/** Places at which the whole process may die, just before or just after the effect. */
const KILLED_AT = [
  { service: 'dynamodb', operation: 'TransactWriteItems' },
  { service: 'dynamodb', operation: 'UpdateItem' },
  { service: 'events', operation: 'PutEvents' },
  { service: 'states', operation: 'StartExecution' },
  { service: 's3', operation: 'PutObject' },
  { service: 'ses', operation: 'SendEmail' },
  { service: 'targets', operation: 'SendMessage' },
] as const;

/** Who may be away in a run: one that events are brought to, and one that reads streams. */
const AWAY = [
  ['track-sales', 'notify-customer', 'refresh-cache', 'index-products'],
  ['archive-changes', 'track-activity'],
] as const;

/** Two functions that are away in all lives of a seed: what is brought to them in vain for long enough becomes a dead letter. */
function outages(seed: number): Fault[] {
  const random = randomFrom(seed + 1_013);
  return AWAY.map((names) => {
    const away = names[Math.floor(random() * names.length)] ?? names[0];
    return { name: `${away} is away`, service: 'lambda', function: away, kind: 'error', probability: 0.97 };
  });
}

/**
 * The faults of one life of the cloud: all kinds, each with a probability between half and one and a half of its middle,
 * two functions that are hardly ever there, and once a death of the process at a seeded place. The same seed and life give the same plan.
 *
 * @param life 0, 1, 2 …: the cloud is started again after each death, and counts its calls anew.
 * @param extra stands before the others, so outermost; nobody is away then, so that it meets all.
 */
export function faultPlan(seed: number, life: number, extra: readonly Fault[] = []): FaultPlan {
  const random = randomFrom(seed * 1_000 + life);
  const faults = FAULTS.map((fault) => ({ ...fault, probability: fault.probability * (0.5 + random()) }));
  const place = KILLED_AT[Math.floor(random() * KILLED_AT.length)] ?? KILLED_AT[0];
  const at = random() < 0.5 ? 'before' : 'after';
  const kill: Fault = { ...place, kind: 'kill', at, probability: 0.01, most: 1, after: 2 };
  return {
    seed: Math.floor(random() * 2 ** 31),
    faults: [...extra, kill, ...(extra.length === 0 ? outages(seed) : []), ...faults],
  };
}
