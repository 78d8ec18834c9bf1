import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CustomerOrders } from './customer-orders.ts';
import { newOrder } from './new-order.ts';
import { readPlacement } from './placement.ts';
import { DynamoDbServer } from './testing/dynamodb-server.ts';
import { PLACEMENT } from './testing/fake-shop.ts';

const dynamodb = new DynamoDbServer();
let client: DynamoDBDocumentClient;
let orders: CustomerOrders;

beforeAll(async () => {
  client = await dynamodb.start();
  orders = new CustomerOrders(client, 'shop-orders');
});

afterAll(() => dynamodb.stop());

const ORDER = newOrder(readPlacement(PLACEMENT), {
  orderId: 'o-1',
  customerId: 'ada',
  now: Date.parse('2026-01-01'),
  currency: 'GBP',
  products: new Map([['MUG', { sku: 'MUG', name: 'Mug', unitPrice: '4.25', currency: 'GBP' }]]),
  writer: 'order-api',
  trace: undefined,
});

describe('creating an order', () => {
  it('writes it where there is none of its id', async () => {
    dynamodb.answer({});

    expect(await orders.create(ORDER)).toBeUndefined();
    expect(dynamodb.calls).toEqual([
      {
        operation: 'PutItem',
        input: expect.objectContaining({
          TableName: 'shop-orders',
          ConditionExpression: 'attribute_not_exists(orderId)',
          Item: expect.objectContaining({ orderId: { S: 'o-1' }, total: { S: '16.14' } }),
        }),
      },
    ]);
  });

  it('finds the one that there is', async () => {
    dynamodb.answer({
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { orderId: { S: 'o-1' }, status: { S: 'SHIPPED' } },
    });

    expect(await orders.create(ORDER)).toEqual({ orderId: 'o-1', status: 'SHIPPED' });
  });

  it('fails where DynamoDB refuses for another reason', async () => {
    dynamodb.answer({ __type: 'ResourceNotFoundException', message: 'There is no table' });

    await expect(orders.create(ORDER)).rejects.toThrow('There is no table');
  });
});

describe('looking through a customer’s orders', () => {
  const last = {
    customerId: { S: 'ada' },
    placedAt: { S: '2026-01-01T00:00:00.000Z' },
    orderId: { S: 'o-1' },
  };

  it('reads the index backwards, and knows where it stopped', async () => {
    dynamodb.answer({ Items: [{ orderId: { S: 'o-1' }, total: { S: '1' } }], LastEvaluatedKey: last });

    const page = await orders.list('ada', 1, undefined);

    expect(page).toEqual({
      orders: [{ orderId: 'o-1', total: '1' }],
      end: { placedAt: '2026-01-01T00:00:00.000Z', orderId: 'o-1' },
    });
    expect(dynamodb.calls[0]).toMatchObject({
      operation: 'Query',
      input: { IndexName: 'byCustomer', ScanIndexForward: false, Limit: 1 },
    });
    expect(dynamodb.calls[0]!.input).not.toHaveProperty('ExclusiveStartKey');
  });

  it('goes on where it stopped, in the same customer’s orders', async () => {
    dynamodb.answer({ Items: [] });

    const page = await orders.list('ada', 20, { placedAt: last.placedAt.S, orderId: 'o-1' });

    expect(page).toEqual({ orders: [], end: undefined });
    expect(dynamodb.calls[0]!.input.ExclusiveStartKey).toEqual(last);
  });
});
