import type { MessageType } from '../message-type.ts';
import type { OrderFacts } from './order-facts.ts';

/** Events that are told by SMS, too: a message that costs, and may wake somebody up, is for what is waited for. */
const TEXTS: Partial<Record<MessageType, (order: OrderFacts) => string>> = {
  OrderPlaced: ({ orderId, total }) =>
    total === undefined
      ? `we have received your order ${orderId}.`
      : `we have received your order ${orderId} of ${total}.`,
  OrderShipped: ({ orderId }) => `your order ${orderId} is on its way.`,
};

/** The SMS for an event, with nothing in it that a customer wrote; undefined where there is none. */
export function textMessageFor(type: MessageType, order: OrderFacts, shop: string): string | undefined {
  const text = TEXTS[type]?.(order);
  return text === undefined ? undefined : `${shop}: ${text}`;
}
