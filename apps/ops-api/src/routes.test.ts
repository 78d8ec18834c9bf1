import { wrongFields, type StaffCall } from '@orderstream/lambda-kit/fixtures';
import { opsRoutes } from './routes.ts';
import { ask } from './testing/requests.ts';
import { UNTOUCHED } from './testing/untouched.ts';

const ROUTES = [...opsRoutes(UNTOUCHED).keys()];

const PATH = { sku: 'MUG' };
const PRODUCT = { name: 'Mug', unitPrice: '9.50' };
const RECEIPT = { receipt: 'DN-1', quantity: 5 };

it('answers these routes', () => {
  expect(ROUTES).toEqual([
    'PUT /products/{sku}',
    'DELETE /products/{sku}',
    'POST /products/{sku}/receipts',
    'GET /orders',
    'GET /sales',
    'GET /funnel',
    'GET /activity',
  ]);
});

it.each(ROUTES)('%s is refused to a caller who is not staff, whatever they send', async (route) => {
  const call = { caller: { groups: '[customers]' }, path: PATH, body: '{', query: { x: '1' } };

  const { status } = await ask(UNTOUCHED, route, call);

  expect(status).toBe(403);
});

const put = (body: unknown, path = PATH): [string, StaffCall] => ['PUT /products/{sku}', { path, body }];
const receive = (body: unknown, path = PATH): [string, StaffCall] => [
  'POST /products/{sku}/receipts',
  { path, body },
];
const get = (route: string, query: Record<string, string>): [string, StaffCall] => [
  `GET /${route}`,
  { query },
];

