import { logger } from '@orderstream/lambda-kit';
import { apiEvent } from '@orderstream/lambda-kit/fixtures';
import type { handler as Handler } from './handler.ts';
import { DynamoDbServer } from './testing/dynamodb-server.ts';
import { PLACEMENT } from './testing/fake-shop.ts';

const PERSONAL = /ada@|lovelace|high street|7946|tok_/i;
const ORDER = {
  ...PLACEMENT,
  email: 'ada@mail.example',
  phone: '+44 20 7946 0000',
  shippingAddress: { ...PLACEMENT.shippingAddress, name: 'Ada Lovelace' },
};

/** An item, as DynamoDB sends it along with what it refuses. */
const ITEM = {
  orderId: { S: 'order-1' },
  status: { S: 'LOST' },
  email: { S: ORDER.email },
  phone: { S: ORDER.phone },
  paymentToken: { S: ORDER.paymentToken },
  shippingAddress: { M: { name: { S: 'Ada Lovelace' }, line1: { S: '1 High Street' } } },
};
const PRODUCT = { sku: { S: 'MUG' }, name: { S: 'Mug' }, unitPrice: { S: '4.25' }, currency: { S: 'GBP' } };

const server = new DynamoDbServer();
const written: string[] = [];
let handler: typeof Handler;

beforeAll(async () => {
  (await server.start()).destroy();
  Object.assign(process.env, {
    ...{ ORDERS_TABLE: 'orders', PRODUCTS_TABLE: 'products', ACTIVITY_TABLE: 'activity', CURRENCY: 'GBP' },
    ...{ POWERTOOLS_SERVICE_NAME: 'order-api', AWS_REGION: 'eu-west-1' },
    ...{ AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'hush' },
  });
  const keep = (text: unknown) => written.push(String(text)) > 0;
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation(keep);
  // The fake shop, whose order is placed here, silences it.
  logger.setLogLevel('DEBUG');
  ({ handler } = await import('./handler.ts'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await server.stop();
});

const refusal = (name: string) => ({
  __type: `com.amazonaws.dynamodb.v20120810#${name}`,
  message: 'It is refused.',
  Item: ITEM,
  CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: ITEM }],
});
const products = { Responses: { products: [PRODUCT] } };

it.each<[string, string, object[], number]>([
  ['a read that is refused with an item', 'POST /orders', [refusal('ValidationException')], 500],
  ['a write that is refused with an item', 'POST /orders', [products, refusal('ValidationException')], 500],
  [
    'a write that meets an item that is no order',
    'POST /orders',
    [products, refusal('ConditionalCheckFailedException')],
    500,
  ],
  [
    'a transaction that is refused with an item',
    'POST /orders',
    [products, refusal('TransactionCanceledException')],
    500,
  ],
  [
    'a cancellation of an item that is no order',
    'POST /orders/{orderId}/cancel',
    [refusal('ConditionalCheckFailedException')],
    500,
  ],
  ['an item that is no order', 'GET /orders/{orderId}', [{ Item: ITEM }], 500],
])('%s is logged without anything personal', async (_, route, answers, status) => {
  written.length = 0;
  server.answer(...answers);
  const body = route === 'POST /orders' ? { body: ORDER } : {};
  const call = { route, path: { orderId: 'order-1' }, ...body };

  const answer = await handler(apiEvent(call, { jwt: { claims: { sub: 'ada' } } }));

  expect(answer.statusCode).toBe(status);
  expect(answer.body).not.toMatch(PERSONAL);
  expect(written.join('')).toContain(`${route} failed.`);
  expect(written.join('')).not.toMatch(PERSONAL);
});
