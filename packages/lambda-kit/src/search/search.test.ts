import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { forgetSigners } from '../signed-request.ts';
import { ProductSearch } from './product-search.ts';
import { SearchService } from './search-service.ts';

interface Asked {
  readonly request: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let asked: Asked[];
let answer: { status: number; body: string };
let server: Server;
let service: SearchService;

beforeEach(async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 's',
  });
  forgetSigners();
  asked = [];
  answer = { status: 200, body: '{}' };
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ request: `${method} ${url}`, headers, body: await text(request) });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  service = new SearchService(`http://127.0.0.1:${port}/`, 30_000);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const wish = { text: 'mug', page: 1, size: 20 };
const replies = (status: number, body: unknown) => (answer = { status, body: JSON.stringify(body) });

it('a request is signed for the service, and its body is JSON', async () => {
  await service.call({ method: 'POST', path: '/products/_search', body: { size: 1 } });

  expect(asked).toEqual([
    { request: 'POST /products/_search', headers: expect.any(Object), body: '{"size":1}' },
  ]);
  expect(asked[0]?.headers['authorization']).toContain('/eu-west-1/es/aws4_request');
  expect(asked[0]?.headers['content-type']).toBe('application/json');
});

it('lines of JSON end each with a line break', async () => {
  await service.call({ method: 'POST', path: '/_bulk', body: [{ a: 1 }, { b: '\n' }] });

  expect(asked[0]?.body).toBe('{"a":1}\n{"b":"\\n"}\n');
  expect(asked[0]?.headers['content-type']).toBe('application/x-ndjson');
});

it.each([
  [429, 'SearchUnavailable'],
  [503, 'SearchUnavailable'],
  [400, 'SearchRefused'],
  [403, 'SearchRefused'],
])('the status %d is %s', async (status, name) => {
  replies(status, { error: { type: 'x_exception', reason: 'so it is' }, status });

  await expect(service.call({ method: 'GET', path: '/_alias' })).rejects.toMatchObject({ name });
});

it('nobody there is an unavailable service', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  await expect(service.call({ method: 'GET', path: '/_alias' })).rejects.toMatchObject({
    name: 'SearchUnavailable',
    message: expect.stringContaining('did not answer GET /_alias'),
  });
});

describe('a search', () => {
  it('finds products and counts what there is', async () => {
    const mug = { sku: 'MUG', name: 'Mug', unitPrice: '4.250', currency: 'GBP', inStock: true };
    replies(200, {
      hits: { total: { value: 3, relation: 'eq' }, hits: [{ _id: 'MUG', _source: mug }] },
      aggregations: {
        price: {
          buckets: [
            { key: '*-5.0', to: 5, doc_count: 2 },
            { key: '50.0-*', from: 50, doc_count: 1 },
          ],
        },
        inStock: {
          buckets: [
            { key: 1, key_as_string: 'true', doc_count: 2 },
            { key: 0, key_as_string: 'false', doc_count: 1 },
          ],
        },
      },
    });

    expect(await new ProductSearch(service).search(wish)).toEqual({
      total: 3,
      products: [mug],
      facets: {
        price: [
          { to: 5, count: 2 },
          { from: 5, to: 10, count: 0 },
          { from: 10, to: 25, count: 0 },
          { from: 25, to: 50, count: 0 },
          { from: 50, count: 1 },
        ],
        inStock: { yes: 2, no: 1 },
      },
    });
    expect(asked[0]?.request).toBe('POST /products/_search');
  });

  it('finds nothing while there is no index', async () => {
    replies(404, { error: { type: 'index_not_found_exception', reason: 'no such index [products]' } });

    expect(await new ProductSearch(service).search(wish)).toMatchObject({ total: 0, products: [] });
  });

  it('that is refused for another reason is an error', async () => {
    replies(400, { error: { type: 'parsing_exception', reason: 'unknown query' } });

    await expect(new ProductSearch(service).search(wish)).rejects.toThrow('unknown query');
  });

  it('beyond what is ever shown is not asked for', async () => {
    await expect(new ProductSearch(service).search({ ...wish, page: 501 })).rejects.toThrow('Ask for less');
    expect(asked).toEqual([]);
  });
});
