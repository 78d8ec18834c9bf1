import { OrdersTable } from './orders-table.ts';
import { stubbedClient } from './stubbed-client.fixture.ts';

const orders = new OrdersTable(
  stubbedClient(() => ({})),
  'orders',
  'tests',
);

it('writes no move that is not in the transition table', () => {
  expect(() => orders.advanceItem({ orderId: '1', from: 'PLACED', to: 'SHIPPED' })).toThrow(
    'No order moves from PLACED to SHIPPED.',
  );
});

it('gives each write of an order its next version, its time and its writer', () => {
  const { Update } = orders.advanceItem({ orderId: '1', from: 'PAID', to: 'ALLOCATED' });

  expect(Update).toMatchObject({
    UpdateExpression:
      'SET #status = :to, updatedAt = :updatedAt, updatedBy = :updatedBy ADD itemVersion :one',
    ExpressionAttributeValues: { ':to': 'ALLOCATED', ':updatedBy': 'tests', ':one': 1 },
  });
});
