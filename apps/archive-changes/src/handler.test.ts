import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { handler as Handler } from './handler.ts';
import { orderImage, record } from './testing/records.ts';

const received: { method?: string | undefined; url?: string | undefined; headers: object; body: Buffer }[] =
  [];
let status = 200;
/** What DynamoDB answers. */
let tableStatus = 200;
let tableAnswer: object = {};
const s3 = createServer(async (request, response) => {
  const { method, url, headers } = request;
  if (headers['x-amz-target'] !== undefined) {
    await buffer(request);
    response.writeHead(tableStatus, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(tableAnswer));
    return;
  }
  received.push({ method, url, headers, body: await buffer(request) });
  response.writeHead(status).end();
});
let handler: typeof Handler;

beforeAll(async () => {
  await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'hush',
    ORDERS_TABLE: 'shop-orders',
    PRODUCTS_TABLE: 'shop-products',
    STOCK_TABLE: 'shop-stock',
    ARCHIVE_BUCKET: 'shop-archive',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  ({ handler } = await import('./handler.ts'));
});

beforeEach(() => {
  received.length = 0;
  status = 200;
  tableStatus = 200;
  tableAnswer = {};
});

afterAll(async () => {
  s3.closeAllConnections();
  await new Promise((resolve) => s3.close(resolve));
});

it('writes what Athena can read', async () => {
  const placed = record('orders', undefined, orderImage('PLACED', 1));

  expect(await handler({ Records: [placed] })).toEqual({ batchItemFailures: [] });

  const [put] = received;
  expect(put).toMatchObject({
    method: 'PUT',
    url: `/shop-archive/changes/orders/dt%3D2011-11-14/hour%3D08/${placed.eventID}.ndjson.gz`,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(put?.headers).not.toHaveProperty('content-encoding');
  expect(gunzipSync(put?.body ?? '').toString()).toMatch(/^\{"eventId":.*\}\n$/);
});

it('reports what was not archived by its number, lowest first', async () => {
  status = 503;
  const Records = [1, 2, 3].map((version) => record('orders', undefined, orderImage('PLACED', version)));

  const { batchItemFailures } = await handler({ Records });

  expect(batchItemFailures).toEqual(
    Records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
  );
});

it('leaves out whom the table has forgotten', async () => {
  tableAnswer = { Responses: { 'shop-orders': [{ orderId: { S: 'o-1' }, forgottenAt: { S: 'then' } }] } };

  await handler({ Records: [record('orders', undefined, orderImage('PLACED', 1))] });

  expect(gunzipSync(received[0]?.body ?? '').toString()).not.toMatch(/ada|St James/);
});

it('archives no order while the table does not answer', async () => {
  [tableStatus, tableAnswer] = [400, { __type: 'ResourceNotFoundException', message: 'none' }];

  const { batchItemFailures } = await handler({
    Records: [record('orders', undefined, orderImage('PLACED', 1))],
  });

  expect([batchItemFailures.length, received.length]).toEqual([1, 0]);
});

it('asks for the whole batch again where a record has no number', async () => {
  status = 503;

  expect(await handler({ Records: [{ eventID: 'e-1' }] })).toEqual({
    batchItemFailures: [{ itemIdentifier: '' }],
  });
});
