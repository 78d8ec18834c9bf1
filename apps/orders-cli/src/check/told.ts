import type { CheckedOrder, LawResult } from './laws.ts';

/** A mail that went out about an event of an order. */
export interface SentMail {
  readonly orderId: string;
  /** Type of the event. */
  readonly type: string;
}

/** What the function that sends mail has noted of it: how often it took it up, by order and type of event. */
export type Claims = ReadonlyMap<string, number>;

/** Which end an event tells a customer. FAILED is told to no customer: a person looks at it first. */
const TOLD_END: Readonly<Record<string, CheckedOrder['status']>> = {
  OrderShipped: 'SHIPPED',
  OrderRejected: 'REJECTED',
  OrderCancelled: 'CANCELLED',
};

export function claimKey({ orderId, type }: SentMail): string {
  return `${orderId} ${type}`;
}

/**
 * What customers heard, a part of law 1: no end but the order's own, and a mail about an event no more often than the
 * function took the event up. It does that again only after a run that ended between sending and saying so.
 *
 * @param mail in any order; what is about no order that is checked is passed over.
 */
export function toldOnce(
  orders: readonly CheckedOrder[],
  mail: readonly SentMail[],
  claims: Claims,
): LawResult {
  const statuses = new Map(orders.map(({ orderId, status }) => [orderId, status]));
  const own = mail.filter(({ orderId }) => statuses.has(orderId));
  const violations = [...Map.groupBy(own, claimKey)].flatMap(([key, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const { orderId, type } = first;
    const found: string[] = [];
    const [end, status] = [TOLD_END[type], statuses.get(orderId)];
    if (end !== undefined && end !== status)
      found.push(`order ${orderId} is ${status ?? 'unreadable'}, but its customer was mailed ${type}`);
    const taken = claims.get(key) ?? 0;
    if (same.length > taken)
      found.push(`order ${orderId}: ${same.length} mails about ${type}, which was taken up ${taken} times`);
    return found;
  });
  return { law: 1, name: 'One end told', checked: own.length, of: 'mails', violations };
}
