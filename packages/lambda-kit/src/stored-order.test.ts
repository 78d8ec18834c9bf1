import { ORDER_STATUSES, type OrderStatus } from '@orderstream/domain';
import {
  closingOrder,
  refusedResult,
  standing,
  storedOrder,
  validatedOrder,
  type Step,
  type StoredOrder,
} from './stored-order.ts';

const STEP = { from: 'PAID', to: 'ALLOCATED' } as const;
const AT = '2026-01-01T00:00:00.000Z';
const CHARGE = { chargeId: 'ch_1', amount: '1', at: AT };
const CLOSING = { as: 'FAILED', cause: 'x', message: 'y', at: AT } as const;

function order(status: OrderStatus, change: Partial<StoredOrder> = {}): StoredOrder {
  const charged = status === 'PAID' || status === 'ALLOCATED' ? { charge: CHARGE } : {};
  return { orderId: '1', status, itemVersion: 1, placedAt: AT, updatedAt: AT, ...charged, ...change };
}

function outcome(found: () => unknown): unknown {
  try {
    return found();
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}

const EARLIER = (status: OrderStatus) => ({ earlier: { orderId: '1', status } });
const READY = { ready: expect.anything() };

describe('a stage that takes orders from PAID to ALLOCATED', () => {
  it.each<[OrderStatus, unknown, unknown, unknown]>([
    // as it is, being closed, with a wish to cancel
    ['PLACED', 'InvalidStageInput', 'ClosingUnfinished', 'CancellationRequested'],
    ['VALIDATED', 'InvalidStageInput', 'ClosingUnfinished', 'CancellationRequested'],
    ['PAID', READY, 'ClosingUnfinished', 'CancellationRequested'],
    ['ALLOCATED', EARLIER('ALLOCATED'), 'ClosingUnfinished', EARLIER('ALLOCATED')],
    ['SHIPPED', EARLIER('SHIPPED'), 'AlreadyClosed', EARLIER('SHIPPED')],
    ['REJECTED', 'AlreadyClosed', 'AlreadyClosed', 'AlreadyClosed'],
    ['CANCELLED', 'AlreadyClosed', 'AlreadyClosed', 'AlreadyClosed'],
    ['FAILED', 'AlreadyClosed', 'AlreadyClosed', 'AlreadyClosed'],
  ])('knows what to do with one that is %s', (status, asItIs, closing, cancelled) => {
    const meets = (change: Partial<StoredOrder>) => outcome(() => standing('1', order(status, change), STEP));

    expect([meets({}), meets({ closing: CLOSING }), meets({ cancelRequestedAt: AT })]).toEqual([
      asItIs,
      closing,
      cancelled,
    ]);
  });

  it.each<[OrderStatus, Step]>([
    ['PAID', { from: 'PLACED', to: 'VALIDATED' }],
    ['PAID', { from: 'VALIDATED', to: 'PAID' }],
    ['PAID', STEP],
    ['ALLOCATED', STEP],
    ['ALLOCATED', { from: 'ALLOCATED', to: 'SHIPPED' }],
  ])('does not take one that is %s without a charge on: %j', (status, step) => {
    expect(outcome(() => standing('1', order(status, { charge: undefined }), step))).toBe(
      'InvalidStageInput',
    );
  });

  it('does not know an order that is not there', () => {
    expect(outcome(() => standing('1', undefined, STEP))).toBe('OrderNotFound');
  });

  it('looks again when the order that refused a write is ready for it', () => {
    expect(outcome(() => refusedResult('1', order('PAID'), STEP))).toBe('Throttled');
    expect(refusedResult('1', order('SHIPPED'), STEP)).toEqual({ orderId: '1', status: 'SHIPPED' });
  });
});

describe('compensation', () => {
  it.each(ORDER_STATUSES)('works on an order that is %s only while or after it is closed', (status) => {
    const open = ['PLACED', 'VALIDATED', 'PAID', 'ALLOCATED'].includes(status);
    const closing = order(status, { closing: CLOSING });

    expect(closingOrder('1', closing)).toBe(closing);
    expect(outcome(() => closingOrder('1', order(status)))).toBe(
      open ? 'InvalidStageInput' : 'AlreadyClosed',
    );
  });
});

it('relies on the values of an order only once it was validated', () => {
  expect(outcome(() => validatedOrder(order('PLACED')))).toBe('InvalidStageInput');
  expect(outcome(() => validatedOrder(order('REJECTED')))).toBe('InvalidStageInput');
  expect(validatedOrder(order('VALIDATED'))).toEqual(order('VALIDATED'));
});

it('names an item of the table that is no order', () => {
  expect(() => storedOrder({ orderId: '1', status: 'NEW' })).toThrow('The item "1" of the orders table');
  expect(storedOrder(undefined)).toBeUndefined();
});

it('tells nothing of such an item that may be personal', () => {
  expect(() => storedOrder({ orderId: '1', status: 'jane@example.com' })).toThrow(
    'its status is (a text of 16 characters)',
  );
  expect(() => storedOrder({ orderId: 'jane@example.com', status: 'PLACED' })).toThrow(
    'The item (a text of 16 characters) of',
  );
});
