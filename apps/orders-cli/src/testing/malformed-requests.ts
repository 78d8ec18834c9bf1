import { gzipSync } from 'node:zlib';

/** A request that somebody may send by mistake or on purpose, and the answer that it is to have. */
export interface MalformedRequest {
  readonly what: string;
  /** A customer, a member of the staff, or somebody without a token. */
  readonly as: 'customer' | 'staff' | 'nobody';
  /** Method and path with its query, as they are sent. */
  readonly send: string;
  /** A text or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** What kind of problem the answer names; none where API Gateway answers itself. */
  readonly problem?: string;
  /** Every field that the answer names, in its order. */
  readonly fields?: readonly string[];
}

/** What stands in fields that are refused: no answer may repeat it. */
export const SECRET = 'sEcReT';

const LINE = { sku: 'MUG', quantity: 1 };
const ADDRESS = { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' };
const ORDER = { lines: [LINE], paymentToken: 'tok_approve', shippingAddress: ADDRESS };
const PRODUCT = { name: 'Mug', unitPrice: '9.50' };
const SESSION = 'session-0123456789';
const JSON_TYPE = { 'content-type': 'application/json' };

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** JSON of an order in which a text stands for a value that no object can hold. */
const orderText = (from: string, to: string) => JSON.stringify(ORDER).replace(from, to);

function invalid(
  as: MalformedRequest['as'],
  send: string,
): (
  what: string,
  body: unknown,
  fields: readonly string[],
  headers?: Record<string, string>,
) => MalformedRequest {
  return (what, body, fields, headers = {}) => ({
    ...{ what: `${send}: ${what}`, as, send, body, headers: { ...JSON_TYPE, ...headers } },
    ...{ status: 400, problem: 'invalid-request', fields },
  });
}
const place = invalid('customer', 'POST /orders');
const guest = invalid('nobody', 'POST /activity');
const own = invalid('customer', 'POST /activity/me');
const cancel = invalid('customer', 'POST /orders/some-order/cancel');
const put = invalid('staff', 'PUT /products/NEW');
const receive = invalid('staff', 'POST /products/MUG/receipts');

const query = (as: MalformedRequest['as'], path: string, ...fields: string[]): MalformedRequest => ({
  ...{ what: `GET ${path}`.slice(0, 120), as, send: `GET ${path}` },
  ...{ status: 400, problem: 'invalid-request', fields },
});

const body = (
  what: string,
  sent: unknown,
  [status, problem]: readonly [number, string],
  headers: Record<string, string> = JSON_TYPE,
): MalformedRequest => ({
  ...{ what: `POST /orders: ${what}`, as: 'customer', send: 'POST /orders' },
  ...{ body: sent, headers, status, problem },
});
const MALFORMED = [400, 'malformed-body'] as const;
const WRONG_TYPE = [415, 'wrong-media-type'] as const;

const BODIES: readonly MalformedRequest[] = [
  body('no body', undefined, MALFORMED),
  body('half of a body', '{"lines": [', MALFORMED),
  body('a secret that is no JSON', `{"paymentToken": ${SECRET}}`, MALFORMED),
  body('two bodies', '{}{}', MALFORMED),
  body('NaN', orderText('"quantity":1', '"quantity":NaN'), MALFORMED),
  body('a comment', `/* ${SECRET} */ {}`, MALFORMED),
  body('bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), MALFORMED),
  body('half a character in a text', Buffer.from('{"paymentToken":"\xed\xa0\x80"}', 'latin1'), MALFORMED),
  body('gzip', gzipSync(JSON.stringify(ORDER)), MALFORMED, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  body('a form', 'sku=MUG&quantity=1', WRONG_TYPE, { 'content-type': 'application/x-www-form-urlencoded' }),
  body('plain text', JSON.stringify(ORDER), WRONG_TYPE, { 'content-type': 'text/plain' }),
  body('XML', '<order/>', WRONG_TYPE, { 'content-type': 'application/xml' }),
  body('JSON in UTF-16', Buffer.from(JSON.stringify(ORDER), 'utf16le'), WRONG_TYPE, {
    'content-type': 'application/json; charset=utf-16',
  }),
  body('more than half a megabyte', { ...ORDER, paymentToken: 'x'.repeat(524_288) }, [413, 'too-large']),
];

const ORDERS: readonly MalformedRequest[] = [
  place('a list', [ORDER], ['body']),
  place('null', 'null', ['body']),
  place('250,000 lists in each other', nested(250_000), ['body']),
  place('250,000 numbers for lines', `{"lines":[${'1,'.repeat(249_999)}1]}`, [
    ...['lines', 'paymentToken', 'shippingAddress'],
  ]),
  place('nothing', {}, ['lines', 'paymentToken', 'shippingAddress']),
  place('fields of ours', { ...ORDER, status: 'SHIPPED', total: '0', orderId: 'mine', customerId: SECRET }, [
    ...['status', 'total', 'orderId', 'customerId'],
  ]),
  place('a prototype', orderText('{', '{"__proto__":{"isAdmin":true},"constructor":{},'), [
    ...['__proto__', 'constructor'],
  ]),
  place('a prototype in a line', orderText('"sku"', '"__proto__":{"quantity":1},"sku"'), [
    'lines.0.__proto__',
  ]),
  place('a price of their own', { ...ORDER, lines: [{ ...LINE, unitPrice: '0.01' }] }, ['lines.0.unitPrice']),
  place('2,001 lines', { ...ORDER, lines: Array.from({ length: 2_001 }, () => LINE) }, ['lines']),
  place('no lines', { ...ORDER, lines: [] }, ['lines']),
  place('lines by number', { ...ORDER, lines: { 0: LINE, length: 1 } }, ['lines']),
  place(
    'quantities that are none',
    {
      ...ORDER,
      lines: [0, -1, 1.5, 1_000_001, '1', null, true, [1]].map((quantity) => ({ sku: 'MUG', quantity })),
    },
    [0, 1, 2, 3, 4, 5, 6, 7].map((line) => `lines.${line}.quantity`),
  ),
  place('an infinite quantity', orderText('"quantity":1', '"quantity":1e400'), ['lines.0.quantity']),
  place('a quantity that no float holds', orderText('"quantity":1', '"quantity":9007199254740993'), [
    ...['lines.0.quantity'],
  ]),
  place(
    'SKUs that are none',
    {
      ...ORDER,
      lines: ['', ' MUG', 'a\nb', 'x'.repeat(65), 7, 'M\u202EUG'].map((sku) => ({ sku, quantity: 1 })),
    },
    [0, 1, 2, 3, 4, 5].map((line) => `lines.${line}.sku`),
  ),
  place('SKUs that are not sold', { ...ORDER, lines: [LINE, { sku: "'; DROP--", quantity: 1 }] }, [
    'lines.1.sku',
  ]),
  place(
    'a wrong address',
    { ...ORDER, shippingAddress: { name: `${SECRET}\u0000`, line1: ' ', city: ['Leeds'], planet: 'Mars' } },
    ['name', 'line1', 'city', 'country', 'planet'].map((field) => `shippingAddress.${field}`),
  ),
  place(
    'an address as long as a book',
    { ...ORDER, shippingAddress: { ...ADDRESS, line1: 'x'.repeat(201) } },
    [...['shippingAddress.line1']],
  ),
  place('half a character', orderText('"Ada"', '"Ada\\ud83d"'), ['shippingAddress.name']),
  place('a name of nothing to see', { ...ORDER, shippingAddress: { ...ADDRESS, name: '\u200b\u200b' } }, [
    ...['shippingAddress.name'],
  ]),
  place('a turned name', { ...ORDER, shippingAddress: { ...ADDRESS, name: 'Ada \u202Egnp' } }, [
    ...['shippingAddress.name'],
  ]),
  place('a token in two lines', { ...ORDER, paymentToken: `${SECRET}\r\nX-Admin: 1` }, ['paymentToken']),
  place('a token of 201 characters', { ...ORDER, paymentToken: SECRET.repeat(34) }, ['paymentToken']),
  place(
    'contacts that are none',
    { ...ORDER, email: `${SECRET}@example.com,eve@example.com`, phone: '-----', smsUpdates: 'yes' },
    ['email', 'phone', 'smsUpdates'],
  ),
  place('a mail address with a header', { ...ORDER, email: `${SECRET}@example.com\r\nBcc:eve` }, ['email']),
  place('a key that is none', ORDER, ['Idempotency-Key'], { 'idempotency-key': 'a b' }),
  place('a wrong key and a wrong order', { ...ORDER, paymentToken: 7 }, ['Idempotency-Key', 'paymentToken'], {
    'idempotency-key': 'x'.repeat(65),
  }),
  { ...place('a query', ORDER, ['dryRun']), send: 'POST /orders?dryRun=true' },
  cancel('a reason', { reason: SECRET }, ['reason']),
  { ...cancel('a query', undefined, ['force']), send: 'POST /orders/some-order/cancel?force=true' },
];

const ACTIVITY: readonly MalformedRequest[] = [
  guest('no session', { type: 'view', sku: 'MUG' }, ['sessionId']),
  guest('a short session', { sessionId: 'x', type: 'view', sku: 'MUG' }, ['sessionId']),
  guest('a kind that there is not', { sessionId: SESSION, type: 'hack' }, ['type']),
  guest('a customer of their choice', { sessionId: SESSION, customerId: 'ada', type: 'view', sku: 'MUG' }, [
    ...['customerId'],
  ]),
  guest(
    '26 at once',
    { sessionId: SESSION, activities: Array.from({ length: 26 }, () => ({ type: 'checkout' })) },
    [...['activities']],
  ),
  guest(
    'a search for control characters',
    { sessionId: SESSION, type: 'search', text: 'a\u0000', results: 1 },
    [...['text']],
  ),
  guest('a key for the whole', { sessionId: SESSION, type: 'checkout' }, ['Idempotency-Key'], {
    'idempotency-key': 'key-1',
  }),
  own('nothing in it', { activities: [] }, ['activities']),
  own('a session of their choice', { sessionId: SESSION, activities: [{ type: 'checkout' }] }, ['sessionId']),
  own('a time that no calendar has', { type: 'checkout', at: '2026-02-30T00:00:00Z' }, ['at']),
  own('a time long ago', { type: 'checkout', at: '2001-01-01T00:00:00Z' }, ['at']),
];

const STAFF: readonly MalformedRequest[] = [
  put('nothing', {}, ['name', 'unitPrice']),
  put('a price as a float', { ...PRODUCT, unitPrice: 9.5 }, ['unitPrice']),
  put('a price below nothing', { ...PRODUCT, unitPrice: '-1' }, ['unitPrice']),
  put('a price with an exponent', { ...PRODUCT, unitPrice: '1e3' }, ['unitPrice']),
  put('another currency and a stock', { ...PRODUCT, currency: 'EUR', stock: 5 }, ['currency', 'stock']),
  put('a name in two lines', { ...PRODUCT, name: 'Mug\nBowl' }, ['name']),
  {
    ...put('a wrong path and a wrong body', { name: '', unitPrice: '0' }, ['sku', 'name', 'unitPrice']),
    send: `PUT /products/${'x'.repeat(65)}`,
  },
  receive('nothing', {}, ['receipt', 'quantity']),
  receive('a name with a hash', { receipt: 'a#b', quantity: 1 }, ['receipt']),
  receive('goods that go', { receipt: 'DN-1', quantity: -5 }, ['quantity']),
  {
    ...{
      what: 'goods of no product',
      as: 'staff',
      send: 'POST /products/NOTHING/receipts',
      headers: JSON_TYPE,
    },
    ...{ body: { receipt: 'DN-1', quantity: 1 }, status: 404, problem: 'not-found' },
  },
  query('staff', '/orders?status=shipped&limit=0&sort=total', 'status', 'limit', 'sort'),
  query('staff', '/orders?from=2011-02-30', 'from'),
  query('staff', '/orders?q=hanging%20heart', 'q'),
  query('staff', `/orders?cursor=${cursor(['', 'x'.repeat(101), 'o'])}`, 'cursor'),
  query('staff', '/sales?by=week', 'by'),
  query('staff', '/funnel?from=2011-11-15&to=2011-11-14', 'from'),
  query('staff', '/activity?from=2026-01-01T24:00', 'from'),
];

const READS: readonly MalformedRequest[] = [
  query('customer', '/orders?limit=101&cursor=next&customerId=grace', 'customerId', 'limit', 'cursor'),
  query('customer', '/orders?limit=1&limit=2', 'limit'),
  query('customer', `/orders?cursor=${cursor(['2026-02-30T00:00:00Z', 'o'])}`, 'cursor'),
  query('nobody', '/products?minPrice=2&maxPrice=1', 'maxPrice'),
  query('nobody', '/products?minPrice=NaN&page=0&size=1e3', 'minPrice', 'size', 'page'),
  query('nobody', `/products?q=${'x'.repeat(201)}`, 'q'),
  query('nobody', '/products?q=mug%00&__proto__=1', '__proto__', 'q'),
  query('nobody', '/products?page=999999', 'page'),
];

const nowhere = (send: string, status: number, problem?: string): MalformedRequest => ({
  ...{ what: send.slice(0, 80), as: 'customer', send, status },
  ...(problem === undefined ? {} : { problem }),
});

const PLACES: readonly MalformedRequest[] = [
  nowhere('GET /', 404),
  nowhere('GET /admin', 404),
  nowhere('DELETE /orders', 404),
  nowhere('PATCH /orders/some-order', 404),
  nowhere('PUT /products/MUG', 404),
  nowhere('GET /orders/some-order/cancel', 404),
  nowhere('GET /orders/%E0%A4%A', 400),
  nowhere('GET /orders/no-such-order', 404, 'not-found'),
  nowhere('GET /orders/a%00b', 404, 'not-found'),
  nowhere(`GET /orders/${'x'.repeat(65)}`, 404, 'not-found'),
  nowhere('GET /products/%0A', 404, 'not-found'),
  nowhere('POST /orders/no-such-order/cancel', 404, 'not-found'),
  { ...nowhere('DELETE /products/NOTHING', 404, 'not-found'), as: 'staff' },
];

/** Every request is to be refused, and to change nothing. */
export const MALFORMED_REQUESTS = [...BODIES, ...ORDERS, ...ACTIVITY, ...STAFF, ...READS, ...PLACES];