it.each<[[string, StaffCall], string[]]>([
  [put(PRODUCT, { sku: 'a/b' }), ['sku']],
  [put(PRODUCT, { sku: ' MUG' }), ['sku']],
  [put(PRODUCT, { sku: 'x'.repeat(65) }), ['sku']],
  [put(PRODUCT, { sku: 'a\nb' }), ['sku']],
  [put({}), ['name', 'unitPrice']],
  [put(null), ['body']],
  [put([]), ['body']],
  [put({ ...PRODUCT, name: '  ' }), ['name']],
  [put({ ...PRODUCT, name: 'Mug\nBowl' }), ['name']],
  [
    put({ name: '', unitPrice: '0', currency: 'EUR' }, { sku: 'a/b' }),
    ['sku', 'name', 'unitPrice', 'currency'],
  ],
  [['PUT /products/{sku}', { path: PATH, query: { dryRun: 'true' }, body: PRODUCT }], ['dryRun']],
  [['DELETE /products/{sku}', { path: PATH, query: { force: 'true' } }], ['force']],
  [put({ ...PRODUCT, name: 'x'.repeat(501) }), ['name']],
  [put({ ...PRODUCT, unitPrice: 9.5 }), ['unitPrice']],
  [put({ ...PRODUCT, unitPrice: '0' }), ['unitPrice']],
  [put({ ...PRODUCT, unitPrice: '-1' }), ['unitPrice']],
  [put({ ...PRODUCT, unitPrice: '1e3' }), ['unitPrice']],
  [put({ ...PRODUCT, unitPrice: '0.000000001' }), ['unitPrice']],
  [put({ ...PRODUCT, currency: 'EUR' }), ['currency']],
  [put({ ...PRODUCT, currency: 7 }), ['currency']],
  [put({ ...PRODUCT, stock: 5, sku: 'TEA' }), ['stock', 'sku']],
  [['DELETE /products/{sku}', { path: { sku: 'a/b' } }], ['sku']],
  [['DELETE /products/{sku}', {}], ['sku']],
  [receive(RECEIPT, { sku: 'a/b' }), ['sku']],
  [receive({}), ['receipt', 'quantity']],
  [receive({ ...RECEIPT, receipt: 'DN 1' }), ['receipt']],
  [receive({ ...RECEIPT, receipt: 'DN#1' }), ['receipt']],
  [receive({ ...RECEIPT, receipt: 'x'.repeat(65) }), ['receipt']],
  [receive({ ...RECEIPT, quantity: 0 }), ['quantity']],
  [receive({ ...RECEIPT, quantity: -5 }), ['quantity']],
  [receive({ ...RECEIPT, quantity: 1.5 }), ['quantity']],
  [receive({ ...RECEIPT, quantity: '5' }), ['quantity']],
  [receive({ ...RECEIPT, quantity: 1_000_001 }), ['quantity']],
  [receive({ ...RECEIPT, price: '1' }), ['price']],
  [get('orders', { status: 'shipped' }), ['status']],
  [get('orders', { from: '2011-02-30' }), ['from']],
  [get('orders', { from: '2011-11-15', to: '2011-11-14' }), ['from']],
  [get('orders', { from: '2001-01-01', to: '2011-11-14' }), ['from']],
  [get('orders', { from: '2026-01-11' }), ['from']],
  [get('orders', { to: 'yesterday' }), ['to']],
  [get('orders', { to: '0000-01-03' }), ['to']],
  [get('orders', { q: 'hanging heart' }), ['q']],
  [get('orders', { q: '' }), ['q']],
  [get('orders', { q: 'x'.repeat(129) }), ['q']],
  [get('orders', { limit: '0' }), ['limit']],
  [get('orders', { limit: '101' }), ['limit']],
  [get('orders', { limit: '1.5' }), ['limit']],
  [get('orders', { cursor: 'next' }), ['cursor']],
  [get('orders', { cursor: '' }), ['cursor']],
  [get('orders', { cursor: Buffer.from('["2011-02-30"]').toString('base64url') }), ['cursor']],
  [get('orders', { cursor: Buffer.from('["2011-11-14","a"]').toString('base64url') }), ['cursor']],
  [get('orders', { cursor: Buffer.from('["","a","b","c"]').toString('base64url') }), ['cursor']],
  [get('orders', { sort: 'total', limit: 'all' }), ['limit', 'sort']],
  [get('sales', {}), ['by']],
  [get('sales', { by: 'week' }), ['by']],
  [get('sales', { by: 'day,hour' }), ['by']],
  [get('sales', { by: 'day', from: '2011-11-15', to: '2011-11-14' }), ['from']],
  [get('sales', { by: 'day', from: '2011-13-01', to: '2011-11-31' }), ['from', 'to']],
  [get('sales', { by: 'day', from: '2011-11-14T00:00:00Z' }), ['from']],
  [get('sales', { by: 'day', from: '2000-01-01', to: '2010-02-17' }), ['from']],
  [get('sales', { by: 'day', to: '' }), ['to']],
  [get('sales', { by: 'day', currency: 'GBP' }), ['currency']],
  [get('funnel', { from: '2011-11-15', to: '2011-11-14' }), ['from']],
  [get('funnel', { to: '2011-02-29' }), ['to']],
  [get('funnel', { from: '2000-01-01', to: '2010-02-17' }), ['from']],
  [get('funnel', { by: 'day' }), ['by']],
  [get('activity', { from: '2026-01-01T09' }), ['from']],
  [get('activity', { from: '2026-01-01T24:00' }), ['from']],
  [get('activity', { from: '2026-02-30' }), ['from']],
  [get('activity', { to: '2026-01-01T09:30:00Z' }), ['to']],
  [get('activity', { from: '2026-01-01T10:00', to: '2026-01-01T09:59' }), ['from']],
  [get('activity', { from: '2026-01-01T10:00', to: '2026-01-02T10:00' }), ['from']],
  [get('activity', { from: '2026-01-01', to: '2026-01-02' }), ['from']],
  [get('activity', { who: 'ada' }), ['who']],
])('%j is refused, and what is wrong is named: %j', async ([route, call], fields) => {
  const { status, body } = await ask(UNTOUCHED, route, call);

  expect({ status, fields: wrongFields(body) }).toEqual({ status: 400, fields });
});

it.each([
  [put(PRODUCT, { sku: 'a/b' }), 'has a slash in it, which no path can carry: use a SKU without'],
  [put({ ...PRODUCT, currency: 'EUR' }), 'must be GBP: all orders are in it'],
  [
    get('orders', { q: 'two words' }),
    'must be the id of an order or of a customer, whole and without spaces',
  ],
  [
    get('sales', { by: 'day', from: '2000-01-01', to: '2010-02-17' }),
    'is more than 3700 days before 2010-02-17',
  ],
  [
    get('orders', { from: '2026-01-11' }),
    '2026-01-11 is after 2026-01-10, which is asked for as the last day',
  ],
])('%j: the answer says what to do', async ([route, call], problem) => {
  const { body } = await ask(UNTOUCHED, route, call);

  expect(body.errors[0].problem).toContain(problem);
});

it('a body that is no JSON is refused', async () => {
  const { status, body } = await ask(UNTOUCHED, 'PUT /products/{sku}', { path: PATH, body: '{' });

  expect({ status, type: body.type }).toEqual({
    status: 400,
    type: 'urn:orderstream:problem:malformed-body',
  });
});
