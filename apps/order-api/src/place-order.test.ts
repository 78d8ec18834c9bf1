import { orderProblems } from '@orderstream/domain';
import { FakeShop, PLACEMENT } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
});

function place(body: unknown, headers: Record<string, string> = {}, customer = 'ada') {
  return shop.call({ route: 'POST /orders', body, headers, customer });
}

describe('placing an order', () => {
  it('writes a valid order with the names and prices of the catalogue', async () => {
    const email = 'ada@example.com';

    const { status, headers, body } = await place({ ...PLACEMENT, email });

    const [order] = [...shop.stored.values()];
    expect(orderProblems(order, 'GBP')).toEqual([]);
    expect(order).toMatchObject({
      status: 'PLACED',
      customerId: 'ada',
      updatedBy: 'order-api',
      country: 'United Kingdom',
      currency: 'GBP',
      lines: [{ sku: 'MUG', description: 'Mug, blue', quantity: 2, unitPrice: '4.25' }],
      shipping: '4.95',
      tax: '2.69',
      total: '16.14',
      email,
    });
    expect(order!.itemVersion).toBe(Date.parse(order!.placedAt));
    expect(status).toBe(201);
    expect(headers).toMatchObject({ location: `/orders/${order!.orderId}`, 'cache-control': 'no-store' });
    expect(body).toMatchObject({ orderId: order!.orderId, status: 'PLACED', total: '16.14' });
  });

  it('shows nothing that is ours', async () => {
    const { body } = await place(PLACEMENT);

    expect(Object.keys(body)).toEqual([
      ...['orderId', 'status', 'placedAt', 'updatedAt', 'lines', 'shipping', 'tax', 'total', 'currency'],
      'shippingAddress',
    ]);
  });

  it.each([
    ['with a phone', { phone: '+44 20 7946 0000', smsUpdates: true }, true],
    ['with a phone and no wish', { phone: '+44 20 7946 0000' }, undefined],
    ['without a phone', { smsUpdates: true }, undefined],
  ])('notes the wish for SMS only where it can be met: %s', async (_, sent, noted) => {
    const { status } = await place({ ...PLACEMENT, ...sent });

    expect([status, [...shop.stored.values()][0]!.smsUpdates]).toEqual([201, noted]);
  });

  it('keeps the trace of the request', async () => {
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-4ec1c1c0-0123456789abcdef01234567';

    await place(PLACEMENT);

    delete process.env['_X_AMZN_TRACE_ID'];
    expect([...shop.stored.values()][0]!.trace).toBe('Root=1-4ec1c1c0-0123456789abcdef01234567');
  });

  it('twice without a key makes two orders', async () => {
    await place(PLACEMENT);
    await place(PLACEMENT);

    expect(shop.stored.size).toBe(2);
  });

  it('takes the same SKU in two lines', async () => {
    const lines = [PLACEMENT.lines[0], PLACEMENT.lines[0]];

    const { status, body } = await place({ ...PLACEMENT, lines });

    expect([status, body.lines.length]).toEqual([201, 2]);
  });
});

