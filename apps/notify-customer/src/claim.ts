/** What was done about one event of an order on one channel, as the summaries table has it. Nothing of it is personal. */
export interface Claim {
  /**
   * `claimed`: a run is sending it, or crashed while it did. `retry`: the service asked to come back later. The others
   * are ends: `sent`, `failed` (it cannot be sent), `dropped` (it is not to be sent), and what SES told afterwards.
   */
  readonly state: 'claimed' | 'retry' | 'sent' | 'failed' | 'dropped' | 'bounced' | 'complained';
  /** Version of the order that the event speaks of. */
  readonly version: number;
  /** Rises with each run that takes it up, so that a run finishes its own claim only. */
  readonly attempts: number;
  /** ISO 8601: when a run took it up last. */
  readonly claimedAt: string;
  /** ISO 8601: when it got its state. */
  readonly at: string;
  readonly messageId?: string;
  /** Of a failed, dropped, bounced or complained one: a word, never what a service wrote. */
  readonly reason?: string;
}

/** Milliseconds after which a run that has not finished is taken for crashed; no run of the function lasts as long. */
export const UNFINISHED_MS = 2 * 60_000;

/**
 * What to do about a message whose claim was refused.
 *
 * - `done`: an earlier run finished it.
 * - `underway`: another run may be sending it right now.
 * - `overtaken`: a later message of this order was claimed on this channel, so this one would be old news.
 * - `take-over`: it is to be sent, by whoever replaces the claim that was found.
 */
export type Verdict = 'done' | 'underway' | 'overtaken' | 'take-over';

/**
 * @param found the claim that is there, if any. @param latest the highest version claimed on this channel.
 * @param version that of the event at hand. @param now epoch milliseconds.
 */
export function verdict(
  found: Claim | undefined,
  latest: number | undefined,
  version: number,
  now: number,
): Verdict {
  if (found !== undefined && found.state !== 'claimed' && found.state !== 'retry') return 'done';
  if (found?.state === 'claimed' && now - Date.parse(found.claimedAt) < UNFINISHED_MS) return 'underway';
  return latest !== undefined && latest > version ? 'overtaken' : 'take-over';
}

/** Another run has claimed the message and not finished: it may be sending. */
export class MessageUnderway extends Error {
  constructor(orderId: string, type: string) {
    super(
      `A message about ${type} of order ${orderId} is being sent by another run. Its event comes again, and finds it sent.`,
    );
    this.name = 'MessageUnderway';
  }
}
