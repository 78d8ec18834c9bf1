import { createServer } from 'node:http';
import { once } from 'node:events';
import { lookAtDispatching } from './dispatching.ts';

const OK = { LastProcessingResult: 'OK' };
const PROBLEM = { LastProcessingResult: 'PROBLEM: Function call failed' };
const MAPPINGS: Readonly<Record<string, object>> = {
  enabled: { State: 'Enabled', ...OK },
  new: { State: 'Enabled', LastProcessingResult: 'No records processed' },
  untold: { State: 'Enabled', LastProcessingResult: null },
  updating: { State: 'Updating', ...OK },
  disabled: { State: 'Disabled', ...OK },
  disabling: { State: 'Disabling', ...PROBLEM },
  failing: { State: 'Enabled', ...PROBLEM },
};
const REFUSALS: Readonly<Record<string, number>> = { forbidden: 403, gone: 404, slow: 429, down: 500 };

const server = createServer(({ url = '' }, answer) => {
  const uuid = url.split('/').at(-1) ?? '';
  const refusal = REFUSALS[uuid];
  if (refusal !== undefined) answer.writeHead(refusal).end('{"Message":"No."}');
  else answer.end(JSON.stringify({ UUID: uuid, ...MAPPINGS[uuid] }));
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
  ['bring changes, or are being changed', ['enabled', 'new', 'untold', 'updating'], 0, 0],
  ['are paused, or about to be', ['enabled', 'disabled', 'disabling'], 2, 0],
  ['are to bring changes and cannot', ['enabled', 'failing'], 0, 1],
  ['are not there, or not to be asked for', ['enabled', 'gone', 'forbidden'], 0, 2],
])('counts the mappings that %s', async (_, uuids, paused, broken) => {
  expect(await lookAtDispatching(uuids)).toEqual({ paused, broken, unknown: [] });
});

it('says what Lambda answered where it did not tell this time, and counts the others all the same', async () => {
  const { unknown, ...counts } = await lookAtDispatching(['slow', 'disabled', 'gone', 'down']);

  expect(counts).toEqual({ paused: 1, broken: 1 });
  expect(unknown.map(String)).toEqual([
    'Error: Lambda did not tell of mapping slow: 429 {"Message":"No."}',
    'Error: Lambda did not tell of mapping down: 500 {"Message":"No."}',
  ]);
});
