import { isInstant, isOrderId, type OrderEvent } from '@orderstream/domain';
import { domainEvent, UnreadableEvent, type BusEvent } from '@orderstream/lambda-kit';
import { isMessageType, type MessageType } from './message-type.ts';

interface AboutOrder {
  readonly subject: OrderEvent['subject'];
  readonly type: MessageType;
}

/** An order's event that its customer is to hear of. */
export interface OrderNotice extends AboutOrder {
  readonly kind: 'order';
}

/** What SES found out later about a mail that it had taken: it came back, or its reader complained. */
export interface MailReturn extends AboutOrder {
  readonly kind: 'return';
  readonly state: 'bounced' | 'complained';
  /** SES's own words for the kind of it, and none of the receiving server: those may name the address. */
  readonly reason: string;
  readonly messageId?: string;
  readonly at?: string;
}

/** An event that concerns no message of ours. */
export interface NoNotice {
  readonly kind: 'none';
  readonly subject: OrderEvent['subject'];
}

export type Notice = OrderNotice | MailReturn | NoNotice;

/**
 * Reads an event of our bus, or SES's event about a mail, which finds its message by the tags that the mail was sent with.
 *
 * @throws UnreadableEvent
 */
export function readNotice(event: BusEvent): Notice {
  if (event.source === 'aws.ses') return readReturn(event);
  const { type, subject } = domainEvent(event);
  if (subject.kind === 'order' && isMessageType(type)) return { kind: 'order', subject, type };
  return { kind: 'none', subject: { kind: 'order', id: subject.id, itemVersion: subject.itemVersion } };
}

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html; tags are lists there. */
function readReturn({ id, detail }: BusEvent): MailReturn | NoNotice {
  const orderId = at(detail, 'mail', 'tags', 'orderId', '0');
  const type = at(detail, 'mail', 'tags', 'type', '0');
  // Returns come after everything else of their order.
  const subject = { kind: 'order' as const, itemVersion: Number.MAX_SAFE_INTEGER };
  // Other applications of the account send mail, too.
  if (!isOrderId(orderId) || !isMessageType(type)) return { kind: 'none', subject: { ...subject, id: '' } };
  const about = { kind: 'return' as const, subject: { ...subject, id: orderId }, type, ...messageOf(detail) };
  switch (at(detail, 'eventType')) {
    case 'Bounce': {
      const words = [at(detail, 'bounce', 'bounceType'), at(detail, 'bounce', 'bounceSubType')];
      return { ...about, state: 'bounced', reason: words.map(word).join('/'), ...when(detail, 'bounce') };
    }
    case 'Complaint': {
      const reason = word(at(detail, 'complaint', 'complaintFeedbackType'));
      return { ...about, state: 'complained', reason, ...when(detail, 'complaint') };
    }
    default:
      throw new UnreadableEvent(id, 'eventType: is neither Bounce nor Complaint');
  }
}

function messageOf(detail: unknown): { messageId?: string } {
  const messageId = at(detail, 'mail', 'messageId');
  return typeof messageId === 'string' ? { messageId: messageId.slice(0, 200) } : {};
}

function when(detail: unknown, part: string): { at?: string } {
  const timestamp = at(detail, part, 'timestamp');
  return isInstant(timestamp) ? { at: timestamp } : {};
}

/** A word such as `MailboxFull`; whatever is longer or otherwise could hold an address. */
function word(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z-]{1,40}$/.test(value) ? value : 'Unknown';
}

/** The value that lies inside of another at a path; undefined where the path ends before. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value;
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = new Map<string, unknown>(Object.entries(inner)).get(name);
  }
  return inner;
}
