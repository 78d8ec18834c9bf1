import { ask } from '../testing/requests.ts';
import { UNTOUCHED } from '../testing/untouched.ts';
import { awsMappings } from './dispatching.ts';

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
