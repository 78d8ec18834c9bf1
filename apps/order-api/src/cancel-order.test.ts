import { FakeShop } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
});

function cancel(orderId: string, customer = 'ada') {
  return shop.call({ route: 'POST /orders/{orderId}/cancel', path: { orderId }, customer });
}

it('a wish to cancel is noted, once however often it is said', async () => {
  shop.keep({ orderId: 'o-1', status: 'PAID' });

  const first = await cancel('o-1');
  const second = await cancel('o-1');

  expect([first.status, second.status]).toEqual([202, 202]);
  expect(first.body).toMatchObject({ orderId: 'o-1', cancelRequestedAt: expect.any(String) });
  expect(second.body).toEqual(first.body);
});

it.each([
  ['one that there is not', 'o-2', 'ada'],
  ['another customer’s', 'o-1', 'grace'],
  ['an id that is none', 'o/1', 'ada'],
])('%s is not found', async (_, orderId, customer) => {
  shop.keep({ orderId: 'o-1' });

  expect((await cancel(orderId, customer)).status).toBe(404);
  expect(shop.stored.get('o-1')).not.toHaveProperty('cancelRequestedAt');
});

it.each([
  [
    'shipping has begun',
    { status: 'ALLOCATED', shippingStartedAt: 'now' },
    /Shipping of order o-1 has begun/,
  ],
  ['it was shipped', { status: 'SHIPPED' }, /is SHIPPED already/],
  ['it was rejected', { status: 'REJECTED' }, /is REJECTED already/],
  [
    'it is being rejected',
    { status: 'PAID', closing: { as: 'REJECTED', cause: '', message: '', at: '' } },
    /being closed already, as REJECTED/,
  ],
] as const)('is refused, and why: %s', async (_, order, why) => {
  shop.keep({ orderId: 'o-1', ...order });

  const { status, body } = await cancel('o-1');

  expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:too-late-to-cancel']);
  expect(body.detail).toMatch(why);
});

it.each([
  ['a reason', { body: { reason: 'late' } }, ['reason']],
  ['a query', { query: { force: 'true' } }, ['force']],
  ['both', { query: { force: 'true' }, body: [] }, ['force', 'body']],
])('%s is not listened to, and said so', async (_, sent, fields) => {
  shop.keep({ orderId: 'o-1' });

  const call = { route: 'POST /orders/{orderId}/cancel', path: { orderId: 'o-1' }, ...sent };
  const { status, body } = await shop.call(call);

  expect([status, body.errors.map(({ field }: { field: string }) => field)]).toEqual([400, fields]);
  expect(shop.stored.get('o-1')).not.toHaveProperty('cancelRequestedAt');
});

it('an empty object says nothing, and is taken', async () => {
  shop.keep({ orderId: 'o-1' });

  const call = { route: 'POST /orders/{orderId}/cancel', path: { orderId: 'o-1' }, body: {} };

  expect((await shop.call(call)).status).toBe(202);
});
