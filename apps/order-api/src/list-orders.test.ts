import { FakeShop } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
  for (const day of [1, 3, 2]) shop.keep({ orderId: `o-${day}`, placedAt: `2026-01-0${day}T00:00:00.000Z` });
  shop.keep({ orderId: 'hers', customerId: 'grace' });
});

function list(query?: Record<string, string>, customer = 'ada') {
  return shop.call({ route: 'GET /orders', customer, ...(query === undefined ? {} : { query }) });
}

const ids = (body: { orders: { orderId: string }[] }) => body.orders.map(({ orderId }) => orderId);

it('shows the customer’s own orders, newest first', async () => {
  const { status, body } = await list();

  expect(status).toBe(200);
  expect(ids(body)).toEqual(['o-3', 'o-2', 'o-1']);
  expect(body).not.toHaveProperty('cursor');
});

it('shows them page by page', async () => {
  const first = await list({ limit: '2' });
  const second = await list({ limit: '2', cursor: first.body.cursor });

  expect([ids(first.body), ids(second.body)]).toEqual([['o-3', 'o-2'], ['o-1']]);
  expect(second.body).not.toHaveProperty('cursor');
});

it('leaves out an order that is forgotten, and goes on behind it', async () => {
  Object.assign(shop.stored.get('o-3')!, { forgottenAt: '2026-01-04T00:00:00.000Z' });

  const first = await list({ limit: '1' });
  const second = await list({ limit: '1', cursor: first.body.cursor });

  expect([ids(first.body), ids(second.body)]).toEqual([[], ['o-2']]);
});

it('a cursor leads nobody into another customer’s orders', async () => {
  const { body } = await list({ limit: '1' });

  expect(ids((await list({ cursor: body.cursor }, 'grace')).body)).toEqual(['hers']);
});

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

it.each([
  [{ limit: '0' }, ['limit']],
  [{ limit: '101' }, ['limit']],
  [{ limit: '-1' }, ['limit']],
  [{ limit: '1.5' }, ['limit']],
  [{ limit: 'all', cursor: 'next' }, ['limit', 'cursor']],
  [{ limit: '0', customerId: 'grace' }, ['customerId', 'limit']],
  [{ cursor: '' }, ['cursor']],
  [{ cursor: cursor({ orderId: 'o-1' }) }, ['cursor']],
  [{ cursor: cursor(['', 'o-1']) }, ['cursor']],
  [{ cursor: cursor(['2026-01-01T00:00:00.000Z', 'o 1']) }, ['cursor']],
  [{ cursor: cursor(['2026-01-01T00:00:00.000Z', 'o-1', 'more']) }, ['cursor']],
  [{ cursor: cursor(['2026-01-01', 'o-1']) }, ['cursor']],
  [{ cursor: cursor(['2026-02-30T00:00:00.000Z', 'o-1']) }, ['cursor']],
  [{ cursor: cursor(['x'.repeat(2_000), 'o-1']) }, ['cursor']],
  [{ cursor: cursor([`2026-01-01T00:00:00.${'0'.repeat(2_000)}Z`, 'o-1']) }, ['cursor']],
  [{ cursor: cursor(null) }, ['cursor']],
])('a wrong query is refused: %j', async (query, fields) => {
  const { status, body } = await list(query);

  expect(status).toBe(400);
  expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
});
