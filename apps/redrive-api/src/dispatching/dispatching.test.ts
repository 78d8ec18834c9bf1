import { logger } from '@orderstream/lambda-kit';
import { ask } from '../testing/requests.ts';
import { UNTOUCHED } from '../testing/untouched.ts';
import { awsMappings, setDispatching } from './dispatching.ts';

const api = { ...UNTOUCHED, mappings: awsMappings({ orders: 'uuid-1' }) };

beforeAll(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
});
afterEach(() => jest.restoreAllMocks());

it.each([
  [400, 'ResourceInUseException', 503, 'Lambda is still changing the mapping uuid-1'],
  [409, 'ResourceConflictException', 503, 'Lambda is still changing the mapping uuid-1'],
  [429, 'TooManyRequestsException', 503, 'Try again in a moment.'],
  [400, 'InvalidParameterValueException', 500, 'tell us the request'],
  [404, 'ResourceNotFoundException', 500, 'tell us the request'],
])('what Lambda refuses with %i %s is answered with %i', async (refused, type, status, detail) => {
  const headers = { 'x-amzn-ErrorType': `${type}:http://internal.amazon.com/` };
  const answer = async () => Response.json({ Message: 'No.' }, { status: refused, headers });
  jest.spyOn(globalThis, 'fetch').mockImplementation(answer);

  const answered = await ask(api, 'GET /dispatching');

  expect(answered.status).toBe(status);
  expect(answered.body.detail).toContain(detail);
});

it.each([
  [true, 'products', 'paused', 'Disabling'],
  [false, 'orders', 'resumed', 'Enabling'],
])(
  'tells the log of each mapping that is changed, and of no other: paused %s',
  async (paused, table, did, state) => {
    const logged: unknown[] = [];
    jest.spyOn(logger, 'info').mockImplementation((...line) => void logged.push(line));
    const states: Readonly<Record<string, string>> = { 'uuid-1': 'Disabled', 'uuid-2': 'Enabled' };
    const mappings = {
      uuids: { orders: 'uuid-1', products: 'uuid-2' },
      state: async (uuid: string) => states[uuid] ?? '',
      enable: async (_: string, enabled: boolean) => (enabled ? 'Enabling' : 'Disabling'),
    };

    await setDispatching({ json: () => ({ paused }), query: {} }, mappings);

    const mapping = mappings.uuids[table === 'orders' ? 'orders' : 'products'];
    expect(logged).toEqual([
      [`Dispatching of ${table} was ${did}.`, { table, mapping, before: states[mapping], state }],
    ]);
  },
);
