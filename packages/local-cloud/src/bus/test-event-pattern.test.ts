import { testBus } from './bus.fixture.ts';

const event = {
  id: '1',
  account: '210987654321',
  source: 'orders',
  time: '2026-11-23T12:00:00Z',
  region: 'eu-central-1',
  'detail-type': 'OrderPlaced',
};

const ask = (EventPattern: string, Event: string) =>
  testBus([]).call('TestEventPattern', { EventPattern, Event });

test.each([
  ['{"source":["orders"]}', true],
  ['{"source":["shop"]}', false],
])('%s: %j', async (pattern, Result) => {
  expect(await ask(pattern, JSON.stringify(event))).toEqual({ status: 200, Result });
});

test('numbers count as they are written', async () => {
  const long = JSON.stringify({ ...event, detail: 0 }).replace(
    '"detail":0',
    '"detail":{"n":12345678901234567891}',
  );

  expect(await ask('{"detail":{"n":[12345678901234567891]}}', long)).toMatchObject({ Result: true });
  expect(await ask('{"detail":{"n":[12345678901234567892]}}', long)).toMatchObject({ Result: false });
});

test.each([
  ['{"source":[]}', 'Event pattern is not valid. Reason: Empty arrays are not allowed'],
  ['{"source":"orders"}', 'Event pattern is not valid. Reason: "source" must be an object or an array'],
  ['{', 'Event pattern is not valid. Reason: '],
])('the pattern %s is refused', async (pattern, message) => {
  await expect(ask(pattern, JSON.stringify(event))).rejects.toMatchObject({
    code: 'InvalidEventPatternException',
    message: expect.stringContaining(message),
  });
});

test.each([
  ['plain text', 'Parameter Event is not valid.'],
  ['"text"', 'Parameter Event is not valid.'],
  ['[]', 'Parameter Event is not valid.'],
  ['null', 'Parameter Event is not valid.'],
  [
    '{"source":"orders","id":"1"}',
    'Parameter Event is not valid. Reason: It lacks account, time, region, detail-type.',
  ],
])('the event %s is refused', async (Event, message) => {
  await expect(ask('{"source":["orders"]}', Event)).rejects.toMatchObject({
    code: 'ValidationException',
    message,
  });
});

test.each([
  [999, { status: 200, Result: false }],
  [1_000, 'Parameter Event is not valid.'],
  [9_000, 'Parameter Event is not valid.'],
])('an event whose detail holds %i arrays in one another', async (depth, answer) => {
  const deep = JSON.stringify({ ...event, detail: 0 }).replace(
    '"detail":0',
    `"detail":{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`,
  );

  const answered = ask('{"detail":{"a":[2]}}', deep);

  expect(await answered.catch(({ message }: Error) => message)).toEqual(answer);
});

test('both must be given', async () => {
  await expect(testBus([]).call('TestEventPattern', { Event: '{}' })).rejects.toMatchObject({
    code: 'ValidationException',
  });
});
