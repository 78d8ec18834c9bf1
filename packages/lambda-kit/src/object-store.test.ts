import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ObjectStore, type Condition } from './object-store.ts';
import { forgetSigners } from './signed-request.ts';

const asked: string[] = [];
let answer: (url: URL, headers: IncomingHttpHeaders) => { status: number; body?: string };
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://s3');
  asked.push(`${request.method} ${request.url}`);
  const { status, body } = answer(url, request.headers);
  response.writeHead(status, { 'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT', etag: '"e1"' }).end(body);
});
const store = new ObjectStore('letters');

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'hush',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  forgetSigners();
});
beforeEach(() => asked.splice(0));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

it('lists keys page by page, from one on, as they are and not as XML writes them', async () => {
  const page = (keys: string[], more: boolean) =>
    `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}<IsTruncated>${more}</IsTruncated></ListBucketResult>`;
  answer = ({ searchParams }) => ({
    status: 200,
    body:
      searchParams.get('start-after') === 'a b' ? page(['a&amp;b', 'a&#x2F;c'], true) : page(['d'], false),
  });

  const keys: string[] = [];
  for await (const key of store.keys('a', 'a b')) keys.push(key);

  expect(keys).toEqual(['a&b', 'a/c', 'd']);
  expect(asked).toEqual([
    'GET /letters?list-type=2&max-keys=1000&prefix=a&start-after=a%20b',
    'GET /letters?list-type=2&max-keys=1000&prefix=a&start-after=a%2Fc',
  ]);
});

it('reads an object with its time, and knows where there is none', async () => {
  answer = ({ pathname }) => (pathname.endsWith('1.json') ? { status: 200, body: '{}' } : { status: 404 });

  expect(await store.get('a b/1.json')).toEqual({
    text: '{}',
    lastModified: '2026-01-02T03:04:05.000Z',
    eTag: '"e1"',
  });
  expect(await store.get('2.json')).toBeUndefined();
  expect([await store.has('1.json'), await store.has('2.json')]).toEqual([true, false]);
  expect(asked[0]).toBe('GET /letters/a%20b/1.json');
});

it('writes and removes under a condition, and says whether it held', async () => {
  answer = (_, { 'if-match': match, 'if-none-match': none }) => {
    if (none === '*') return { status: 412 };
    if (match === '"gone"') return { status: 404 };
    return { status: match === undefined || match === '"e1"' ? 200 : 412 };
  };
  const put = (condition?: Condition) => store.put('1.json', '{}', 'application/json', condition);

  expect(await put()).toBe(true);
  expect(await put({ ifMatch: '"e1"' })).toBe(true);
  expect(await put({ ifMatch: '"e2"' })).toBe(false);
  expect(await put({ ifMatch: '"gone"' })).toBe(false);
  expect(await put({ ifNoneMatch: '*' })).toBe(false);
  expect(await store.remove('1.json', { ifMatch: '"e1"' })).toBe(true);
  expect(await store.remove('1.json', { ifMatch: '"e2"' })).toBe(false);
  expect(await store.remove('1.json', { ifMatch: '"gone"' })).toBe(true);
});

it.each(['..', 'a/../b', 'a/./b', 'a//b', '/a', 'a/', ''])(
  'refuses the key "%s", which is a way',
  async (key) => {
    answer = () => ({ status: 200, body: '{}' });

    await expect(store.get(key)).rejects.toThrow('name the object itself');
    expect(asked).toEqual([]);
  },
);

it('fails with the words of S3', async () => {
  answer = () => ({ status: 403, body: 'AccessDenied' });

  await expect(store.remove('1.json')).rejects.toThrow('S3 did not remove /letters/1.json: 403 AccessDenied');
});
