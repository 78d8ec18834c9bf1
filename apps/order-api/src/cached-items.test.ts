import { FakeShop, PLACEMENT } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
});

const getOrder = (orderId: string, customer = 'ada') =>
  shop.call({ route: 'GET /orders/{orderId}', path: { orderId }, customer });
const getProduct = (sku: string) => shop.call({ route: 'GET /products/{sku}', path: { sku } });

it('an order is read from the table once, then from the cache, and looks the same', async () => {
  shop.keep({
    orderId: 'o-1',
    total: '16.14',
    closing: { as: 'REJECTED', cause: 'x', message: 'Out.', at: '' },
  });

  const first = await getOrder('o-1');
  const second = await getOrder('o-1');

  expect(second).toEqual(first);
  expect([first.status, shop.reads]).toEqual([200, ['o-1']]);
});

it('another customer’s order is not found in the cache either', async () => {
  shop.keep({ orderId: 'o-1' });
  await getOrder('o-1');
  shop.stored.clear();

  const [own, foreign] = [await getOrder('o-1'), await getOrder('o-1', 'grace')];

  expect([own.status, foreign.status, foreign.body.type]).toEqual([
    200,
    404,
    'urn:orderstream:problem:not-found',
  ]);
});

it('the cache has nothing that is not shown, but whose an order is and its version', async () => {
  await shop.call({
    route: 'POST /orders',
    body: { ...PLACEMENT, phone: '+44 20 7946 0000', smsUpdates: true },
  });

  const text = JSON.stringify([...shop.cached.values()]);
  expect(text).toContain('"customerId":"ada"');
  expect(text).not.toMatch(/tok_approve|Shard|updatedBy|smsUpdates|schemaVersion/);
});

it('a customer sees the own order right after placing it, without the table', async () => {
  const { body } = await shop.call({ route: 'POST /orders', body: PLACEMENT });

  expect((await getOrder(body.orderId)).body).toEqual(body);
  expect(shop.reads).toEqual([]);
});

it('a customer sees the own wish to cancel, though the cache had the order without it', async () => {
  shop.keep({ orderId: 'o-1' });
  await getOrder('o-1');

  await shop.call({ route: 'POST /orders/{orderId}/cancel', path: { orderId: 'o-1' } });

  expect((await getOrder('o-1')).body).toMatchObject({ cancelRequestedAt: expect.any(String) });
});

it('an order that is too bad to be cached is shown all the same', async () => {
  shop.keep({ orderId: 'o-1', lines: [null] as never, shippingAddress: {} as never });
  Object.assign(shop.stored.get('o-1')!, { lines: undefined });

  expect((await getOrder('o-1')).status).toBe(200);
  expect(shop.cached.size).toBe(0);
});

it('prices of an order are the table’s, never the cache’s', async () => {
  await getProduct('MUG');
  shop.products.set('MUG', { sku: 'MUG', name: 'Mug', unitPrice: '5', currency: 'GBP' });

  const { body } = await shop.call({ route: 'POST /orders', body: PLACEMENT });

  expect(body.lines[0].unitPrice).toBe('5');
});

it('without the cache, everything works', async () => {
  shop.cacheDown = true;

  const placed = await shop.call({ route: 'POST /orders', body: PLACEMENT });
  const { orderId } = placed.body;
  const answers = [
    placed,
    await getOrder(orderId),
    await getProduct('MUG'),
    await shop.call({ route: 'POST /orders/{orderId}/cancel', path: { orderId } }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 202]);
});

describe('a product', () => {
  it('is shown to everybody, from the cache after the first time', async () => {
    const first = await getProduct('TEA 50');
    const second = await getProduct('TEA 50');

    expect(first.body).toEqual({ sku: 'TEA 50', name: 'Tea, 50 bags', unitPrice: '0.001', currency: 'GBP' });
    expect(first.headers).toMatchObject({ 'cache-control': 'public, max-age=30' });
    expect([second.body, shop.reads]).toEqual([first.body, ['TEA 50']]);
  });

  it.each([
    ['is not there', 'NONE'],
    ['has no possible SKU', ' MUG'],
    ['is not for sale', 'FREE'],
  ])('that %s is not found', async (_, sku) => {
    shop.products.set('FREE', { sku: 'FREE', name: 'Free', unitPrice: '0', currency: 'GBP' });

    for (let time = 0; time < 2; time += 1) {
      const { status, headers, body } = await getProduct(sku);
      expect([status, body.type]).toEqual([404, 'urn:orderstream:problem:not-found']);
      expect(headers).toMatchObject({ 'cache-control': 'no-store' });
    }
  });
});
