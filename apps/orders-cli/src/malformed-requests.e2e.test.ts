import { createHash } from 'node:crypto';
import { DynamoDBClient, ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { clientConfigOf, outputOf } from './session.ts';
import { MALFORMED_REQUESTS, SECRET, type MalformedRequest } from './testing/malformed-requests.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
  await shop.receive('goods', { MUG: 100 });
  await staff('PUT', '/products/MUG', { name: 'Mug', unitPrice: '9.50' });
  await shop.cloud.settled();
});
afterAll(() => shop.close());

async function staff(method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${outputOf(shop.session, 'staff_api_url')}${path}`, {
    method,
    headers: {
      authorization: await shop.cloud.token('clerk-1', ['staff']),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** What all tables hold: by table, a hash of each item. */
async function tables(): Promise<Record<string, readonly string[]>> {
  await shop.cloud.settled();
  const client = new DynamoDBClient(clientConfigOf(shop.session));
  const hashes = shop.cloud.stack.tables.map(async ({ name }) => {
    const items: Record<string, AttributeValue>[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: name, ...(from && { ExclusiveStartKey: from }) }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    const texts = items.map((item) => JSON.stringify(item, inOrder));
    return [name, texts.map((text) => createHash('sha256').update(text).digest('hex')).toSorted()] as const;
  });
  const all = await Promise.all(hashes);
  client.destroy();
  return Object.fromEntries(all);
}

/** An object with its members in one order: the engine brings a map's in any. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function answerTo({ as, send, body, headers = {} }: MalformedRequest): Promise<Response> {
  const [method = '', path = ''] = send.split(/ (.*)/);
  const api = outputOf(shop.session, as === 'staff' ? 'staff_api_url' : 'api_url');
  const token = as === 'nobody' ? {} : { authorization: `Bearer ${await shop.cloud.token('ada', [as])}` };
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  return fetch(`${api}${path}`, {
    method,
    headers: { ...token, ...headers },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
}

describe('a malformed request', () => {
  let before: Awaited<ReturnType<typeof tables>>;
  beforeAll(async () => {
    before = await tables();
  });

  it.each(MALFORMED_REQUESTS.map((request) => [request.what, request] as const))('%s', async (_, request) => {
    const answer = await answerTo(request);

    const text = await answer.text();
    const { type, status, title, detail, errors } = JSON.parse(text);
    expect([answer.status, text]).toEqual([request.status, expect.not.stringMatching(SECRET)]);
    expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\.ts\b/);
    if (request.problem === undefined) return;
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect({ type, status }).toEqual({
      type: `urn:orderstream:problem:${request.problem}`,
      status: request.status,
    });
    expect([title, detail]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/.\.$/)]);
    const named = ((errors ?? []) as { field: string; problem: string }[]).map(({ field }) => field);
    expect([...new Set(named)]).toEqual(request.fields ?? []);
  });

  it('changes no table, none of them', async () => {
    await Promise.all(MALFORMED_REQUESTS.map(answerTo));

    expect(MALFORMED_REQUESTS.length).toBeGreaterThanOrEqual(60);
    expect(await tables()).toEqual(before);
  });
});

describe('another customer’s order', () => {
  it.each(['GET /orders/{orderId}', 'POST /orders/{orderId}/cancel'])(
    '%s is answered like one that is not there',
    async (route) => {
      const orderId = await shop.place({ customerId: 'grace' });
      await shop.settled(orderId);
      const before = await tables();
      const ask = async (id: string) => {
        const send = route.replace('{orderId}', id);
        const answer = await answerTo({ what: '', as: 'customer', send, status: 404 });
        return [answer.status, (await answer.text()).replaceAll(id, '<id>')];
      };

      expect(await ask(orderId)).toEqual(await ask('no-such-order'));
      expect((await ask(orderId))[0]).toBe(404);
      expect(await tables()).toEqual(before);
    },
  );

  it('is in no list of theirs', async () => {
    const orderId = await shop.place({ customerId: 'grace' });
    await shop.settled(orderId);

    const answer = await answerTo({ what: '', as: 'customer', send: 'GET /orders', status: 200 });

    expect([answer.status, await answer.text()]).toEqual([200, expect.not.stringContaining(orderId)]);
  });
});

describe('a key that was used', () => {
  const order = {
    lines: [{ sku: 'MUG', quantity: 1 }],
    paymentToken: 'tok_approve',
    shippingAddress: { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' },
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'basket-1' };
  const place = (body: object) =>
    answerTo({ what: '', as: 'customer', send: 'POST /orders', headers, body, status: 0 });

  it('brings the same order again, and refuses another', async () => {
    const first = await place(order);
    await shop.cloud.settled();
    const before = await tables();
    const again = await place(order);
    const other = await place({ ...order, lines: [{ sku: 'MUG', quantity: 2 }] });

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(await other.json()).toMatchObject({ type: 'urn:orderstream:problem:key-used-before' });
    expect(await tables()).toEqual(before);
  });

  it('is a receipt’s own name where goods come in', async () => {
    const receive = (quantity: number) =>
      answerTo({
        ...{ what: '', as: 'staff', send: 'POST /products/MUG/receipts', status: 0 },
        ...{ headers: { 'content-type': 'application/json' }, body: { receipt: 'DN-7', quantity } },
      });
    const first = await receive(3);
    const before = await tables();
    const again = await receive(3);
    const other = await receive(4);

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(await tables()).toEqual(before);
  });
});

describe('an item that nobody can read', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const order = { status: 'PLACED', itemVersion: 1, customerId: 'ada', placedAt: at, updatedAt: at };
  const output = (name: string) => outputOf(shop.session, name);

  it('is quarantined, and changes nothing else', async () => {
    const items: [table: string, item: Record<string, unknown>][] = [
      ['orders_table', { ...order, orderId: 'bad-status', status: 'LOST' }],
      ['orders_table', { ...order, orderId: 'bad-number', status: 7 }],
      ['orders_table', { ...order, orderId: 'bad-binary', status: new Uint8Array([1]) }],
      ['orders_table', { ...order, orderId: 'bad-half-way', status: 'PAID' }],
      ['orders_table', { ...order, orderId: 'bad/id' }],
      ['orders_table', { ...order, orderId: 'bad-version', itemVersion: '1' }],
      ['orders_table', { ...order, orderId: 'bad-huge', itemVersion: 10n ** 30n }],
      ['products_table', { sku: 'BAD-VERSION', itemVersion: null }],
      ['products_table', { sku: 'BAD-FRACTION', itemVersion: 1.5 }],
      ['stock_table', { sku: 'BAD-STOCK', available: 'many', itemVersion: 1 }],
    ];
    const before = await tables();

    for (const [table, Item] of items)
      await shop.session.documents.send(new PutCommand({ TableName: output(table), Item }));

    const after = await tables();
    const more = Object.entries(after).map(([name, hashes]) => {
      const known = before[name] ?? [];
      expect(hashes).toEqual(expect.arrayContaining([...known]));
      return [name, hashes.length - known.length] as const;
    });
    expect(Object.fromEntries(more.filter(([, count]) => count > 0))).toEqual({
      [output('orders_table')]: 7,
      [output('products_table')]: 2,
      [output('stock_table')]: 1,
    });
    const s3 = new S3Client({ ...clientConfigOf(shop.session), forcePathStyle: true });
    const kept = await s3.send(
      new ListObjectsV2Command({ Bucket: output('dead_letter_bucket'), Prefix: 'quarantine/' }),
    );
    s3.destroy();
    expect(kept.Contents).toHaveLength(items.length);
    const started = shop.cloud.journal.rows('executions', 'WHERE name LIKE ?', 'bad%');
    expect(started).toEqual([]);
  });
});
