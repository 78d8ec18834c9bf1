import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { documentClient } from '@orderstream/lambda-kit';
import { describeAgainstEngine } from '@orderstream/test-engine';
import { EndedOrders } from './ended-orders.ts';

describeAgainstEngine('orders that ended, as the function itself reads them', () => {
  it('one with numbers beyond all bounds keeps nobody from the rest of its page', async () => {
    const client = documentClient();
    await client.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
      }),
    );
    for (const [orderId, quantity] of Object.entries({ a: '12345678901234567.5', b: '1E+30', c: '1' })) {
      const lines = { L: [{ M: { quantity: { N: quantity } } }] };
      const Item = { orderId: { S: orderId }, status: { S: 'SHIPPED' }, lines };
      await client.send(new PutItemCommand({ TableName: 'orders', Item }));
    }

    const { orders } = await new EndedOrders(client, 'orders').page(undefined);

    const found = orders.map(({ orderId, lines }) => [orderId, JSON.stringify(lines)]);
    expect(found.toSorted()).toEqual([
      ['a', '[{"quantity":12345678901234568}]'],
      ['b', '[{"quantity":1e+30}]'],
      ['c', '[{"quantity":1}]'],
    ]);
  });
});
