import { AwsError } from '../endpoint/service.ts';
import { route, TestApi } from './api.fixture.ts';

const api = new TestApi();

beforeAll(() => api.open([route('GET /products'), route('POST /orders'), route('ANY /orders/{orderId}')]));
beforeEach(() => api.reset());
afterAll(() => api.close());

describe('the event', () => {
  it('has the form of payload format 2.0', async () => {
    const response = await api.fetch('/orders/o%201?b=2&a=1&a=x%20y', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'test', 'X-Two': 'Value' },
      body: '{"a":1}',
    });
    const port = new URL(api.base).port;
    expect(api.lastEvent).toEqual({
      version: '2.0',
      routeKey: 'ANY /orders/{orderId}',
      rawPath: '/orders/o 1',
      rawQueryString: 'b=2&a=1&a=x%20y',
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'content-length': '7',
        'user-agent': 'test',
        'x-two': 'Value',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': port,
        'x-forwarded-proto': 'http',
        host: `127.0.0.1:${port}`,
      }),
      queryStringParameters: { b: '2', a: '1,x y' },
      requestContext: {
        accountId: '111111111111',
        apiId: 'api123',
        domainName: 'api123.execute-api.eu-central-1.amazonaws.com',
        domainPrefix: 'api123',
        http: {
          method: 'PUT',
          path: '/orders/o 1',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'ANY /orders/{orderId}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { orderId: 'o 1' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('carries time and trace of the request, and the route as the cause', async () => {
    await api.fetch('/products', { headers: { 'x-amzn-trace-id': 'Root=1-a-b' } });
    const { time, timeEpoch } = api.lastEvent.requestContext;
    const [, day, month, rest] = /^(\d\d)\/(\w+)\/(.*)$/.exec(String(time)) ?? [];
    const written = Date.parse(`${day} ${month} ${rest?.replace(':', ' ')}`);
    expect(written).toBe(Math.floor(Number(timeEpoch) / 1000) * 1000);
    expect(api.calls[0]).toMatchObject({
      functionName: 'order-api',
      cause: { kind: 'api', name: 'GET /products', trace: 'Root=1-a-b' },
    });
  });

  it('leaves out what is not there', async () => {
    await api.fetch('/products');
    expect(Object.keys(api.lastEvent).sort()).toEqual([
      'headers',
      'isBase64Encoded',
      'rawPath',
      'rawQueryString',
      'requestContext',
      'routeKey',
      'version',
    ]);
  });

  it('joins repeated headers by commas and takes cookies apart', async () => {
    await api.statusOf('/products', { 'X-Many': ['a', 'b'], Cookie: ['one=1; two=2', 'three=3'] });
    expect(api.lastEvent['headers']).toMatchObject({ 'x-many': 'a,b' });
    expect(api.lastEvent['headers']).not.toHaveProperty('cookie');
    expect(api.lastEvent['cookies']).toEqual(['one=1', 'two=2', 'three=3']);
  });

  it.each([
    ['application/json', '{bad', false],
    ['application/json; charset=utf-8', 'ü', false],
    ['text/csv', 'a,b', false],
    ['application/xml', '<a/>', false],
    ['application/x-www-form-urlencoded', 'a=b', true],
    ['application/problem+json', '{}', true],
    ['application/octet-stream', 'abc', true],
  ])('of a body of type %s is text or base64 as AWS decides', async (type, body, isBase64Encoded) => {
    await api.fetch('/orders', { method: 'POST', headers: { 'content-type': type }, body });
    const sent = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    expect(api.lastEvent).toMatchObject({ body: sent, isBase64Encoded });
  });

  it('keeps bytes that are no text, whatever their type says', async () => {
    const body = Buffer.from([0xff, 0xfe, 0x00]);
    await api.fetch('/orders', { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
    expect(api.lastEvent).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });
});

describe('the answer', () => {
  it('with statusCode is sent as it is, with its headers and cookies', async () => {
    api.answer = () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'application/problem+json', 'X-Count': 3, 'Content-Length': '999' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '{"ü":1}',
    });
    const response = await api.fetch('/products');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(await response.text()).toBe('{"ü":1}');
  });

  it('in base64 is sent as bytes', async () => {
    api.answer = () => ({ statusCode: 200, body: '/wAB', isBase64Encoded: true });
    const bytes = await (await api.fetch('/products')).bytes();
    expect([...bytes]).toEqual([255, 0, 1]);
  });

  it('without a content type is plain text', async () => {
    expect((await api.fetch('/products')).headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each([
    [{ orders: [] }, '{"orders":[]}'],
    [[1, 2], '[1,2]'],
    ['Hello', 'Hello'],
    [undefined, 'null'],
  ])('without statusCode is the body of a 200: %j', async (result, body) => {
    api.answer = () => result;
    const response = await api.fetch('/products');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it.each<[string, () => unknown, number, string]>([
    [
      'fails',
      () => ({ requestId: 'r', payload: '{}', functionError: 'Unhandled' }),
      500,
      'Internal Server Error',
    ],
    ['answers with a wrong status', () => ({ statusCode: 'ok' }), 500, 'Internal Server Error'],
    [
      'answers with an object as the body',
      () => ({ statusCode: 200, body: {} }),
      500,
      'Internal Server Error',
    ],
    [
      'answers with a line break in a header',
      () => ({ statusCode: 200, headers: { 'x-first': '1', a: 'b\r\nc: d' } }),
      500,
      'Internal Server Error',
    ],
    [
      'is throttled',
      () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)),
      503,
      'Service Unavailable',
    ],
    [
      'is not there',
      () => Promise.reject(new AwsError('ResourceNotFoundException', 'gone', 404)),
      500,
      'Internal Server Error',
    ],
  ])('of a function that %s is %i', async (_what, result, status, message) => {
    api.answer = result;
    const response = await api.fetch('/products');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
    expect([...response.headers.keys()]).not.toContain('x-first');
  });

  it('is 503 when the function takes longer than 30 seconds', async () => {
    api.answer = () => new Promise(() => undefined);
    const response = api.fetch('/products');
    while (api.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(api.inFlight.counts()).toEqual({ request: 1 });
    await api.clock.advance(30_000);
    expect((await response).status).toBe(503);
    await api.inFlight.settled();
  });
});

describe('a request is refused', () => {
  it('with 404 where there is no route', async () => {
    const response = await api.fetch('/nothing');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
    expect((await api.fetch('/products', { method: 'DELETE' })).status).toBe(404);
  });

  it.each(['/orders/%', '/orders/%zz', '/orders/%ff', 'orders', '*'])(
    'with 400 for the target %s',
    async (target) => {
      expect(await api.statusOf(target)).toBe(400);
      expect(api.calls).toEqual([]);
    },
  );

  it('with 413 for a body of more than 10 MB, and not for one of 10 MB', async () => {
    const post = (size: number) => api.fetch('/orders', { method: 'POST', body: Buffer.alloc(size) });
    expect((await post(10 * 1024 * 1024 + 1)).status).toBe(413);
    expect(api.calls).toEqual([]);
    expect((await post(10 * 1024 * 1024)).status).toBe(200);
  });

  it('with 431 for headers of more than 10 KB', async () => {
    expect(await api.statusOf('/products', { 'x-long': 'x'.repeat(11_000) })).toBe(431);
  });
});

it('a second server on the same port is refused with the remedy', async () => {
  const port = Number(new URL(api.base).port);
  await expect(api.server([]).listen(port)).rejects.toThrow(
    `Port ${port} (of the API "shop"; the APIs stand right above --port) is in use: stop what listens there, or choose another one with --port.`,
  );
});
