import { FakeShop } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
});

function get(orderId: string, customer = 'ada') {
  return shop.call({ route: 'GET /orders/{orderId}', path: { orderId }, customer });
}

it('a customer sees the own order', async () => {
  shop.keep({ orderId: 'o-1', total: '16.14', paymentToken: 'tok_approve', placedShard: '2026-01-01#3' });

  const { status, body } = await get('o-1');

  expect(status).toBe(200);
  expect(body).toMatchObject({ orderId: 'o-1', status: 'PLACED', total: '16.14' });
  expect(JSON.stringify(body)).not.toMatch(/tok_approve|Shard|itemVersion|customerId/);
});

it.each([
  ['one that there is not', 'o-2', 'ada'],
  ['another customer’s', 'o-1', 'grace'],
  ['an id that is none', 'o 1', 'ada'],
])('%s is not found', async (_, orderId, customer) => {
  shop.keep({ orderId: 'o-1' });

  const { status, body } = await get(orderId, customer);

  expect([status, body.type]).toEqual([404, 'urn:orderstream:problem:not-found']);
  expect(body.detail).toMatch(/^You have no (such order|order o-\w+)\./);
});

it('an order that nobody is known to have placed is nobody’s', async () => {
  shop.keep({ orderId: 'o-1' });
  delete shop.stored.get('o-1')!.customerId;

  expect((await get('o-1')).status).toBe(404);
});

it('a forgotten order is nobody’s, from the table and from the cache, though the table still has the id', async () => {
  shop.keep(Object.assign({ orderId: 'o-1' }, { forgottenAt: '2026-01-02T00:00:00.000Z' }));

  expect([(await get('o-1')).status, (await get('o-1')).status]).toEqual([404, 404]);
  expect(shop.reads).toEqual(['o-1']);
  expect(JSON.stringify([...shop.cached.values()])).not.toContain('ada');
});

describe('why an order ended', () => {
  const closing = { at: '2026-01-01T00:00:00.000Z', cause: 'X', message: 'Out of mugs.' };

  it.each([
    ['is told when it was rejected', 'REJECTED', 'REJECTED', 'Out of mugs.'],
    ['is not told before it ended', 'PAID', 'REJECTED', undefined],
    ['is not told when the failure is ours', 'FAILED', 'FAILED', undefined],
  ] as const)('%s', async (_, status, as, reason) => {
    shop.keep({ orderId: 'o-1', status, closing: { ...closing, as } });

    expect((await get('o-1')).body.reason).toBe(reason);
  });
});
