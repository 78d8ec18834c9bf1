import { Throttled } from '@orderstream/domain';

/** The service will never take this message: it is recorded, and not tried again. */
export class MessageRefused extends Error {
  /** The service's name for the reason. Its own words are left out: they name the address. */
  readonly reason: string;

  constructor(service: string, reason: string) {
    super(
      `${service} refuses the message (${reason}). It is recorded as failed; correct the order's recipient.`,
    );
    this.name = 'MessageRefused';
    this.reason = reason;
  }
}

/** The service does not send now, for a reason that somebody has to look at: it is tried again, then a dead letter. */
export class SendingImpossible extends Error {
  constructor(service: string, status: number, code: string) {
    super(
      `${service} did not send a message (${status} ${code}). Look at the account, its verified senders, the function's role and the configuration set, then redrive the dead letters.`,
    );
    this.name = 'SendingImpossible';
  }
}

/** Names for "later" that come with 400. */
const LATER = /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded)/;

/**
 * An answer other than 200, as an error.
 *
 * @param permanent names of the reasons that no repetition changes. @param code the service's name for the reason.
 */
export function refusal(
  service: string,
  status: number,
  code: string | undefined,
  permanent: ReadonlySet<string>,
): Error {
  // `Name:http://…` and `namespace#Name` are the protocol's; anything else that is no name is not repeated.
  const name =
    /(?:^|#)([A-Za-z.]{1,80})(?:$|:)/.exec(code ?? '')?.[1]?.replace(/Exception$/, '') ?? 'Unknown';
  if (permanent.has(name) && status < 500) return new MessageRefused(service, name);
  if (status === 429 || status >= 500 || LATER.test(name)) return new Throttled(service, `${status} ${name}`);
  return new SendingImpossible(service, status, name);
}

/** A call that got no answer. Whether the message was sent, nobody can tell; it is sent again. */
export function unanswered(service: string, error: unknown): Error {
  return new Throttled(service, 'no answer', { cause: error });
}
