import { CarrierUnavailable, ClosingUnfinished, shipmentKey, TIMEOUTS } from '@orderstream/domain';
import {
  closingOrder,
  moveGoods,
  standing,
  validatedOrder,
  withinDeadline,
  type GoodsTables,
  type OrdersTable,
  type StageInput,
  type StageOutput,
} from '@orderstream/lambda-kit';
import type { Carrier } from './carrier.ts';

const STEP = { from: 'ALLOCATED', to: 'SHIPPED' } as const;

/**
 * Ships an order. The start of shipping is written first, on condition that nobody cancelled or closes the order, and
 * from then on a wish to cancel is refused; a run that finds it written asks the carrier what happened before it acts.
 * Then the goods leave the stock, and with the last of them the order is SHIPPED, which is its end.
 *
 * @throws UndeliverableAddress, CarrierUnavailable; CancellationRequested, ClosingUnfinished or AlreadyClosed where one
 * was first.
 */
export async function shipOrder(
  orders: Pick<OrdersTable, 'advance' | 'advanceItem' | 'forwardCheck'>,
  goods: Pick<GoodsTables, 'move'>,
  carrier: Carrier,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const key = shipmentKey(orderId);
  const intent = await orders.advance(
    {
      orderId,
      from: STEP.from,
      set: { shippingStartedAt: new Date().toISOString() },
      once: 'shippingStartedAt',
    },
    'ALL_NEW',
  );
  const stands = standing(orderId, intent.order, STEP);
  if ('earlier' in stands) return stands.earlier;
  const order = validatedOrder(stands.ready);

  const found = intent.done ? undefined : await inTime(orderId, (signal) => carrier.find(key, signal));
  const shipment =
    found ??
    (await inTime(orderId, (signal) =>
      carrier.ship({ key, orderId, address: order.shippingAddress }, signal),
    ));
  if (shipment === 'sealed') throw new ClosingUnfinished(orderId, 'its shipment was voided');

  return moveGoods(orders, goods, order, {
    ...STEP,
    chunks: { from: 'taken', to: 'shipped' },
    with: { set: { shipment, closedAt: new Date().toISOString() }, remove: 'openShard' },
  });
}

/** Calls back what the carrier says was shipped, and rules out a later shipment. */
export async function voidShipment(
  orders: Pick<OrdersTable, 'read'>,
  carrier: Carrier,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const order = closingOrder(orderId, await orders.read(orderId));
  await inTime(orderId, (signal) => carrier.void({ key: shipmentKey(orderId), orderId }, signal));
  return { orderId, status: order.status };
}

function inTime<Answer>(orderId: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const late = () => new CarrierUnavailable(orderId, `no answer within ${TIMEOUTS.gateway} s`);
  return withinDeadline(TIMEOUTS.gateway * 1000, ask, late);
}
