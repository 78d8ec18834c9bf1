import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ask } from './testing/resp.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

/** Each test starts at a write to a table and ends at what that write led to. */
describe('a change in a table', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 10_000 });
  });
  afterAll(() => shop.close());

  const output = (name: string) => shop.cloud.stack.outputs[name] ?? '';

  async function staff(path: string, method = 'GET', body?: unknown) {
    const token = await shop.cloud.token('clerk-1', ['staff']);
    const answer = await fetch(`${output('staff_api_url')}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json().catch(() => undefined)) as never };
  }

  async function customer(path: string) {
    return (await fetch(`${output('api_url')}${path}`)).json() as Promise<Record<string, unknown>>;
  }

  async function outbox(recipient: string): Promise<Record<string, string>[]> {
    const query = new URLSearchParams({ recipient });
    const answer = await fetch(`${shop.cloud.endpointUrl}/_local/outbox?${query.toString()}`);
    return (await answer.json()) as Record<string, string>[];
  }

  it('of an order is told to its customer by mail, and by SMS where it is wanted', async () => {
    const orderId = await shop.place({
      email: 'mail@shop.example',
      phone: '+44 20 7946 0001',
      smsUpdates: true,
      shippingAddress: { name: '<b>Ada</b>', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' },
      // Paid slowly, so that the first message is out before the order ships: an overtaken one would be dropped.
      paymentToken: 'tok_slow_700',
    });
    await shop.settled(orderId);

    const mails = await outbox('mail@shop.example');
    const texts = await outbox('+442079460001');

    expect(mails.map(({ channel }) => channel)).toEqual(['mail', 'mail']);
    expect(mails.every(({ subject }) => subject?.includes(orderId))).toBe(true);
    expect(texts.map(({ channel }) => channel)).toEqual(['sms', 'sms']);
    const html = await fetch(`${shop.cloud.endpointUrl}/_local/outbox/${mails[0]!['id']}?format=html`);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(await html.text()).not.toContain('<b>Ada');
  });

  it('of an order that ships is a sale on the day and hour it was placed', async () => {
    const orderId = await shop.place({
      placedAt: '2020-02-29T23:59:59.999Z',
      placedShard: '2020-02-29#0',
      country: 'Norway',
      lines: [{ sku: 'MUG', quantity: 3, unitPrice: '0.333' }],
    });
    await shop.settled(orderId);

    const rowsBy = async (by: string) => {
      const answer = await staff(`/sales?by=${by}&from=2020-02-29&to=2020-02-29`);
      return (answer.body as { rows: unknown }).rows;
    };

    const sale = { orders: 1, units: 3, revenue: '0.999' };
    expect(await rowsBy('day')).toEqual([{ day: '2020-02-29', ...sale }]);
    expect(await rowsBy('hour')).toEqual([{ hour: '2020-02-29T23', ...sale }]);
    expect(await rowsBy('country')).toEqual([{ country: 'Norway', ...sale }]);
    expect(await rowsBy('product')).toEqual([{ product: 'MUG', ...sale }]);
  });

  it('of an order replaces its cache entry', async () => {
    const orderId = await shop.place();
    const order = await shop.settled(orderId);

    const [entry = '', score = ''] = await ask(
      cacheUrl(),
      'ZRANGE',
      `order#${orderId}`,
      '0',
      '-1',
      'WITHSCORES',
    );

    expect(JSON.parse(entry)).toMatchObject({ orderId, status: 'SHIPPED' });
    expect(Number(score)).toBe(order['itemVersion']);
    expect(entry).not.toContain('tok_');
  });

  it('of a product is found by the search, and no more when it is removed', async () => {
    const product = { name: 'WHITE HANGING HEART T-LIGHT HOLDER', unitPrice: '2.55' };
    expect(await staff('/products/85123A', 'PUT', product)).toMatchObject({ status: 201 });
    expect(await staff('/products/85123A/receipts', 'POST', { receipt: 'r-1', quantity: 5 })).toMatchObject({
      status: 201,
    });
    await shop.cloud.settled();

    const found = await customer('/products?q=hangng%20heart');
    expect(await staff('/products/85123A', 'DELETE')).toMatchObject({ status: 204 });
    await shop.cloud.settled();

    expect(found['products']).toMatchObject([{ sku: '85123A', ...product, inStock: true }]);
    expect(await customer('/products?q=hangng%20heart')).toMatchObject({ total: 0, products: [] });
    expect(await customer('/products/85123A')).toMatchObject({ status: 404 });
  });

  it('of an order stands in the audit trail: each change once, with who and what, and no payment token', async () => {
    const orderId = await shop.place();
    await shop.settled(orderId);

    const lines = await archiveLines('orders');

    const own = lines.filter(({ key }) => (key as { orderId: string }).orderId === orderId);
    expect(own.map(({ who }) => who)).toEqual(
      expect.arrayContaining(['test', 'validate-order', 'process-payment', 'update-inventory', 'ship-order']),
    );
    const changes = await shop.session.cloud.journal('changes', {
      table: output('orders_table'),
      key: JSON.stringify({ orderId: { S: orderId } }),
    });
    expect(new Set(own.map(({ eventId }) => eventId)).size).toBe(changes.length);
    expect(JSON.stringify(lines)).not.toContain('tok_');
  });

  it('of the activity table is counted when its minute is over', async () => {
    const at = new Date(shop.cloud.clock.now()).toISOString();
    const answer = await fetch(`${output('api_url')}/activity`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        sessionId: 'session-0123456789',
        activities: [
          { type: 'view', sku: 'MUG', at, id: 'a-1' },
          { type: 'view', sku: 'MUG', at, id: 'a-1' },
          { type: 'search', text: 'Unicorn', results: 0, at, id: 'a-2' },
          { type: 'view', at },
        ],
      }),
    });
    expect(await answer.json()).toMatchObject({ accepted: 3, refused: [{ index: 3 }] });
    await shop.cloud.settled();
    await shop.cloud.clock.advance(120_000);
    await shop.cloud.settled();

    const { body } = await staff(`/activity?from=${at.slice(0, 16)}Z&to=${at.slice(0, 16)}Z`);

    expect(body).toMatchObject({
      totals: { views: 1, searches: 1, emptySearches: 1 },
      topProducts: [{ sku: 'MUG', views: 1 }],
      searchesWithoutResults: [{ text: 'unicorn', searches: 1 }],
    });
  });

  function cacheUrl(): URL {
    const api = shop.cloud.stack.functions.find(({ name }) => name.endsWith('-order-api'));
    return new URL(api?.environment['CACHE_URL'] ?? '');
  }

  async function archiveLines(table: string): Promise<Record<string, unknown>[]> {
    const s3 = new S3Client({
      endpoint: shop.cloud.endpointUrl,
      region: shop.cloud.stack.region,
      forcePathStyle: true,
      credentials: { accessKeyId: 'OPERATOR', secretAccessKey: 'local' },
    });
    const bucket = { Bucket: output('archive_bucket') };
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ ...bucket, Prefix: `changes/${table}/` }),
    );
    const bodies = await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ ...bucket, Key }));
        return gunzipSync(await Body!.transformToByteArray()).toString();
      }),
    );
    const lines = bodies.flatMap((body) => body.trim().split('\n'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
});
