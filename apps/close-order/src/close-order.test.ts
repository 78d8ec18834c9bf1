import type { Closing } from '@orderstream/domain';
import { storedOrder, type OrderWrite } from '@orderstream/lambda-kit';
import { beginClosing, finishClosing } from './close-order.ts';

const AT = '2026-01-01T00:00:00.000Z';
const INPUT = { orderId: '1', failure: { name: 'OutOfStock', message: 'There is too little of A.' } };
const REJECTED = { as: 'REJECTED', cause: 'OutOfStock', message: 'There is too little of A.', at: AT };

const anOrder = (change: object = {}) => storedOrder({ orderId: '1', status: 'PAID', ...change });

/** A table whose writes end as told, and the closings it was asked to write. */
function table(...writes: OrderWrite[]) {
  const asked: Closing[] = [];
  return {
    asked,
    beginClosing: async (_: string, closing: Closing) => {
      asked.push(closing);
      return writes.shift() ?? { done: true, order: anOrder() };
    },
    finishClosing: async () => writes.shift() ?? { done: true, order: anOrder() },
  };
}

it.each([
  ['OutOfStock', 'REJECTED'],
  ['CancellationRequested', 'CANCELLED'],
  ['Sandbox.Timedout', 'FAILED'],
])('decides that %s ends as %s', async (name, as) => {
  const orders = table();

  expect(await beginClosing(orders, { orderId: '1', failure: { name, message: 'why' } })).toEqual({
    orderId: '1',
    status: 'PAID',
  });
  expect(orders.asked).toMatchObject([{ as, cause: name }]);
});

it('decides again when the customer cancelled meanwhile', async () => {
  const orders = table({ done: false, order: anOrder({ cancelRequestedAt: AT }) });
  await beginClosing(orders, INPUT);

  expect(orders.asked.map(({ as }) => as)).toEqual(['REJECTED', 'CANCELLED']);
});

it('goes on with what was decided before', async () => {
  const orders = table({ done: false, order: anOrder({ closing: REJECTED }) });

  expect(await beginClosing(orders, INPUT)).toEqual({ orderId: '1', status: 'PAID' });
  expect(orders.asked).toHaveLength(1);
});

it('tells a person to look when nobody says why', async () => {
  const orders = table();
  await beginClosing(orders, { orderId: '1' });

  expect(orders.asked).toMatchObject([{ as: 'FAILED', cause: 'Unknown' }]);
});

it.each<[string, object, string]>([
  ['shipped', { status: 'SHIPPED' }, 'AlreadyClosed'],
  ['closed', { status: 'REJECTED', closing: REJECTED }, 'AlreadyClosed'],
])('does not begin with an order that is %s', async (_, change, name) => {
  await expect(beginClosing(table({ done: false, order: anOrder(change) }), INPUT)).rejects.toMatchObject({
    name,
  });
});

it.each<[string, object | undefined, string]>([
  ['is shipped', { status: 'SHIPPED' }, 'AlreadyClosed'],
  ['nobody closes', { status: 'PAID' }, 'InvalidStageInput'],
  ['is not there', undefined, 'OrderNotFound'],
])('does not finish an order that %s', async (_, change, name) => {
  const order = change === undefined ? undefined : anOrder(change);

  await expect(finishClosing(table({ done: false, order }), INPUT)).rejects.toMatchObject({ name });
});

it('finishes again what is finished', async () => {
  const closed = anOrder({ status: 'REJECTED', closing: REJECTED });

  expect(await finishClosing(table({ done: false, order: closed }), INPUT)).toEqual({
    orderId: '1',
    status: 'REJECTED',
  });
});
