import { SearchUnavailable } from '@orderstream/lambda-kit';
import { FakeShop } from './testing/fake-shop.ts';

let shop: FakeShop;

beforeEach(() => {
  shop = new FakeShop();
});

const search = (query: Record<string, string> = {}) => shop.call({ route: 'GET /products', query });

it('answers with what was looked for, what was found, and how it divides', async () => {
  const mug = { sku: 'MUG', name: 'Mug', unitPrice: '4.25', currency: 'GBP', inStock: true };
  const facets = { price: [{ to: 5, count: 1 }], inStock: { yes: 1, no: 0 } };
  shop.found = { total: 1, products: [mug], facets };

  const { status, headers, body } = await search({ q: ' mug ', page: '2', size: '5' });

  expect(status).toBe(200);
  expect(body).toEqual({ query: 'mug', total: 1, page: 2, size: 5, products: [mug], facets });
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=10' });
});

it.each([
  ['nothing', {}, { text: undefined, page: 1, size: 50 }],
  ['blanks', { q: '  ' }, { text: undefined }],
  [
    'query syntax, which is only text',
    { q: 'name:* AND -"x" (~) {"a":1}' },
    { text: 'name:* AND -"x" (~) {"a":1}' },
  ],
  ['prices', { minPrice: '0', maxPrice: '12.50' }, { minPrice: 0, maxPrice: 12.5 }],
  ['what is in stock', { inStock: 'true' }, { inStock: true }],
  ['what is not', { inStock: 'false' }, { inStock: false }],
  ['the last page', { page: '100', size: '100' }, { page: 100, size: 100 }],
])('looks for %s', async (_, query, wish) => {
  expect((await search(query)).status).toBe(200);
  expect(shop.wishes).toEqual([expect.objectContaining(wish)]);
});

it.each([
  ['parameters that there are not', { sort: 'price', q: 'mug' }, ['sort']],
  ['a text in two lines', { q: 'mug\nbowl' }, ['q']],
  ['a long text', { q: 'x'.repeat(201) }, ['q']],
  ['prices that are none', { minPrice: '-1', maxPrice: '1e3' }, ['minPrice', 'maxPrice']],
  ['prices the wrong way round', { minPrice: '10', maxPrice: '9.99' }, ['maxPrice']],
  ['a stock that is neither', { inStock: 'maybe' }, ['inStock']],
  ['pages that are none', { page: '0', size: '101' }, ['size', 'page']],
  ['a page beyond what is shown', { page: '101', size: '100' }, ['page']],
  ['everything at once', { q: 'x'.repeat(201), inStock: '', page: '1.5' }, ['q', 'inStock', 'page']],
])('refuses %s, and names it', async (_, query, fields) => {
  const { status, body } = await search(query);

  expect([status, body.type]).toEqual([400, 'urn:orderstream:problem:invalid-request']);
  expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  expect(shop.wishes).toEqual([]);
});

it('says that it is off where it is off, and how to have it', async () => {
  shop.search = undefined;

  const { status, body } = await search({ q: 'mug' });

  expect([status, body.type]).toEqual([501, 'urn:orderstream:problem:switched-off']);
  expect(body.detail).toContain('ORDERSTREAM_SEARCH=on');
});

it('says to try later while the search is down', async () => {
  shop.found = new SearchUnavailable('answered with 503');

  const { status, body } = await search();

  expect([status, body.type]).toEqual([503, 'urn:orderstream:problem:try-later']);
});
