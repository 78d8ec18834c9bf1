import type { Extra, FactLine, OrderFacts } from './order-facts.ts';

/** What a mail says, before it is made into text and HTML. All of it is plain text: only the HTML escapes it. */
export interface Letter {
  readonly subject: string;
  /** Shown beside the subject in the list of mails. */
  readonly preheader: string;
  readonly heading: string;
  readonly name?: string;
  readonly paragraphs: readonly string[];
  readonly goods?: {
    readonly lines: readonly FactLine[];
    readonly more: number;
    readonly extras: readonly Extra[];
    readonly total?: string;
  };
}

/** Writes the letter for an order. @param shop the shop's name. */
export type LetterWriter = (order: OrderFacts, shop: string) => Letter;

/** The subject has nothing that a customer wrote. */
export function subject(shop: string, order: OrderFacts, what: string): string {
  return `${shop}: order ${order.orderId} ${what}`;
}

/** The greeting's name, where the order has one that can be shown. */
export function addressee({ name }: OrderFacts): { name?: string } {
  return name === undefined ? {} : { name };
}

/** What becomes of the money of an order that was not carried out. */
export function moneyBack({ charged, paymentBegun, cause }: OrderFacts): string {
  if (charged !== undefined) return `Your payment of ${charged} has been returned to you.`;
  // The stage may have been interrupted after it had charged, and the refund is made by what the provider knows.
  if (paymentBegun && cause !== 'PaymentDeclined') {
    return 'If your payment had gone through already, it has been returned to you.';
  }
  return 'No money was taken.';
}
