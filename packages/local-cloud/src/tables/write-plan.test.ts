import { aTable } from './tables.fixture.ts';
import { planWrite } from './write-plan.ts';
import type { WriteOperation } from './write-plan.ts';

const orders = aTable('orders');
const tables = new Map([
  ['orders', orders],
  [orders.arn, orders],
]);
const key = { id: { S: 'a' } };

const plan = (operation: WriteOperation, input: unknown) =>
  planWrite(operation, Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)), tables);

describe('a write, taken apart', () => {
  it.each([
    [
      '{"TableName":"orders","Key":{"id":{"S":"a"}}}',
      '{"ReturnValues":"ALL_NEW","TableName":"orders","Key":{"id":{"S":"a"}}}',
    ],
    [
      '{"TableName":"orders","Key":{"id":{"S":"a"}},"ReturnValues":"NONE"}',
      '{"TableName":"orders","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_NEW"}',
    ],
  ])('asks for the new item where the caller asks for nothing: %s', (input, sent) => {
    expect(plan('UpdateItem', input)).toMatchObject({
      body: sent,
      hidesAttributes: true,
      answerHoldsItem: true,
    });
  });

  it.each([
    ['UpdateItem', { TableName: 'orders', Key: key, ReturnValues: 'UPDATED_OLD' }],
    ['UpdateItem', { TableName: 'elsewhere', Key: key }],
    ['PutItem', { TableName: 'orders', Item: key }],
    ['TransactWriteItems', { TransactItems: [{ Update: { TableName: 'orders', Key: key } }] }],
  ] as const)('is otherwise sent as it came: %s of %j', (operation, input) => {
    const body = Buffer.from(JSON.stringify(input));

    expect(planWrite(operation, body, tables)).toMatchObject({ body, hidesAttributes: false });
    expect(planWrite(operation, body, tables)?.body).toBe(body);
  });

  it('knows what an item will be only where the request is sure to tell', () => {
    const batch = {
      RequestItems: {
        [orders.arn]: [
          { PutRequest: { Item: { ...key, n: { N: '1.5' } } } },
          { PutRequest: { Item: { id: { S: 'b' }, n: { N: '1.50' } } } },
          { DeleteRequest: { Key: { id: { S: 'c' } } } },
        ],
        elsewhere: [{ DeleteRequest: { Key: key } }],
      },
    };

    const { items, known } = plan('BatchWriteItem', batch)!;

    expect(items.map(({ id }) => id)).toEqual(['orders/a', 'orders/b', 'orders/c']);
    expect([...known]).toEqual([
      ['orders/a', { ...key, n: { N: '1.5' } }],
      ['orders/c', undefined],
    ]);
  });

  it('leaves conditions and other tables of a transaction out', () => {
    const transaction = {
      TransactItems: [
        { ConditionCheck: { TableName: 'orders', Key: key, ConditionExpression: 'attribute_exists(id)' } },
        { Put: { TableName: 'elsewhere', Item: key } },
        { Put: { TableName: 'orders', Item: { id: { S: 'b' } } } },
      ],
    };

    const { items, known } = plan('TransactWriteItems', transaction)!;

    expect([items.map(({ id }) => id), known.size]).toEqual([['orders/b'], 0]);
  });

  it.each([
    ['PutItem', 'no JSON'],
    ['PutItem', { Item: key }],
    ['PutItem', { TableName: 'orders', Item: { n: { N: '1' } } }],
    ['DeleteItem', { TableName: 'orders', Key: { id: { N: '1' } } }],
    ['BatchWriteItem', { RequestItems: [] }],
  ] as const)('is left to the engine to refuse when it is not well formed: %s of %j', (operation, input) => {
    expect(plan(operation, input)).toBeUndefined();
  });
});
