import {
  chargeAmount,
  chargeKey,
  ClosingUnfinished,
  PaymentGatewayUnavailable,
  TIMEOUTS,
} from '@orderstream/domain';
import {
  closingOrder,
  refusedResult,
  standing,
  validatedOrder,
  withinDeadline,
  type OrdersTable,
  type StageInput,
  type StageOutput,
} from '@orderstream/lambda-kit';
import type { PaymentGateway } from './payment-gateway.ts';

const STEP = { from: 'VALIDATED', to: 'PAID' } as const;

/**
 * Charges an order. The intent is written first, on condition that nobody cancelled or closes the order; a run that
 * finds the intent there asks the provider what happened before it acts.
 *
 * @throws PaymentDeclined, PaymentGatewayUnavailable; CancellationRequested, ClosingUnfinished or AlreadyClosed also
 * after the charge: compensation then asks the provider and refunds.
 */
export async function chargeOrder(
  orders: Pick<OrdersTable, 'advance'>,
  gateway: PaymentGateway,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const key = chargeKey(orderId);
  const chargeIntent = { key, at: new Date().toISOString() };
  const intent = await orders.advance(
    { orderId, from: STEP.from, set: { chargeIntent }, once: 'chargeIntent' },
    'ALL_NEW',
  );
  const stands = standing(orderId, intent.order, STEP);
  if ('earlier' in stands) return stands.earlier;
  const order = validatedOrder(stands.ready);

  const found = intent.done ? undefined : await inTime(orderId, (signal) => gateway.find(key, signal));
  const charge =
    found ??
    (await inTime(orderId, (signal) =>
      gateway.charge(
        {
          key,
          orderId,
          amount: chargeAmount(order.total, order.currency),
          currency: order.currency,
          token: order.paymentToken,
        },
        signal,
      ),
    ));
  if (charge === 'sealed') throw new ClosingUnfinished(orderId, 'its payment was refunded');

  const paid = await orders.advance({ orderId, ...STEP, set: { charge } });
  return paid.done ? { orderId, status: STEP.to } : refusedResult(orderId, paid.order, STEP);
}

/** Gives back what the provider says was charged, and rules out a later charge. */
export async function refundOrder(
  orders: Pick<OrdersTable, 'read'>,
  gateway: PaymentGateway,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const order = closingOrder(orderId, await orders.read(orderId));
  await inTime(orderId, (signal) => gateway.refund({ key: chargeKey(orderId), orderId }, signal));
  return { orderId, status: order.status };
}

function inTime<Answer>(orderId: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const late = () => new PaymentGatewayUnavailable(orderId, `no answer within ${TIMEOUTS.gateway} s`);
  return withinDeadline(TIMEOUTS.gateway * 1000, ask, late);
}
