import { Throttled } from '@orderstream/domain';
import { bareError, logger } from '@orderstream/lambda-kit';
import type { ClaimsTable, MessageKey } from './claims-table.ts';
import { MessageUnderway, verdict, type Claim } from './claim.ts';
import type { PlannedMessage } from './planned-message.ts';
import type { Post } from './post.ts';
import { MessageRefused } from './refusal.ts';

export interface DeliveryParts {
  readonly claims: Pick<ClaimsTable, 'claim' | 'finish'>;
  readonly post: Pick<Post, 'sendMail' | 'sendText'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of a message in this run; `before`: it had been finished by an earlier one. */
export type Delivered = Pick<Claim, 'state' | 'reason'> | { readonly state: 'before' };

/** Runs that may claim the same message between two looks at it. */
const TRIES = 3;

/**
 * Claims a message, sends it, and records what became of it. Whoever comes second finds the claim. A message goes out
 * twice only when a run ends between sending it and recording so, or when the service took it and did not answer.
 *
 * @param version of the order that the event speaks of.
 * @throws MessageUnderway, Throttled, SendingImpossible: the event is to come again.
 */
export async function deliver(
  parts: DeliveryParts,
  key: MessageKey,
  version: number,
  planned: PlannedMessage,
): Promise<Delivered> {
  let seen: Claim | undefined;
  for (let tries = TRIES; tries > 0; tries -= 1) {
    const at = new Date(parts.now()).toISOString();
    const taken = { version, attempts: (seen?.attempts ?? 0) + 1, claimedAt: at, at };
    const claim: Claim = {
      ...taken,
      ...('unsent' in planned ? planned.unsent : { state: 'claimed' as const }),
    };
    const met = await parts.claims.claim(key, seen, claim);
    if (met === undefined) return 'unsent' in planned ? planned.unsent : send(parts, key, claim, planned);
    seen = met.claim;
    switch (verdict(seen, met.latest, version, parts.now())) {
      case 'done':
        return { state: 'before' };
      case 'underway':
        throw new MessageUnderway(key.orderId, key.type);
      case 'overtaken': {
        const overtaken = { state: 'dropped' as const, reason: 'overtaken' };
        if ((await parts.claims.finish(key, seen, { ...taken, ...overtaken })) === undefined)
          return overtaken;
      }
    }
  }
  throw new Throttled('The summaries table', `several runs claim a message of order ${key.orderId}`);
}

type Sendable = Exclude<PlannedMessage, { unsent: unknown }>;

async function send(
  { claims, post, now }: DeliveryParts,
  key: MessageKey,
  claim: Claim,
  planned: Sendable,
): Promise<Delivered> {
  const finish = (end: Pick<Claim, 'state' | 'reason' | 'messageId'>) =>
    claims.finish(key, claim, { ...claim, ...end, at: new Date(now()).toISOString() });
  let messageId: string | undefined;
  try {
    messageId =
      'mail' in planned
        ? await post.sendMail(planned.to, planned.mail, { orderId: key.orderId, type: key.type })
        : await post.sendText(planned.to, planned.text);
  } catch (error) {
    if (error instanceof MessageRefused) {
      const failed = { state: 'failed' as const, reason: error.reason };
      await finish(failed);
      return failed;
    }
    // So that the event need not wait until this run is taken for crashed.
    await finish({ state: 'retry' }).catch((inner: unknown) =>
      logger.warn('A claim could not be given back.', { orderId: key.orderId, error: bareError(inner) }),
    );
    throw error;
  }
  // Refused where SES was faster to tell that the mail came back: that stays.
  await finish({ state: 'sent', ...(messageId === undefined ? {} : { messageId }) });
  return { state: 'sent' };
}
