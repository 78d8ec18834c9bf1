import { createServer } from 'node:http';
import { once } from 'node:events';
import { pausedMappings } from './dispatching.ts';

const STATES: Readonly<Record<string, string>> = {
  a: 'Enabled',
  b: 'Disabled',
  c: 'Disabling',
  d: 'Updating',
};

const server = createServer(({ url = '' }, answer) => {
  const state = STATES[url.split('/').at(-1) ?? ''];
  if (state === undefined) answer.writeHead(404).end('{"Message":"no such mapping"}');
  else answer.end(JSON.stringify({ UUID: 'x', State: state }));
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'hush',
  });
});
afterAll(() => server.close());

it.each([
  ['none is paused that brings, or is being changed', ['a', 'd'], 0],
  ['each that brings nothing, or soon nothing, is paused', ['a', 'b', 'c'], 2],
])('of the dispatcher’s mappings %s', async (_, uuids, paused) => {
  expect(await pausedMappings(uuids)).toBe(paused);
});

it('says what Lambda answered about a mapping that there is not', async () => {
  await expect(pausedMappings(['a', 'x'])).rejects.toThrow('mapping x: 404 {"Message":"no such mapping"}');
});
