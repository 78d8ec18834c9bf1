import { storedOrder } from '@orderstream/lambda-kit';
import { orderStatus } from './order-status.ts';

const orders = (item: Record<string, unknown> | undefined) => ({ read: async () => storedOrder(item) });

it('is what the order says, and none where there is no order', async () => {
  expect(await orderStatus(orders({ orderId: 'a', status: 'PAID' }), 'a')).toBe('PAID');
  expect(await orderStatus(orders(undefined), 'a')).toBeUndefined();
});

it('of an order that nobody can read is told, so that other letters are not kept waiting', async () => {
  expect(await orderStatus(orders({ orderId: 'a', status: 'placed' }), 'a')).toBe(
    'a status that nobody can read',
  );
});

it('is not made up where the table does not answer', async () => {
  const read = () => Promise.reject(new Error('throttled'));

  await expect(orderStatus({ read }, 'a')).rejects.toThrow('throttled');
});
