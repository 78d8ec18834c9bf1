import type { StoredOrder } from '@orderstream/lambda-kit';
import { mailFor, type Mail } from './letters/mail.ts';
import { orderFacts, type OrderFacts } from './letters/order-facts.ts';
import { textMessageFor } from './letters/text-message.ts';
import type { Channel, MessageType } from './message-type.ts';
import { internationalNumber, isMailAddress } from './recipients.ts';

/** Why no message goes out: it cannot (failed), or nobody is to have it any more (dropped). */
export interface Unsent {
  readonly state: 'failed' | 'dropped';
  readonly reason:
    | 'order-removed'
    | 'customer-forgotten'
    | 'overtaken'
    | 'no-address'
    | 'invalid-address'
    | 'invalid-number';
}

/** What is to happen on one channel for one event of an order. */
export type PlannedMessage = { readonly channel: Channel } & (
  | { readonly unsent: Unsent }
  | { readonly channel: 'mail'; readonly to: string; readonly mail: Mail }
  | { readonly channel: 'sms'; readonly to: string; readonly text: string }
);

/**
 * The messages that an order's event leads to, with the recipients that the order has now: nothing of them is ever in
 * the event. @param order as it stands, undefined when it was removed. @param shop the shop's name.
 */
export function plannedMessages(
  type: MessageType,
  order: StoredOrder | undefined,
  shop: string,
): PlannedMessage[] {
  if (order === undefined) return [unsent('mail', 'dropped', 'order-removed')];
  if ('forgottenAt' in order) return [unsent('mail', 'dropped', 'customer-forgotten')];
  const facts = orderFacts(order);
  return [plannedMail(type, order, facts, shop), ...plannedText(type, order, facts, shop)];
}

function plannedMail(
  type: MessageType,
  { email }: StoredOrder,
  facts: OrderFacts,
  shop: string,
): PlannedMessage {
  if (email === undefined || email === '') return unsent('mail', 'failed', 'no-address');
  if (!isMailAddress(email)) return unsent('mail', 'failed', 'invalid-address');
  return { channel: 'mail', to: email, mail: mailFor(type, facts, shop) };
}

/** No SMS, and nothing recorded, for who has no number there or does not want any. */
function plannedText(
  type: MessageType,
  order: StoredOrder,
  facts: OrderFacts,
  shop: string,
): PlannedMessage[] {
  const text = textMessageFor(type, facts, shop);
  if (text === undefined || order.smsUpdates !== true || !order.phone) return [];
  // Its mail tells of the end, and no SMS will: so none may say afterwards that the order is on its way.
  if (order.closing !== undefined) return [unsent('sms', 'dropped', 'overtaken')];
  const to = internationalNumber(order.phone);
  return [to === undefined ? unsent('sms', 'failed', 'invalid-number') : { channel: 'sms', to, text }];
}

function unsent(channel: Channel, state: Unsent['state'], reason: Unsent['reason']): PlannedMessage {
  return { channel, unsent: { state, reason } };
}
