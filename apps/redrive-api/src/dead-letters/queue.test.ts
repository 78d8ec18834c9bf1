import { receiveAll, sqsQueue, type Queue } from './queue.ts';

const URL_OF_QUEUE = 'https://sqs.eu-west-1.amazonaws.com/1/letters';

interface Asked {
  readonly operation: string;
  readonly members: Record<string, unknown>;
}

const asked: Asked[] = [];
/** What the service answers; each operation has one answer, for all calls or one after the other. */
let answers: Record<string, object | object[]>;
let queue: Queue;

beforeAll(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
});
beforeEach(() => {
  asked.length = 0;
  answers = {};
  queue = sqsQueue(URL_OF_QUEUE);
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    const operation = String(new Headers(init?.headers).get('x-amz-target')).replace('AmazonSQS.', '');
    asked.push({ operation, members: JSON.parse(String(init?.body)) });
    const answer = answers[operation] ?? {};
    return Response.json(Array.isArray(answer) ? (answer.shift() ?? {}) : answer);
  });
});
afterEach(() => jest.restoreAllMocks());

const received = (number: number, more: object = {}) => ({
  MessageId: `m-${number}`,
  Body: `body ${number}`,
  ReceiptHandle: `handle-${number}`,
  Attributes: { SentTimestamp: '1767225600000' },
  ...more,
});
const page = (...numbers: number[]) => ({ Messages: numbers.map((number) => received(number)) });
const waiting = (count: number) => ({ Attributes: { ApproximateNumberOfMessages: String(count) } });
const MANY = { messages: 1_000, characters: 1_000_000 };
const idsOf = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id);
const callsOf = (operation: string) =>
  asked.filter((one) => one.operation === operation).map(({ members }) => members);

it('a message has its own attributes and the time at which it was sent', async () => {
  const attributes = { ERROR_CODE: { DataType: 'String', StringValue: 'SDK_CLIENT_ERROR' } };
  answers = { ReceiveMessage: { Messages: [received(1, { MessageAttributes: attributes })] } };

  expect(await queue.receive(false)).toEqual([
    {
      id: 'm-1',
      body: 'body 1',
      receiptHandle: 'handle-1',
      sentAt: '2026-01-01T00:00:00.000Z',
      attributes: { ERROR_CODE: 'SDK_CLIENT_ERROR' },
    },
  ]);
  expect(callsOf('ReceiveMessage')).toMatchObject([
    { QueueUrl: URL_OF_QUEUE, MaxNumberOfMessages: 10, VisibilityTimeout: 60, WaitTimeSeconds: 0 },
  ]);
});

it('an empty answer is not believed while messages should wait', async () => {
  answers = { GetQueueAttributes: waiting(3), ReceiveMessage: [page(1, 2), page(3), {}] };

  const { messages, complete } = await receiveAll(queue, MANY);

  expect(idsOf(messages)).toEqual(['m-1', 'm-2', 'm-3']);
  expect(complete).toBe(true);
  expect(callsOf('ReceiveMessage').map(({ WaitTimeSeconds }) => WaitTimeSeconds)).toEqual([1, 1, 0]);
});

it('an empty queue is asked once', async () => {
  answers = { GetQueueAttributes: waiting(0) };

  expect(await receiveAll(queue, MANY)).toEqual({ messages: [], complete: true });
  expect(callsOf('ReceiveMessage')).toHaveLength(1);
});

it('a message that comes twice is one, with the handle it had last', async () => {
  const again = { Messages: [received(1, { ReceiptHandle: 'later' })] };
  answers = { GetQueueAttributes: waiting(2), ReceiveMessage: [page(1, 2), again, {}] };

  const { messages } = await receiveAll(queue, MANY);

  expect(messages.map(({ receiptHandle }) => receiptHandle)).toEqual(['later', 'handle-2']);
});

it.each([
  ['messages', { messages: 2, characters: 1_000 }],
  ['characters', { messages: 1_000, characters: 12 }],
  ['time', { ...MANY, isLate: jest.fn().mockReturnValueOnce(false).mockReturnValue(true) }],
])('no more is received than asked for in %s, and that is said', async (_, most) => {
  answers = { GetQueueAttributes: waiting(9), ReceiveMessage: [page(1), page(2), page(3)] };

  const { messages, complete } = await receiveAll(queue, most);

  expect(idsOf(messages)).toEqual(['m-1', 'm-2']);
  expect(complete).toBe(false);
});

it('messages are given back ten in a call, each once', async () => {
  answers = { ReceiveMessage: page(...Array(23).keys()) };
  const messages = await queue.receive(false);

  await queue.giveBack(messages);

  const calls = callsOf('ChangeMessageVisibilityBatch').map(
    ({ Entries }) => Entries as Record<string, unknown>[],
  );
  expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
  expect(calls.flat().map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(
    messages.map(({ receiptHandle }) => receiptHandle),
  );
  expect(new Set(calls.flat().map(({ VisibilityTimeout }) => VisibilityTimeout))).toEqual(new Set([0]));
});

it('nothing is asked where nothing is to be given back', async () => {
  await queue.giveBack([]);

  expect(asked).toEqual([]);
});

it('a message is removed by the handle of its last receipt', async () => {
  answers = { ReceiveMessage: page(1) };
  const [message] = await queue.receive(false);

  await queue.remove(message!);

  expect(callsOf('DeleteMessage')).toEqual([{ QueueUrl: URL_OF_QUEUE, ReceiptHandle: 'handle-1' }]);
});

it('what SQS refuses is thrown under the name that SQS gives it', async () => {
  const refused = { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'There is no such queue.' };
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(refused, { status: 400 }));

  await expect(queue.waiting()).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'GetQueueAttributes: There is no such queue.',
  });
});
