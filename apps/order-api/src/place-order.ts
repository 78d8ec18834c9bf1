import { isOrderId } from '@orderstream/domain';
import {
  logger,
  Problem,
  unknownParameters,
  type Answer,
  type ApiRequest,
  type OrdersTable,
  type StoredOrder,
  type WrongField,
} from '@orderstream/lambda-kit';
import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ReadOrders } from './cached-items.ts';
import type { Catalogue } from './catalogue.ts';
import type { CustomerOrders } from './customer-orders.ts';
import { newOrder } from './new-order.ts';
import { readPlacement, type Placement } from './placement.ts';
import { orderView } from './view.ts';

/** What placing an order needs. */
export interface Shop {
  readonly catalogue: Pick<Catalogue, 'products'>;
  readonly customerOrders: Pick<CustomerOrders, 'create'>;
  readonly orders: Pick<OrdersTable, 'read'>;
  readonly readOrders: Pick<ReadOrders, 'wrote'>;
  readonly currency: string;
  /** Name of the app, as the order's writer. */
  readonly writer: string;
}

/**
 * POST /orders: writes an order, from which everything else follows. With an Idempotency-Key the order's id follows from
 * customer and key, so that a repeat finds the order of the first time: it is answered with that, whatever has become of
 * the catalogue since, and refused if it asks for something else.
 */
export async function placeOrder(request: ApiRequest, shop: Shop): Promise<Answer> {
  const { customerId, trace, headers, query } = request;
  const { currency, writer } = shop;
  const key = headers['idempotency-key'];
  const placement = readPlacement(request.json(), [...unknownParameters(query), ...wrongKey(key)]);
  const orderId = key === undefined ? randomUUID() : orderIdOf(customerId, key);

  const [earlier, products] = await Promise.all([
    key === undefined ? undefined : shop.orders.read(orderId),
    shop.catalogue.products(placement.lines.map(({ sku }) => sku)),
  ]);
  if (earlier !== undefined) return repeated(earlier, placement);

  const now = Date.now();
  const order = newOrder(placement, { orderId, customerId, now, currency, products, writer, trace });
  const found = await shop.customerOrders.create(order);
  if (found !== undefined) return repeated(found, placement);
  logger.info('Order placed.', { orderId, trace });
  await shop.readOrders.wrote(orderId, order);
  return { status: 201, headers: { location: `/orders/${orderId}` }, body: orderView(order) };
}

function wrongKey(key: string | undefined): WrongField[] {
  if (key === undefined || isOrderId(key)) return [];
  return [{ field: 'Idempotency-Key', problem: 'must be 1 to 64 of A–Z a–z 0–9 _ -, such as a UUID' }];
}

function orderIdOf(customerId: string, key: string): string {
  const hash = createHash('sha256').update(JSON.stringify([customerId, key]));
  return hash.digest('hex').slice(0, 32);
}

function repeated(order: StoredOrder, placement: Placement): Answer {
  if (isDeepStrictEqual(content(order), content(placement))) return { status: 200, body: orderView(order) };
  throw new Problem(
    'key-used-before',
    `Order ${order.orderId} was placed with this Idempotency-Key and has other content. Use a new key for another order.`,
  );
}

/** What the customer sent, of an order or a request for one. */
function content(sent: StoredOrder | Placement) {
  const { lines = [], paymentToken, shippingAddress, email, phone, smsUpdates } = sent;
  const goods = lines.map(({ sku, quantity }) => [sku, quantity]);
  return [goods, paymentToken, shippingAddress, email, phone, phone === undefined ? undefined : smsUpdates];
}
