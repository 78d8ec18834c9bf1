import type { MailAddress } from './address.ts';

/** What becomes of a mail at one of its recipients. */
export type Fate = 'delivered' | 'bounced' | 'suppressed' | 'complained';

const FATES: ReadonlyMap<string, Fate> = new Map([
  ['bounce', 'bounced'],
  ['suppressionlist', 'suppressed'],
  ['complaint', 'complained'],
]);

/**
 * What SES's mailbox simulator does with mail to its addresses, with labels (`bounce+order-1@…`) or without; mail to
 * everybody else is delivered, to the outbox.
 * @see https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
 */
export function fateOf({ address, domain }: Pick<MailAddress, 'address' | 'domain'>): Fate {
  if (domain !== 'simulator.amazonses.com') return 'delivered';
  const mailbox = /^[^+@]+/.exec(address)?.[0].toLowerCase() ?? '';
  return FATES.get(mailbox) ?? 'delivered';
}
