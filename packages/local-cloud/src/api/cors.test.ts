import { route, TestApi } from './api.fixture.ts';

const SHOP = 'https://shop.example.com';
const api = new TestApi();

beforeAll(() =>
  api.open([route('GET /products'), route('POST /orders', { authorization: 'AWS_IAM' })], [], {
    origins: [SHOP, 'https://www.example.com'],
    methods: ['GET', 'POST'],
    headers: ['authorization', 'content-type'],
    exposed: ['location'],
    maxAge: 600,
  }),
);
beforeEach(() => api.reset());
afterAll(() => api.close());

const corsOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

const ask = (path: string, headers: Record<string, string>) =>
  api.fetch(path, { method: 'OPTIONS', headers });

describe('a browser that asks before it calls', () => {
  it.each(['/products', '/orders', '/nothing'])(
    'is told what is allowed, without a token and without a function: %s',
    async (path) => {
      const response = await ask(path, { origin: SHOP, 'access-control-request-method': 'POST' });

      expect(response.status).toBe(204);
      expect(corsOf(response)).toEqual({
        'access-control-allow-origin': SHOP,
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-expose-headers': 'location',
        'access-control-max-age': '600',
      });
      expect(api.calls).toEqual([]);
    },
  );

  it('is told nothing for a page that is not named', async () => {
    const response = await ask('/products', {
      origin: 'https://evil.example',
      'access-control-request-method': 'GET',
    });

    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({});
  });

  it.each<[string, Record<string, string>]>([
    ['an origin', { 'access-control-request-method': 'GET' }],
    ['a method', { origin: SHOP }],
  ])('has to name %s: without one its request is like any other', async (_what, headers) => {
    expect((await ask('/products', headers)).status).toBe(404);
  });
});

describe("a function's answer", () => {
  it('may be read by a page that is named, as the API says and not as the function does', async () => {
    api.answer = () => ({
      statusCode: 201,
      headers: { Location: '/orders/1', 'Access-Control-Allow-Origin': '*' },
    });
    const response = await api.fetch('/products', { headers: { origin: 'https://www.example.com' } });

    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/orders/1');
    expect(corsOf(response)).toEqual({
      'access-control-allow-origin': 'https://www.example.com',
      'access-control-expose-headers': 'location',
    });
  });

  it.each([{}, { origin: 'https://evil.example' }])(
    'is given without CORS headers to %j',
    async (headers) => {
      api.answer = () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });

      expect(corsOf(await api.fetch('/products', { headers }))).toEqual({});
      expect(api.calls).toHaveLength(1);
    },
  );

  it('is left as it is by an API without CORS', async () => {
    const plain = new TestApi();
    await plain.open([route('GET /products')]);
    plain.answer = () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });

    expect(corsOf(await plain.fetch('/products', { headers: { origin: SHOP } }))).toEqual({
      'access-control-allow-origin': '*',
    });
    await plain.close();
  });
});
