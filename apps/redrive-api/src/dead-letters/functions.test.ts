import { awsFunctions, failureIn } from './functions.ts';

/** What Lambda answers. */
function answers(status: number, headers: Record<string, string> = {}): void {
  const answer = async () => Response.json({ message: 'Lambda says so.' }, { status, headers });
  jest.spyOn(globalThis, 'fetch').mockImplementation(answer);
}

beforeAll(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
});
afterEach(() => jest.restoreAllMocks());

it.each([
  [404, 'ResourceNotFoundException:http://internal.amazon.com/', 'ResourceNotFoundException'],
  [413, 'RequestTooLargeException', 'RequestTooLargeException'],
  [429, 'Throttles', 'TooManyRequestsException'],
])('a function that Lambda refuses to invoke with %i was not invoked', async (status, type, name) => {
  answers(status, { 'x-amzn-ErrorType': type });

  expect(await awsFunctions.invoke('consumer', {})).toBe(
    `It was not invoked. ${name}: Invoke of consumer: Lambda says so.`,
  );
});

it.each([
  ['consumer:live', 'functions/consumer/invocations?Qualifier=live'],
  ['consumer', 'functions/consumer/invocations'],
])('%s is called at %s, and named by its name', async (name, url) => {
  answers(429);

  expect(await awsFunctions.invoke(name, {})).toContain('Invoke of consumer: ');

  const [request] = jest.mocked(fetch).mock.calls[0] ?? [];
  expect(request instanceof Request ? request.url : String(request)).toMatch(
    new RegExp(`/2015-03-31/${url.replace('?', '\\?')}$`),
  );
});

it('of a function whose invocation broke nobody knows how far it came', async () => {
  answers(502, { 'x-amzn-ErrorType': 'ENILimitReachedException' });

  await expect(awsFunctions.invoke('consumer', {})).rejects.toMatchObject({
    name: 'ENILimitReachedException',
  });
});

const reported = (...failures: object[]) => JSON.stringify({ batchItemFailures: failures });

it.each([
  ['null', 'nothing'],
  ['{}', 'nothing to report'],
  ['{"batchItemFailures":null}', 'no list of failures'],
  [reported(), 'no failure'],
])('a function that answers %s (%s) handled it', (text) => {
  expect(failureIn('consumer', null, text)).toBeUndefined();
});

it.each([
  [
    reported({ itemIdentifier: '7', reason: 'UnreadableChange: status "x".' }),
    'consumer could not handle it again: UnreadableChange: status "x".',
  ],
  [reported({ itemIdentifier: '7' }), 'consumer could not handle it again: its log says why.'],
  [
    reported({ itemIdentifier: '7' }, { itemIdentifier: '8', reason: 'No.' }),
    'consumer could not handle 2 of it again: No.',
  ],
  ['{"batchItemFailures":"7"}', 'consumer could not handle it again: its log says why.'],
])('what is reported as failed stays with the reason that is given: %s', (text, why) => {
  expect(failureIn('consumer', null, text)).toBe(why);
});

it('a reason of any length is told shortly', () => {
  expect(failureIn('consumer', null, reported({ reason: 'x'.repeat(5_000) }))?.length).toBeLessThan(400);
});

it.each([
  ['{"errorType":"Throttled","errorMessage":"Ada Lovelace …"}', 'Throttled'],
  ['', 'Unhandled'],
])('a function that throws stays with the type of its error alone: %s', (text, type) => {
  expect(failureIn('consumer', 'Unhandled', text)).toBe(
    `consumer failed again with ${type}: its log says why.`,
  );
});
