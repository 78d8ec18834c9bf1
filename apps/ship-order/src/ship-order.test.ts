import { storedOrder, type OrderWrite } from '@orderstream/lambda-kit';
import type { Carrier, Shipment } from './carrier.ts';
import { shipOrder, voidShipment } from './ship-order.ts';

const INPUT = { orderId: '1' };
const AT = '2026-01-01T00:00:00.000Z';
const SHIPMENT: Shipment = { shipmentId: 'sh_1', at: AT };
const ADDRESS = { name: 'A. Customer', line1: '1 High Street', city: 'Leeds', country: 'United Kingdom' };

const ORDER = storedOrder({
  orderId: '1',
  status: 'ALLOCATED',
  lines: [{ sku: 'A', quantity: 2, unitPrice: '1' }],
  shippingAddress: ADDRESS,
  charge: { chargeId: 'ch_1', amount: '1', at: AT },
});
const FIRST: OrderWrite = { done: true, order: ORDER };
const LATER: OrderWrite = { done: false, order: ORDER };

function table(intent: OrderWrite) {
  return { advance: async () => intent, advanceItem: jest.fn(() => ({})), forwardCheck: () => ({}) };
}

const goods = () => ({ move: jest.fn(async () => ({ outcome: 'moved' as const })) });

function carrier(answers: Partial<Carrier> = {}) {
  return {
    find: jest.fn(answers.find ?? (async () => undefined)),
    ship: jest.fn(answers.ship ?? (async () => SHIPMENT)),
    void: jest.fn(answers.void ?? (async () => undefined)),
  };
}

it('ships, then moves the goods, and the order to its end with the last of them', async () => {
  const orders = table(FIRST);
  const stock = goods();
  const provider = carrier();

  expect(await shipOrder(orders, stock, provider, INPUT)).toEqual({ orderId: '1', status: 'SHIPPED' });
  expect(provider.find).not.toHaveBeenCalled();
  expect(provider.ship).toHaveBeenCalledWith(
    { key: 'shipment#1', orderId: '1', address: ADDRESS },
    expect.any(AbortSignal),
  );
  expect(stock.move).toHaveBeenCalledWith(expect.objectContaining({ from: 'taken', to: 'shipped' }));
  expect(orders.advanceItem).toHaveBeenLastCalledWith({
    orderId: '1',
    from: 'ALLOCATED',
    to: 'SHIPPED',
    set: { shipment: SHIPMENT, closedAt: expect.any(String) },
    remove: 'openShard',
  });
});

it('asks what happened when shipping has begun, and does not ship again', async () => {
  const provider = carrier({ find: async () => SHIPMENT });

  expect(await shipOrder(table(LATER), goods(), provider, INPUT)).toMatchObject({ status: 'SHIPPED' });
  expect(provider.ship).not.toHaveBeenCalled();
});

it.each<[string, Partial<Carrier>]>([
  ['found', { find: async () => 'sealed' }],
  ['met', { ship: async () => 'sealed' }],
])('moves no goods of an order whose voided shipment it has %s', async (_, answers) => {
  const stock = goods();

  await expect(shipOrder(table(LATER), stock, carrier(answers), INPUT)).rejects.toMatchObject({
    name: 'ClosingUnfinished',
  });
  expect(stock.move).not.toHaveBeenCalled();
});

it('is CarrierUnavailable for a carrier that does not answer within 5 seconds', async () => {
  jest.useFakeTimers();
  const silent = carrier({ ship: () => new Promise<never>(() => undefined) });
  const asked = expect(shipOrder(table(FIRST), goods(), silent, INPUT)).rejects.toMatchObject({
    name: 'CarrierUnavailable',
  });

  await jest.advanceTimersByTimeAsync(5_000);

  await asked;
  jest.useRealTimers();
});

it('ships no order that has its goods by its status alone', async () => {
  const provider = carrier();
  const uncharged = table({ done: true, order: storedOrder({ ...ORDER, charge: undefined }) });

  await expect(shipOrder(uncharged, goods(), provider, INPUT)).rejects.toMatchObject({
    name: 'InvalidStageInput',
  });
  expect(provider.ship).not.toHaveBeenCalled();
});

it('voids nothing of an order that nobody closes', async () => {
  const provider = carrier();

  await expect(voidShipment({ read: async () => ORDER }, provider, INPUT)).rejects.toMatchObject({
    name: 'InvalidStageInput',
  });
  expect(provider.void).not.toHaveBeenCalled();
});
