/**
 * The sandboxes of the payment gateway and the carrier decide by test token and test address, never by amount, and
 * the same token always does the same thing.
 *
 * | payment token         | address `line1`     | what happens                                                          |
 * | --------------------- | ------------------- | --------------------------------------------------------------------- |
 * | `tok_approve`         | any other           | done                                                                  |
 * | `tok_decline`         | `Undeliverable`     | refused for good                                                      |
 * | `tok_unavailable_<n>` | `Unavailable <n>`   | no answer the first n times (at most 99), then done                    |
 * | `tok_slow_<ms>`       | `Slow <ms>`         | done, but the answer takes ms milliseconds (at most 60,000)            |
 * | `tok_lost_answer`     | `Lost answer`       | done, but the first answer is lost: the caller sees no answer          |
 */
export type SandboxBehaviour =
  | { readonly kind: 'approve' }
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly times: number }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'lost-answer' };

/** What the sandbox gateway does with a token; one it does not know is refused. */
export function paymentBehaviour(token: string): SandboxBehaviour {
  if (token === 'tok_approve') return { kind: 'approve' };
  if (token === 'tok_decline') return { kind: 'refuse', reason: 'card_declined' };
  if (token === 'tok_lost_answer') return { kind: 'lost-answer' };
  return (
    unavailableOrSlow(/^tok_(unavailable|slow)_(\d{1,5})$/.exec(token)) ?? {
      kind: 'refuse',
      reason: 'unknown_token',
    }
  );
}

/** What the sandbox carrier does with the first line of an address; an ordinary one is delivered to. */
export function carrierBehaviour(line1: string): SandboxBehaviour {
  const text = line1.trim().toLowerCase();
  if (text === 'undeliverable') return { kind: 'refuse', reason: 'undeliverable' };
  if (text === 'lost answer') return { kind: 'lost-answer' };
  return unavailableOrSlow(/^(unavailable|slow) (\d{1,5})$/.exec(text)) ?? { kind: 'approve' };
}

function unavailableOrSlow(match: RegExpExecArray | null): SandboxBehaviour | undefined {
  if (match === null) return undefined;
  const amount = Number(match[2]);
  if (match[1] === 'unavailable') return { kind: 'unavailable', times: Math.min(amount, 99) };
  return { kind: 'slow', milliseconds: Math.min(amount, 60_000) };
}

/** Keys under which the providers know an order: one charge and one shipment at most. */
export function chargeKey(orderId: string): string {
  return `charge#${orderId}`;
}

export function shipmentKey(orderId: string): string {
  return `shipment#${orderId}`;
}
