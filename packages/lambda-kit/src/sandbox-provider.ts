import { setTimeout } from 'node:timers/promises';
import type { LedgerEntry, SandboxBehaviour } from '@orderstream/domain';
import type { Ledger, LedgerDeed, LedgerSubject } from './ledger.ts';

/** What is asked of a sandbox, and how its test token or address makes it behave. */
export interface SandboxRequest {
  readonly subject: LedgerSubject;
  readonly behaviour: SandboxBehaviour;
  /** What the ledger is to say once it is done. */
  readonly deed: LedgerDeed;
  /** Ends a slow answer when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Does what a sandbox's behaviour says: the entry that now stands in the ledger (perhaps sealed meanwhile), or the
 * reason of a refusal.
 *
 * @throws the error that `noAnswer` makes where the caller is to see no answer.
 */
export async function sandboxAnswer(
  ledger: Pick<Ledger, 'record' | 'countAttempt'>,
  { subject, behaviour, deed, signal }: SandboxRequest,
  noAnswer: (reason: string) => Error,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown> = pause,
): Promise<{ readonly entry: LedgerEntry } | { readonly refused: string }> {
  if (behaviour.kind === 'refuse') return { refused: behaviour.reason };
  if (behaviour.kind === 'unavailable' && (await ledger.countAttempt(subject)) <= behaviour.times) {
    throw noAnswer('unavailable');
  }
  const { entry, first } = await ledger.record(subject, deed);
  if (behaviour.kind === 'slow' && first) await wait(behaviour.milliseconds, signal);
  if (behaviour.kind === 'lost-answer' && first) throw noAnswer('the answer was lost');
  return { entry };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return setTimeout(milliseconds, undefined, { signal });
}
