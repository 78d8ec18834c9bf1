import type { Order } from '@orderstream/domain';
import { storedOrder, type OrderWrite } from '@orderstream/lambda-kit';
import type { Charge, PaymentGateway } from './payment-gateway.ts';
import { chargeOrder, refundOrder } from './process-payment.ts';

const INPUT = { orderId: '1' };
const CHARGE: Charge = { chargeId: 'ch_1', amount: '2.12', at: '2026-01-01T00:00:00.000Z' };

function anOrder(change: Partial<Order> = {}) {
  const paying = { total: '2.125', currency: 'GBP', paymentToken: 'tok_approve' };
  return storedOrder({ orderId: '1', status: 'VALIDATED', ...paying, ...change });
}

/** A table whose writes end as told, the intent first. */
function table(...writes: OrderWrite[]) {
  return { advance: jest.fn(async () => writes.shift() ?? { done: true, order: undefined }) };
}

function gateway(answers: Partial<PaymentGateway> = {}) {
  return {
    find: jest.fn(answers.find ?? (async () => undefined)),
    charge: jest.fn(answers.charge ?? (async () => CHARGE)),
    refund: jest.fn(answers.refund ?? (async () => undefined)),
  };
}

const FIRST: OrderWrite = { done: true, order: anOrder() };
const LATER: OrderWrite = { done: false, order: anOrder() };

it('charges the total, rounded half even, once it has written that it will', async () => {
  const orders = table(FIRST);
  const provider = gateway();

  expect(await chargeOrder(orders, provider, INPUT)).toEqual({ orderId: '1', status: 'PAID' });
  expect(provider.find).not.toHaveBeenCalled();
  expect(provider.charge).toHaveBeenCalledWith(
    { key: 'charge#1', orderId: '1', amount: '2.12', currency: 'GBP', token: 'tok_approve' },
    expect.any(AbortSignal),
  );
  expect(orders.advance).toHaveBeenLastCalledWith(
    expect.objectContaining({ from: 'VALIDATED', to: 'PAID', set: { charge: CHARGE } }),
  );
});

it('asks what happened when an earlier run meant to charge, and does not charge again', async () => {
  const orders = table(LATER);
  const provider = gateway({ find: async () => CHARGE });

  expect(await chargeOrder(orders, provider, INPUT)).toEqual({ orderId: '1', status: 'PAID' });
  expect(provider.charge).not.toHaveBeenCalled();
});

it('charges when the earlier run did not come so far', async () => {
  const provider = gateway();
  await chargeOrder(table(LATER), provider, INPUT);

  expect(provider.find).toHaveBeenCalledTimes(1);
  expect(provider.charge).toHaveBeenCalledTimes(1);
});

it.each<[string, Partial<PaymentGateway>]>([
  ['found', { find: async () => 'sealed' }],
  ['met', { charge: async () => 'sealed' }],
])('leaves an order whose refund it has %s to its compensation', async (_, answers) => {
  const orders = table(LATER);

  await expect(chargeOrder(orders, gateway(answers), INPUT)).rejects.toMatchObject({
    name: 'ClosingUnfinished',
  });
  expect(orders.advance).toHaveBeenCalledTimes(1);
});

it('charges nothing when the customer was first', async () => {
  const provider = gateway();
  const cancelled = anOrder({ cancelRequestedAt: '2026-01-01T00:00:00.000Z' });

  await expect(chargeOrder(table({ done: false, order: cancelled }), provider, INPUT)).rejects.toMatchObject({
    name: 'CancellationRequested',
  });
  expect(provider.charge).not.toHaveBeenCalled();
});

describe('a gateway that does not answer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const silent = () => new Promise<never>(() => undefined);

  it.each<[string, () => Promise<unknown>]>([
    ['charge', () => chargeOrder(table(FIRST), gateway({ charge: silent }), INPUT)],
    ['find', () => chargeOrder(table(LATER), gateway({ find: silent }), INPUT)],
    ['refund', () => refundOrder({ read: async () => closing }, gateway({ refund: silent }), INPUT)],
  ])('to %s is unavailable after 5 seconds', async (_, ask) => {
    const asked = expect(ask()).rejects.toMatchObject({ name: 'PaymentGatewayUnavailable' });

    await jest.advanceTimersByTimeAsync(5_000);

    await asked;
  });

  const closing = anOrder({
    closing: { as: 'FAILED', cause: 'x', message: 'y', at: '2026-01-01T00:00:00.000Z' },
  });
});

it('refunds nothing of an order that nobody closes', async () => {
  const provider = gateway();

  await expect(refundOrder({ read: async () => anOrder() }, provider, INPUT)).rejects.toMatchObject({
    name: 'InvalidStageInput',
  });
  expect(provider.refund).not.toHaveBeenCalled();
});
