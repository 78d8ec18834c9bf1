import type { MessageType } from '../message-type.ts';
import { asHtml } from './as-html.ts';
import { asText } from './as-text.ts';
import { cancelled } from './cancelled.ts';
import type { LetterWriter } from './letter.ts';
import type { OrderFacts } from './order-facts.ts';
import { placed } from './placed.ts';
import { rejected } from './rejected.ts';
import { shipped } from './shipped.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const WRITERS: Readonly<Record<MessageType, LetterWriter>> = {
  OrderPlaced: placed,
  OrderShipped: shipped,
  OrderRejected: rejected,
  OrderCancelled: cancelled,
};

/** The mail that tells a customer what became of an order. @param shop the shop's name. */
export function mailFor(type: MessageType, order: OrderFacts, shop: string): Mail {
  const letter = WRITERS[type](order, shop);
  return { subject: letter.subject, text: asText(letter, shop), html: asHtml(letter, shop) };
}
