import type { LawResult } from '../check/laws.ts';
import { FAULT_KINDS } from './fault-plan.ts';
import type { ChaosResult } from './run.ts';

/** Ends that a run must have seen: one in which nothing ships, or nobody cancels, proves nothing of the others. */
const EXPECTED_ENDS: readonly string[] = [
  'SHIPPED',
  'REJECTED PaymentDeclined',
  'REJECTED OutOfStock',
  'REJECTED UndeliverableAddress',
  'CANCELLED CancellationRequested',
];

/** Kinds of dead letters that a run must have redriven. */
const EXPECTED_LETTERS = ['change', 'event', 'execution'] as const;

/** Law 1, its beginning: an order that was accepted is there. */
export function promisesKept(promised: ReadonlySet<string>, there: readonly string[]): LawResult {
  const found = new Set(there);
  const lost = [...promised].filter((orderId) => !found.has(orderId));
  const violations = lost.map((orderId) => `order ${orderId} was accepted, and is not there`);
  return { law: 1, name: 'Accepted', checked: promised.size, of: 'orders', violations };
}

/**
 * Why a run has failed: broken laws first, then what it did not get to prove. Without a protection only the laws count:
 * its faults aim at them alone.
 */
export function failuresOf({
  laws,
  struck,
  ends,
  redriven,
  mutation,
}: Pick<ChaosResult, 'laws' | 'struck' | 'ends' | 'redriven' | 'mutation'>): string[] {
  const broken = laws
    .filter(({ violations }) => violations.length > 0)
    .map(({ law, name, violations }) => `law ${law} (${name}) is broken ${violations.length} times`);
  if (mutation !== undefined) return broken;
  const idle = FAULT_KINDS.filter((kind) => (struck.get(kind) ?? 0) === 0);
  const missing = EXPECTED_ENDS.filter((end) => (ends.get(end) ?? 0) === 0);
  return [
    ...broken,
    ...idle.map((kind) => `no fault of kind ${kind} ever struck`),
    ...missing.map((end) => `no order ended as ${end}`),
    ...EXPECTED_LETTERS.filter((kind) => (redriven.kinds[kind] ?? 0) === 0).map(
      (kind) => `no dead letter of kind ${kind} was redriven`,
    ),
    ...(Object.keys(redriven.stays).some((why) => why.startsWith('quarantine'))
      ? []
      : ['no unreadable record waits as a dead letter']),
  ];
}

/** The first order that a violation names; the trace of it tells what went wrong. */
export function firstBrokenOrder(laws: readonly LawResult[]): string | undefined {
  for (const violation of laws.flatMap(({ violations }) => violations)) {
    const [, orderId] = /\border ([A-Za-z0-9_-]{1,64})\b/.exec(violation) ?? [];
    if (orderId !== undefined) return orderId;
  }
  return undefined;
}

/** The last line: what struck, and what held. */
export function lastLine(
  result: Pick<ChaosResult, 'laws' | 'struck' | 'ends' | 'redriven' | 'mutation' | 'figures'>,
  seed: number,
): string {
  const { struck, laws, figures, redriven, mutation } = result;
  const strikes = FAULT_KINDS.map((kind) => `${struck.get(kind) ?? 0} ${kind}`).join(', ');
  const failures = failuresOf(result);
  const held =
    failures.length === 0
      ? `laws ${[...new Set(laws.map(({ law }) => law))].join(', ')} held over ${figures.placed} orders (${figures.shipped} shipped)`
      : `NOT held: ${failures.join('; ')}`;
  const run = mutation === undefined ? `seed ${seed}` : `without ${mutation}, seed ${seed}`;
  return `${run}: struck: ${strikes}; ${redriven.redriven} dead letters redriven – ${held}`;
}
