import {
  chargeAmount,
  chargeKey,
  ClosingUnfinished,
  compareMoney,
  OrderstreamError,
  PaymentGatewayUnavailable,
  TIMEOUTS,
  type Decimal,
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
import type { Charge, PaymentGateway } from './payment-gateway.ts';

/**
 * What the provider has charged for an order is not what is due: an earlier run charged another total, or a person did. The
 * order does not go on with it; its compensation gives it back.
 */
export class ChargeDiffers extends OrderstreamError {
  constructor(orderId: string, { chargeId, amount }: Charge, due: Decimal) {
    super(
      'ChargeDiffers',
      `Order ${orderId} was charged ${amount} (${chargeId}), but ${due} is due. It is given back; look who changed the order, then place it again.`,
      { orderId, chargeId, amount, due },
    );
  }
}

const STEP = { from: 'VALIDATED', to: 'PAID' } as const;

/**
 * Charges an order. The intent is written first, on condition that nobody cancelled or closes the order; a run that
 * finds the intent there asks the provider what happened before it acts.
 *
 * @throws PaymentDeclined, PaymentGatewayUnavailable, ChargeDiffers; CancellationRequested, ClosingUnfinished or
 * AlreadyClosed also after the charge: compensation then asks the provider and refunds.
 */
export async function chargeOrder(
  orders: Pick<OrdersTable, 'advance'>,
  gateway: PaymentGateway,
  { orderId }: StageInput,
): Promise<StageOutput> {
  const subject = { key: chargeKey(orderId), orderId };
  const chargeIntent = { key: subject.key, at: new Date().toISOString() };
  const intent = await orders.advance(
    { orderId, from: STEP.from, set: { chargeIntent }, once: 'chargeIntent' },
    'ALL_NEW',
  );
  const stands = standing(orderId, intent.order, STEP);
  if ('earlier' in stands) return stands.earlier;
  const { total, currency, paymentToken: token } = validatedOrder(stands.ready);
  const amount = chargeAmount(total, currency);

  const found = intent.done ? undefined : await inTime(orderId, (signal) => gateway.find(subject, signal));
  const charge =
    found ??
    (await inTime(orderId, (signal) => gateway.charge({ ...subject, amount, currency, token }, signal)));
  if (charge === 'sealed') throw new ClosingUnfinished(orderId, 'its payment was refunded');
  if (compareMoney(charge.amount, amount) !== 0) throw new ChargeDiffers(orderId, charge, amount);

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
