import type { ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import { Meter } from './meter.ts';
import { metered } from './services.ts';

const KB = 1024;
const FUNCTION = { kind: 'function', name: 'shop-notify', roleArn: 'arn' } as const;

/** What a call of a function is counted as, when the service answers it with this. */
async function countedAs(
  call: Partial<ServiceRequest> & { readonly service: string },
  answer = '{}',
  status = 200,
): Promise<unknown> {
  const meter = new Meter();
  const handler: ServiceHandler = async () => ({ status, headers: {}, body: answer });
  const handlers = metered(meter, { [call.service]: handler });
  const request = {
    operation: '',
    method: 'POST',
    url: '/',
    headers: {},
    body: Buffer.of(),
    caller: FUNCTION,
    ...call,
  };
  await handlers[call.service]?.(request);
  return meter.reading().by['shop-notify'];
}

const entries = (...details: string[]) =>
  Buffer.from(
    JSON.stringify({ Entries: details.map((Detail) => ({ Source: 's', DetailType: 't', Detail })) }),
  );
const accepted = (...ids: (string | undefined)[]) =>
  JSON.stringify({ Entries: ids.map((EventId) => ({ EventId })) });

it.each([
  ['a small one as a request', { body: Buffer.alloc(KB) }, '{}', 1],
  ['a large batch by its chunks of 64 KB', { body: Buffer.alloc(200 * KB) }, '{}', 4],
  ['a receive by what it brings', {}, 'x'.repeat(65 * KB), 2],
])('counts a call to a queue: %s', async (_, call, answer, expected) => {
  expect(await countedAs({ service: 'sqs', ...call }, answer)).toEqual({ 'sqs.requests': expected });
});

it('counts nothing for a call that is refused', async () => {
  expect(await countedAs({ service: 'sqs' }, '{}', 400)).toBeUndefined();
});

it.each([
  ['each that is accepted', entries('{}', '{}', '{}'), accepted('1', undefined, '3'), 2],
  ['a large one by its chunks of 64 KB', entries('{}', `"${'x'.repeat(130 * KB)}"`), accepted('1', '2'), 4],
])('counts events: %s', async (_, body, answer, expected) => {
  expect(await countedAs({ service: 'events', operation: 'PutEvents', body }, answer)).toEqual({
    'events.published': expected,
    'events.publishedBytes': body.length,
  });
});

it('counts no other call to the bus', async () => {
  expect(await countedAs({ service: 'events', operation: 'ListRules' })).toBeUndefined();
});

it.each([
  ['PUT', '/bucket/key', { 's3.writes': 1, 's3.storedBytes': 5 }],
  ['GET', '/bucket/key', { 's3.reads': 1 }],
  ['HEAD', '/bucket/key', { 's3.reads': 1 }],
  ['GET', '/bucket?list-type=2', { 's3.writes': 1 }],
  ['POST', '/bucket/key?uploads', { 's3.writes': 1 }],
  ['POST', '/bucket?delete', undefined],
  ['DELETE', '/bucket/key', undefined],
])('counts %s %s of a bucket', async (method, url, expected) => {
  const body = Buffer.from(method === 'PUT' ? 'bytes' : '');

  expect(await countedAs({ service: 's3', method, url, body })).toEqual(expected);
});

it('counts a mail for each of its recipients', async () => {
  const body = Buffer.from(JSON.stringify({ Destination: { ToAddresses: ['a', 'b'], CcAddresses: ['c'] } }));

  expect(await countedAs({ service: 'ses', body })).toEqual({ 'ses.messages': 3 });
});

it.each([
  ['a text message, as a request too', { PhoneNumber: '+442079460000', Message: 'On its way' }, 1],
  ['a long one by its parts', { PhoneNumber: '+442079460000', Message: 'a'.repeat(161) }, 2],
  ['nothing more for a topic', { TopicArn: 'arn', Message: 'PhoneNumber=1' }, undefined],
])('counts what is published: %s', async (_, call, textMessages) => {
  const body = Buffer.from(new URLSearchParams({ Action: 'Publish', ...call }).toString());

  expect(await countedAs({ service: 'sns', operation: 'Publish', body })).toEqual({
    'sns.publishes': 1,
    ...(textMessages && { 'sns.textMessages': textMessages }),
  });
});

it('leaves services alone that bill nothing', () => {
  const sts: ServiceHandler = async () => ({ status: 200, headers: {}, body: '' });

  expect(metered(new Meter(), { sts }).sts).toBe(sts);
});
