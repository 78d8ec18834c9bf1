import { stubbedClient } from '@orderstream/lambda-kit/fixtures';
import { ItemTables } from './item-tables.ts';

const TABLES = { order: 'shop-orders', product: 'shop-products' };
const asked: ReturnType<typeof JSON.parse>[] = [];
const pauses: number[] = [];

/** Tables that give one answer after the other, the last one again and again. */
function tables(...answers: object[]): ItemTables {
  asked.length = 0;
  pauses.length = 0;
  const client = stubbedClient((input) => {
    asked.push(input);
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  });
  return new ItemTables(client, TABLES, async (pause) => pauses.push(pause));
}

const order = { orderId: '1', itemVersion: 2 };

it('orders and products are read in one call, consistently, and nothing of them that is not cached', async () => {
  const read = await tables({ Responses: { 'shop-orders': [order] } }).read([
    { kind: 'order', id: '1' },
    { kind: 'product', id: 'MUG' },
  ]);

  expect(read).toEqual(
    new Map([
      ['order#1', order],
      ['product#MUG', undefined],
    ]),
  );
  expect(asked).toHaveLength(1);
  const { 'shop-orders': orders, 'shop-products': products } = asked[0].RequestItems;
  expect(orders).toMatchObject({ Keys: [{ orderId: '1' }], ConsistentRead: true });
  expect(products).toMatchObject({ Keys: [{ sku: 'MUG' }], ConsistentRead: true });
  const names = Object.values(orders.ExpressionAttributeNames);
  expect(names).toEqual(expect.arrayContaining(['status', 'lines', 'itemVersion']));
  expect(names).not.toContain('paymentToken');
});

it('more than a hundred are read in several calls', async () => {
  await tables({}).read(Array.from({ length: 250 }, (_, n) => ({ kind: 'order' as const, id: String(n) })));

  expect(asked.map(({ RequestItems }) => RequestItems['shop-orders'].Keys.length)).toEqual([100, 100, 50]);
});

it('what DynamoDB leaves unread is asked for again, and if it stays so, is neither there nor gone', async () => {
  const unread = { UnprocessedKeys: { 'shop-orders': { Keys: [{ orderId: '2' }] } } };
  const both = [
    { kind: 'order' as const, id: '1' },
    { kind: 'order' as const, id: '2' },
  ];

  const again = await tables(
    { ...unread, Responses: { 'shop-orders': [order] } },
    { Responses: { 'shop-orders': [{ orderId: '2' }] } },
  ).read(both);
  expect([...again.keys()]).toEqual(['order#1', 'order#2']);
  expect(pauses).toHaveLength(1);

  const never = await tables(unread).read(both);
  expect([...never]).toEqual([['order#1', undefined]]);
  expect(asked).toHaveLength(6);
});

it('a page of keys tells where the next begins', async () => {
  const some = tables({ Items: [{ sku: 'A' }], LastEvaluatedKey: { sku: 'A' } }, { Items: [] });

  expect([await some.page('product', undefined), await some.page('product', 'A')]).toEqual([
    { ids: ['A'], next: 'A' },
    { ids: [] },
  ]);
  expect(asked[1]).toMatchObject({ TableName: 'shop-products', ExclusiveStartKey: { sku: 'A' } });
});
