import type { handler as Handler } from './handler.ts';
import { busEvent, sesEvent } from './testing/events.ts';
import { PostServer } from './testing/post-server.ts';

/** An order as DynamoDB gives it. */
const ITEM = {
  orderId: { S: 'order-1' },
  status: { S: 'PLACED' },
  email: { S: 'ada@mail.example' },
  phone: { S: '+44 20 7946 0000' },
  smsUpdates: { BOOL: true },
  currency: { S: 'GBP' },
  total: { S: '9.50' },
  paymentToken: { S: 'tok_approve' },
  lines: {
    L: [
      {
        M: {
          sku: { S: 'MUG' },
          description: { S: 'Red mug' },
          quantity: { N: '1' },
          unitPrice: { S: '9.50' },
        },
      },
    ],
  },
  shippingAddress: {
    M: { name: { S: 'Ada Lovelace' }, line1: { S: '12 St James Square' }, city: { S: 'London' } },
  },
};
const PERSONAL = /ada@|lovelace|james|london|7946|red mug|tok_/i;

const server = new PostServer();
const written: string[] = [];
let handler: typeof Handler;

beforeAll(async () => {
  await server.start();
  Object.assign(process.env, {
    ORDERS_TABLE: 'orders',
    SUMMARIES_TABLE: 'summaries',
    MAIL_FROM: 'orders@shop.example',
    MAIL_CONFIGURATION_SET: 'shop',
    SHOP_NAME: 'The Shop',
    POWERTOOLS_SERVICE_NAME: 'notify-customer',
    POWERTOOLS_METRICS_NAMESPACE: 'Orderstream',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
  });
  const keep = (text: unknown) => written.push(String(text)) > 0;
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation(keep);
  jest.spyOn(console, 'log').mockImplementation(keep);
  ({ handler } = await import('./handler.ts'));
});
beforeEach(() => {
  written.length = server.received.length = 0;
  server.answer = undefined;
  server.tables['GetItem'] = { Item: ITEM };
});
afterAll(async () => {
  jest.restoreAllMocks();
  await server.stop();
});

/** A batch from the queue, as far as the handler looks at it. */
const batch = (events: readonly unknown[]): Parameters<typeof Handler>[0] =>
  JSON.parse(
    JSON.stringify({
      Records: events.map((event, n) => ({ messageId: `m-${n}`, body: JSON.stringify(event) })),
    }),
  );

it('sends what a batch asks for, and reports only what nobody can read', async () => {
  const unreadable = { ...busEvent('OrderPlaced', 6), detail: { email: 'ada@mail.example' } };

  const answer = await handler(batch([busEvent('OrderPlaced', 5), unreadable, sesEvent('Bounce')]));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(server.received.map(({ path }) => path).toSorted()).toEqual(['/', '/v2/email/outbound-emails']);
  const told = written.join('\n');
  expect(told).toContain('MessagesSent');
  expect(told).toContain('Permanent/General');
  expect(told).not.toMatch(PERSONAL);
});

it('tells nothing personal of what a service refuses', async () => {
  server.answer = {
    status: 400,
    headers: { 'x-amzn-errortype': 'MessageRejected' },
    body: '{"message":"ada@mail.example is on the suppression list"}',
  };

  expect(await handler(batch([busEvent('OrderRejected', 5)]))).toEqual({ batchItemFailures: [] });

  const told = written.join('\n');
  expect(told).toContain('MessageRejected');
  expect(told).toContain('MessagesFailed');
  expect(told).not.toMatch(PERSONAL);
});

it.each([
  ['a throttle', { status: 429, body: 'not now, ada@mail.example' }, 'Throttled'],
  ['a missing permission', { status: 403, body: '{"__type":"AccessDeniedException"}' }, 'SendingImpossible'],
])('throws for %s, so that the event comes again, and tells nothing personal', async (_, answer, name) => {
  server.answer = answer;

  const error: unknown = await handler(busEvent('OrderCancelled', 5)).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ name });
  expect(`${String(error)} ${written.join('\n')}`).not.toMatch(PERSONAL);
});

it('sends nothing about an order that is not there', async () => {
  server.tables['GetItem'] = {};

  expect(await handler(batch([busEvent('OrderPlaced', 5)]))).toEqual({ batchItemFailures: [] });

  expect(server.received).toEqual([]);
  expect(written.join('\n')).toContain('order-removed');
});
