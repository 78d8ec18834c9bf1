import { randomUUID } from 'node:crypto';
import type { EventContent } from '../bus/event.ts';
import type { MailConfigurationSet, MailIdentity } from '../stack/model.ts';
import type { Mail } from './mail.ts';
import { fateOf, type Fate } from './simulator.ts';

/** A mail that was accepted, with what its events tell of it. */
export interface SentMail {
  readonly id: string;
  readonly mail: Mail;
  readonly identity: MailIdentity;
  readonly configurationSet: MailConfigurationSet | undefined;
  readonly accountId: string;
  /** Who sent it: the function's name, or an access key. */
  readonly caller: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The headers that a reader's mail program shows, by name; the recipients of a blind copy are in none. */
export function headersOf({ from, to, cc, replyTo, subject }: Mail): Record<string, string> {
  const listed = (addresses: Mail['to']) => addresses.map(({ text }) => text).join(', ');
  const headers = {
    From: from.text,
    To: listed(to),
    Cc: listed(cc),
    'Reply-To': listed(replyTo),
    Subject: subject,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

/** Everybody a mail goes to: To, Cc and Bcc. */
export function recipientsOf({ to, cc, bcc }: Mail): Mail['to'] {
  return [...to, ...cc, ...bcc];
}

/**
 * The events about a mail that its configuration set has sent to the default bus, of the types that it asks for.
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html (the events' details)
 * @see https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html (their detail types)
 */
export function feedbackEvents(sent: SentMail): EventContent[] {
  const { configurationSet, at } = sent;
  if (!configurationSet) return [];
  const told: readonly [type: string, detailType: string, part: object | undefined][] = [
    ['SEND', 'Email Sent', { eventType: 'Send', send: {} }],
    ['DELIVERY', 'Email Delivered', delivery(sent)],
    ['BOUNCE', 'Email Bounced', bounce(sent)],
    ['COMPLAINT', 'Email Complaint Received', complaint(sent)],
  ];
  return told.flatMap(([type, detailType, part]) => {
    if (part === undefined || !configurationSet.eventTypes.includes(type)) return [];
    const parsedDetail = { ...part, mail: mailDetail(sent) };
    const detail = JSON.stringify(parsedDetail);
    const resources = [configurationSet.arn];
    return [{ source: 'aws.ses', detailType, detail, parsedDetail, resources, time: at, trace: undefined }];
  });
}

function delivery(sent: SentMail): object | undefined {
  const recipients = withFate(sent, ['delivered', 'complained']);
  if (recipients.length === 0) return undefined;
  const timestamp = new Date(sent.at).toISOString();
  const smtpResponse = '250 2.6.0 Message received';
  return {
    eventType: 'Delivery',
    delivery: { timestamp, processingTimeMillis: 0, recipients, smtpResponse, reportingMTA: REPORTING_MTA },
  };
}

function bounce(sent: SentMail): object | undefined {
  const suppressed = withFate(sent, ['suppressed']);
  const bounced = [...withFate(sent, ['bounced']), ...suppressed];
  if (bounced.length === 0) return undefined;
  const bouncedRecipients = bounced.map((emailAddress) => ({
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: suppressed.includes(emailAddress) ? SUPPRESSED : 'smtp; 550 5.1.1 user unknown',
  }));
  return {
    eventType: 'Bounce',
    bounce: {
      feedbackId: `${randomUUID()}-000000`,
      bounceType: 'Permanent',
      bounceSubType: suppressed.length === bounced.length ? 'Suppressed' : 'General',
      bouncedRecipients,
      timestamp: new Date(sent.at).toISOString(),
      reportingMTA: `dns; ${REPORTING_MTA}`,
    },
  };
}

function complaint(sent: SentMail): object | undefined {
  const complained = withFate(sent, ['complained']);
  if (complained.length === 0) return undefined;
  const timestamp = new Date(sent.at).toISOString();
  return {
    eventType: 'Complaint',
    complaint: {
      feedbackId: `${randomUUID()}-000000`,
      complaintSubType: null,
      complainedRecipients: complained.map((emailAddress) => ({ emailAddress })),
      timestamp,
      userAgent: 'Amazon SES Mailbox Simulator',
      complaintFeedbackType: 'abuse',
      arrivalDate: timestamp,
    },
  };
}

const REPORTING_MTA = 'local.smtp-out.amazonses.com';

const SUPPRESSED =
  'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.';

function withFate({ mail }: SentMail, fates: readonly Fate[]): string[] {
  return recipientsOf(mail)
    .filter((recipient) => fates.includes(fateOf(recipient)))
    .map(({ address }) => address);
}

function mailDetail({ id, mail, identity, configurationSet, accountId, caller, at }: SentMail): object {
  const headers = headersOf(mail);
  const own = {
    'ses:operation': 'SendEmail',
    ...(configurationSet && { 'ses:configuration-set': configurationSet.name }),
    'ses:source-ip': '127.0.0.1',
    'ses:from-domain': mail.from.domain,
    'ses:caller-identity': caller,
  };
  return {
    timestamp: new Date(at).toISOString(),
    source: mail.from.text,
    sourceArn: identity.arn,
    sendingAccountId: accountId,
    messageId: id,
    destination: recipientsOf(mail).map(({ address }) => address),
    headersTruncated: false,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    commonHeaders: {
      from: [mail.from.text],
      to: mail.to.map(({ text }) => text),
      messageId: id,
      subject: mail.subject,
    },
    tags: Object.fromEntries(
      Object.entries({ ...own, ...mail.tags }).map(([name, value]) => [name, [value]]),
    ),
  };
}
