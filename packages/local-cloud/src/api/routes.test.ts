import { createRouter } from './routes.ts';

const route = (key: string) => ({ key });

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'ANY /pets/dog/{id}',
  'GET /pets/dog/1',
  'GET /{kind}/dog/9',
  'GET /{kind}/cat/7',
  'GET /',
];

it.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['PUT', '/pets/dog/2', 'ANY /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/dog/9', 'GET /pets/dog/{id}', { id: '9' }],
  ['GET', '/cats/dog/9', 'GET /{kind}/dog/9', { kind: 'cats' }],
  ['GET', '/pets/cat/7', 'GET /{kind}/cat/7', { kind: 'pets' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/pets/dog/', 'GET /pets/{proxy+}', { proxy: 'dog/' }],
  ['GET', '/', 'GET /', undefined],
  ['POST', '/', '$default', undefined],
])('%s %s goes to %s', (method, path, key, pathParameters) => {
  for (const order of [keys, keys.toReversed()]) {
    const match = createRouter(order.map(route))(method, path);
    expect(match).toEqual({ route: route(key), pathParameters });
  }
});

it('finds nothing for a method, an end or a slash more than there is', () => {
  const router = createRouter([route('GET /orders'), route('GET /orders/{orderId}')]);
  expect(router('POST', '/orders')).toBeUndefined();
  expect(router('GET', '/orders/')).toBeUndefined();
  expect(router('GET', '/orders/1/lines')).toBeUndefined();
  expect(router('GET', '/Orders')).toBeUndefined();
});

it('refuses a route key of another form', () => {
  expect(() => createRouter([route('/orders')])).toThrow('The route key /orders must be like');
});