describe('an idempotency key', () => {
  const key = { 'idempotency-key': 'basket-7' };

  it('brings the first answer again, and no second order', async () => {
    const first = await place(PLACEMENT, key);
    const second = await place(PLACEMENT, key);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(shop.stored.size).toBe(1);
  });

  it('brings it also when the catalogue has changed since', async () => {
    const first = await place(PLACEMENT, key);
    shop.products.clear();

    const second = await place(PLACEMENT, key);

    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  it('brings it also to the loser of two requests at the same time', async () => {
    const answers = await Promise.all([place(PLACEMENT, key), place(PLACEMENT, key)]);

    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    expect(shop.stored.size).toBe(1);
  });

  it.each([
    ['other goods', { lines: [{ sku: 'MUG', quantity: 3 }] }],
    ['another order of lines', { lines: [...PLACEMENT.lines, { sku: 'TEA 50', quantity: 1 }] }],
    ['another payment', { paymentToken: 'tok_other' }],
    ['another address', { shippingAddress: { ...PLACEMENT.shippingAddress, line2: 'Flat 2' } }],
    ['a mail address', { email: 'ada@example.com' }],
    ['a phone and SMS', { phone: '+44 20 7946 0000', smsUpdates: true }],
  ])('is refused with %s', async (_, change) => {
    await place(PLACEMENT, key);

    const { status, body } = await place({ ...PLACEMENT, ...change }, key);

    expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:key-used-before']);
    expect(shop.stored.size).toBe(1);
  });

  it('is not refused for a wish for SMS that was not noted', async () => {
    await place({ ...PLACEMENT, smsUpdates: true }, key);

    expect((await place({ ...PLACEMENT, smsUpdates: true }, key)).status).toBe(200);
  });

  it('is the customer’s own', async () => {
    await place(PLACEMENT, key, 'ada');
    const { status } = await place(PLACEMENT, key, 'grace');

    expect([status, shop.stored.size]).toEqual([201, 2]);
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(65)])('must look like one, unlike %j', async (wrong) => {
    const { status, body } = await place(PLACEMENT, { 'idempotency-key': wrong });

    expect([status, body.errors[0].field]).toEqual([400, 'Idempotency-Key']);
  });

  it('that is wrong is told along with all that is wrong with the order and the query', async () => {
    const { body } = await shop.call({
      route: 'POST /orders',
      query: { dryRun: 'true' },
      headers: { 'idempotency-key': 'a b' },
      body: { ...PLACEMENT, lines: [] },
    });

    const fields = body.errors.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(['dryRun', 'Idempotency-Key', 'lines']);
  });
});

describe('a wrong order is refused with every field that is wrong', () => {
  const line = PLACEMENT.lines[0];
  const address = PLACEMENT.shippingAddress;

  it.each([
    ['no object', [], ['body']],
    ['nothing at all', {}, ['lines', 'paymentToken', 'shippingAddress']],
    ['unknown fields', { ...PLACEMENT, total: '1', status: 'SHIPPED' }, ['total', 'status']],
    ['a price', { ...PLACEMENT, lines: [{ ...line, unitPrice: '0.01' }] }, ['lines.0.unitPrice']],
    ['no lines', { ...PLACEMENT, lines: [] }, ['lines']],
    ['too many lines', { ...PLACEMENT, lines: Array(2_001).fill(line) }, ['lines']],
    [
      'bad quantities',
      {
        ...PLACEMENT,
        lines: [0, -1, 1.5, 1_000_001, '1', null].map((quantity) => ({ sku: 'MUG', quantity })),
      },
      [0, 1, 2, 3, 4, 5].map((index) => `lines.${index}.quantity`),
    ],
    [
      'bad SKUs',
      { ...PLACEMENT, lines: ['', ' MUG', 'x'.repeat(65), 7].map((sku) => ({ sku, quantity: 1 })) },
      [0, 1, 2, 3].map((index) => `lines.${index}.sku`),
    ],
    [
      'a bad address',
      { ...PLACEMENT, shippingAddress: { ...address, city: '', name: 'x'.repeat(201), planet: 'Mars' } },
      ['shippingAddress.name', 'shippingAddress.city', 'shippingAddress.planet'],
    ],
    ['an empty token', { ...PLACEMENT, paymentToken: ' ' }, ['paymentToken']],
    ['bad contacts', { ...PLACEMENT, email: 'ada', phone: 'call me' }, ['email', 'phone']],
    [
      'two mail addresses',
      { ...PLACEMENT, email: 'ada,eve@example.com', phone: '-----' },
      ['email', 'phone'],
    ],
    [
      'texts that break the line, hide or turn it',
      {
        ...PLACEMENT,
        paymentToken: 'tok\u0000',
        shippingAddress: { ...address, name: 'Ada\nEve', line2: '\u200b', city: 'Leeds\u202E' },
      },
      ['paymentToken', 'shippingAddress.name', 'shippingAddress.line2', 'shippingAddress.city'],
    ],
    ['numbers for lines', { ...PLACEMENT, lines: Array(100_000).fill(1) }, ['lines']],
    [
      'SKUs that are not for sale',
      { ...PLACEMENT, lines: ['MUG', 'NONE', 'EURO'].map((sku) => ({ sku, quantity: 1 })) },
      ['lines.1.sku', 'lines.2.sku'],
    ],
  ])('%s', async (_, sent, fields) => {
    const { status, headers, body } = await place(sent);

    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(body).toMatchObject({ type: 'urn:orderstream:problem:invalid-request', status: 400 });
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(shop.stored.size).toBe(0);
  });

  it('unknown SKUs are named', async () => {
    const { body } = await place({ ...PLACEMENT, lines: [{ sku: 'NO "SUCH"', quantity: 1 }] });

    expect(body.errors).toEqual([
      { field: 'lines.0.sku', problem: '"NO \\"SUCH\\"" is not in the catalogue' },
    ]);
  });

  it('a price beyond what can be charged', async () => {
    shop.products.set('MUG', { sku: 'MUG', name: 'Mug', unitPrice: '999999999999999', currency: 'GBP' });

    const { status, body } = await place({ ...PLACEMENT, lines: [{ sku: 'MUG', quantity: 1_000_000 }] });

    expect([status, body.errors[0].field]).toEqual([400, 'lines']);
  });
});

describe('a body that cannot be taken', () => {
  it.each([
    ['no JSON', '{"lines": [', 400, 'malformed-body'],
    ['nothing', undefined, 400, 'malformed-body'],
    ['a deep one', '['.repeat(200_000), 400, 'malformed-body'],
    ['more than half a megabyte', { note: 'x'.repeat(512 * 1024) }, 413, 'too-large'],
  ])('%s', async (_, body, status, kind) => {
    expect(await place(body)).toMatchObject({ status, body: { type: `urn:orderstream:problem:${kind}` } });
  });

  it.each([
    ['application/x-www-form-urlencoded', 415],
    ['text/plain;charset=UTF-8', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json', 201],
    ['application/json; charset=UTF-8', 201],
    ['application/vnd.shop+json', 201],
  ])('of the type %s: %i', async (type, status) => {
    expect(await place(PLACEMENT, { 'content-type': type })).toMatchObject({ status });
  });

  it('lines that together exceed an item of the table', async () => {
    shop.products.set('MUG', { sku: 'MUG', name: 'M'.repeat(500), unitPrice: '1', currency: 'GBP' });

    const { status } = await place({ ...PLACEMENT, lines: Array(1_000).fill(PLACEMENT.lines[0]) });

    expect([status, shop.stored.size]).toEqual([413, 0]);
  });
});
