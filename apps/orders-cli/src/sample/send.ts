import { receiveGoods, addProducts } from '../replay/write.ts';
import { paced } from '../pace.ts';
import type { Session } from '../session.ts';
import { CATALOGUE } from './catalogue.ts';
import type { SampleOrder } from './orders.ts';

/** Puts the catalogue and its first goods in; safe to run twice. */
export async function stockShop(session: Session): Promise<void> {
  await addProducts(session, CATALOGUE);
  await receiveGoods(session, 'sample-catalogue', new Map(CATALOGUE.map(({ sku, pieces }) => [sku, pieces])));
}

/** Sends the orders to the API as their customers, cancelling those that are to be cancelled. */
export async function sendOrders(
  session: Session,
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
    async (order) => {
      const token = await tokenOf(order.customer);
      const placed = await post(`${session.status.api}/orders`, token, order.body, options.signal);
      if (order.fate === 'cancelled') {
        await post(
          `${session.status.api}/orders/${String(placed['orderId'])}/cancel`,
          token,
          undefined,
          options.signal,
        );
      }
      options.onSent(++sent);
    },
  );
}

async function post(
  url: string,
  token: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`The API answered ${answer.status} to POST ${new URL(url).pathname}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
