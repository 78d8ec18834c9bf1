import { createServer } from 'node:http';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { orderProblems } from '@orderstream/domain';
import { conditionalWrite } from './conditional-write.ts';
import { documentClient } from './document-client.ts';
import { OrdersTable } from './orders-table.ts';
import { transact } from './transaction.ts';

/** What DynamoDB answers. */
let answer: { readonly status: number; readonly body: object };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(answer.body));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'tests',
    AWS_SECRET_ACCESS_KEY: 'tests',
  });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const itemWith = (quantity: string) => ({
  orderId: { S: 'order-1' },
  status: { S: 'PLACED' },
  lines: { L: [{ M: { sku: { S: 'MUG' }, unitPrice: { S: '1' }, quantity: { N: quantity } } }] },
});
const refusal = (name: string, more: object) => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no', ...more },
});

it.each(['12345678901234567.5', '1E+30', '99999999999999999999', '-1E+125'])(
  'an order with the quantity %s is read, and found wrong',
  async (quantity) => {
    answer = { status: 200, body: { Item: itemWith(quantity) } };

    const order = await new OrdersTable(documentClient(), 'orders', 'tests').read('order-1');

    expect(order?.lines?.[0]?.quantity).toBe(Number(quantity));
    expect(orderProblems(order, 'GBP')).toContainEqual(expect.stringMatching(/^lines\.0\.quantity: /));
  },
);

it('the exact client keeps every digit', async () => {
  answer = { status: 200, body: { Item: itemWith('12345678901234567.5') } };

  const { Item } = await documentClient('exact').send(new GetCommand({ TableName: 'orders', Key: {} }));

  expect(String(Item?.['lines'][0].quantity)).toBe('12345678901234567.5');
});

it('a refused write tells of such an item', async () => {
  answer = refusal('ConditionalCheckFailedException', { Item: itemWith('1E+30') });

  const write = documentClient().send(new PutCommand({ TableName: 'orders', Item: {} }));

  expect(await conditionalWrite(write)).toMatchObject({
    written: false,
    found: { orderId: 'order-1', lines: [{ quantity: 1e30 }] },
  });
});

it('a refused transaction tells of such an item', async () => {
  answer = refusal('TransactionCanceledException', {
    CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: itemWith('1E+30') }],
  });

  expect(await transact(documentClient(), [])).toEqual([
    { kind: 'condition', found: expect.objectContaining({ orderId: 'order-1', status: 'PLACED' }) },
  ]);
});
