import type { Outlets } from '../bus/outlets.ts';
import type { QueueMessage, QueueSource } from '../mappings/queue-source.ts';
import { meteredApi, meteredOutlets, meteredQueue } from './inner-calls.ts';
import { Meter } from './meter.ts';

const KB = 1024;

function queueOf(messages: number, bytes: number): QueueSource {
  const message: QueueMessage = {
    messageId: '1',
    receiptHandle: '1',
    body: 'x'.repeat(bytes),
    md5OfBody: '',
    attributes: {},
    messageAttributes: {},
  };
  return {
    arn: 'arn:aws:sqs:eu-west-1:000000000000:sales',
    visibilityTimeoutMs: 1,
    receive: () => Array.from({ length: messages }, () => message),
    delete: () => undefined,
    onMessage: () => () => undefined,
  };
}

it.each([
  ['nothing for an empty queue', 0, 1, undefined],
  ['a receive and a delete for up to ten messages', 10, 1, 2],
  ['one more of each for the eleventh', 11, 1, 4],
  ['large messages by their chunks', 2, 64 * KB, 3],
])('counts what a mapping asks its queue: %s', (_, messages, bytes, expected) => {
  const meter = new Meter();
  const queue = meteredQueue(meter, queueOf(messages, bytes));

  queue.delete(queue.receive(100).map(({ receiptHandle }) => receiptHandle));

  expect(meter.reading().by['sales']?.['sqs.requests']).toBe(expected);
});

it('counts what rules and destinations hand on, for the account that owns where it goes', async () => {
  const meter = new Meter();
  const handed: string[] = [];
  const outlet = (what: string) => async () => void handed.push(what);
  const outlets: Outlets = {
    sendMessage: outlet('queue'),
    publish: outlet('topic'),
    putObject: outlet('bucket'),
    invokeAsync: outlet('function'),
    startExecution: outlet('workflow'),
  };
  const counting = meteredOutlets(meter, outlets);

  await counting.sendMessage('arn', 'x'.repeat(65 * KB));
  await counting.publish('arn', 'x');
  await counting.putObject('arn', 'key', 'bytes', 'text/plain');
  await counting.invokeAsync('one', '{}', { kind: 'rule', name: 'r' });

  expect(handed).toEqual(['queue', 'topic', 'bucket', 'function']);
  expect(meter.reading().total).toEqual({
    'sqs.requests': 2,
    'sns.publishes': 1,
    's3.writes': 1,
    's3.storedBytes': 5,
  });
});

it.each([
  ['a small one, for the function behind its alias', '{}', '{}', 1],
  ['a large answer', '{}', 'x'.repeat(513 * KB), 2],
  ['a large request', 'x'.repeat(1025 * KB), '{}', 3],
])('counts a request to an API by its chunks of 512 KB: %s', async (_, payload, answer, expected) => {
  const meter = new Meter();
  const invoke = async () => ({ requestId: '1', payload: answer, functionError: undefined });

  await meteredApi(meter, { invoke }).invoke('api:live', payload, { kind: 'api', name: 'GET /' });

  expect(meter.reading().by).toEqual({ api: { 'api.requests': expected } });
});
