import { orderIdOfEvent, orderIdsOf } from './order-ids.ts';

const change = (name: string, id: string) => ({ dynamodb: { Keys: { [name]: { S: id } } } });

it('names the orders of a batch of changes, each once, and nothing else', () => {
  const records = [change('orderId', 'o-1'), change('sku', 'MUG'), change('orderId', 'o-1'), {}];

  expect(orderIdsOf([...records, change('orderId', 'o-2')])).toEqual(['o-1', 'o-2']);
});

it.each<[string, unknown, string | undefined]>([
  ['an order', { subject: { kind: 'order', id: 'o-1', itemVersion: 1 } }, 'o-1'],
  ['an order without saying so', { subject: { id: 'o-1' } }, 'o-1'],
  ['a product', { subject: { kind: 'product', id: 'MUG' } }, undefined],
  ['nothing', {}, undefined],
  ['nothing at all', null, undefined],
])('finds the order of an event about %s', (_, event, orderId) => {
  expect(orderIdOfEvent(event)).toBe(orderId);
});
