import { receiveGoods, addProducts } from '../replay/write.ts';
import type { CloudClient, CloudStatus } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { paced } from '../pace.ts';
import type { Session } from '../session.ts';
import { CATALOGUE } from './catalogue.ts';
import type { SampleOrder } from './orders.ts';
import { afterOrder, beforeOrder, guestBeside, type Visit } from './visits.ts';

/** Puts the catalogue and its first goods in; safe to run twice. */
export async function stockShop(session: Session): Promise<void> {
  await addProducts(session, CATALOGUE);
  await receiveGoods(session, 'sample-catalogue', new Map(CATALOGUE.map(({ sku, pieces }) => [sku, pieces])));
}

/**
 * Sends the orders to the API as their customers, together with what they and some guests do in the shop, and cancels
 * those that are to be cancelled; one that is shipping already (409) ships all the same.
 * @throws UsageError for any other answer that is no success.
 */
export async function sendOrders(
  session: { readonly status: Pick<CloudStatus, 'api'>; readonly cloud: Pick<CloudClient, 'token'> },
  orders: readonly SampleOrder[],
  options: { perSecond: number; signal: AbortSignal; onSent: (sent: number) => void },
): Promise<void> {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (customer: string) => {
    const token = tokens.get(customer) ?? session.cloud.token(customer);
    tokens.set(customer, token);
    return token;
  };
  let sent = 0;
  await paced(
    orders,
    { perSecond: options.perSecond, concurrency: 32, signal: options.signal },
    async (order, index) => {
      const token = await tokenOf(order.customer);
      const post = async (path: string, body: object | undefined, accepted?: number) => {
        const answer = await fetch(`${session.status.api}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: body === undefined ? null : JSON.stringify(body),
          signal: options.signal,
        });
        const text = await answer.text();
        if (answer.ok || answer.status === accepted) return JSON.parse(text) as Record<string, unknown>;
        throw new UsageError(`The API answered ${answer.status} to POST ${path}: ${text}`, 1);
      };
      const visit = ({ sessionId, activities }: Visit) =>
        sessionId === undefined
          ? post('/activity/me', { activities })
          : post('/activity', { sessionId, activities });
      const guest = guestBeside(order, index);
      if (guest !== undefined) await visit(guest);
      await visit(beforeOrder(order));
      const { orderId } = await post('/orders', order.body);
      if (order.fate === 'cancelled') await post(`/orders/${String(orderId)}/cancel`, undefined, 409);
      await visit(afterOrder(String(orderId)));
      options.onSent(++sent);
    },
  );
}
