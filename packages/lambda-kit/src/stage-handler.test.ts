import { inspect } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { OutOfStock } from '@orderstream/domain';
import { stageHandler, type StageInput } from './stage-handler.ts';
import { logger, metrics } from './telemetry.ts';

const published: unknown[] = [];
const logged: unknown[][] = [];

beforeEach(() => {
  published.length = logged.length = 0;
  const hear =
    (level: string) =>
    (...line: unknown[]) =>
      void logged.push([level, ...line]);
  jest.spyOn(logger, 'info').mockImplementation(hear('info'));
  jest.spyOn(logger, 'warn').mockImplementation(hear('warn'));
  jest.spyOn(logger, 'error').mockImplementation(hear('error'));
  jest.spyOn(metrics, 'addMetric').mockImplementation((name) => (published.push(name), metrics));
  jest.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearDimensions();
    return metrics;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A handler whose action `charge` notes its input and ends with `result`. */
function handlerThat(result: () => Promise<never> | Promise<{ orderId: string; status: 'PAID' }>) {
  const inputs: StageInput[] = [];
  const handler = stageHandler({ charge: (input) => (inputs.push(input), result()) });
  return { handler, inputs };
}
const done = async () => ({ orderId: '1', status: 'PAID' as const });

it('gives the action what the state machine sent, without what it does not know', async () => {
  const { handler, inputs } = handlerThat(done);

  await handler({ action: 'charge', input: { orderId: '1', trace: 'Root=1', more: true } });
  await handler({ action: 'charge', input: { orderId: '1', failure: { Error: 'States.Timeout' } } });

  expect(inputs).toEqual([
    { orderId: '1', trace: 'Root=1' },
    { orderId: '1', failure: { name: 'States.Timeout', message: '' } },
  ]);
});

it.each([
  ['nothing', undefined, 'action is undefined, none of charge'],
  [
    'an unknown action',
    { action: 'ada@', input: { orderId: '1' } },
    'action is a text of 4 characters, none of',
  ],
  ['an inherited action', { action: 'toString', input: { orderId: '1' } }, 'a text of 8 characters, none of'],
  ['no order', { action: 'charge' }, 'input.orderId is undefined, no order id'],
  ['a bad id', { action: 'charge', input: { orderId: 'ada@x.org' } }, 'is a text of 9 characters, no order'],
])('refuses %s as InvalidStageInput, and says so without what stood there', async (_, event, problem) => {
  const { handler, inputs } = handlerThat(done);

  await expect(handler(event)).rejects.toMatchObject({
    name: 'InvalidStageInput',
    message: expect.stringContaining(problem),
  });
  expect(inputs).toEqual([]);
  expect(logged).toEqual([['error', expect.stringContaining(problem), expect.anything()]]);
  expect(published).toEqual(['InvalidStageInput']);
  expect(inspect(logged, { depth: 20 })).not.toContain('ada@');
});

it('tells of what DynamoDB refused neither the item nor what stands in it, to the log or to Lambda', async () => {
  const Item = { paymentToken: { S: 'tok_secret' }, email: { S: 'ada@example.com' } };
  const refused = new ConditionalCheckFailedException({ $metadata: {}, message: 'It failed.', Item });
  const { handler } = handlerThat(() => Promise.reject(refused));

  const thrown = await handler({ action: 'charge', input: { orderId: '1' } }).catch(
    (error: unknown) => error,
  );

  expect(thrown).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'It failed.' });
  expect(logged).toMatchObject([['error', 'It failed.', { error: { stack: refused.stack } }]]);
  expect(inspect([thrown, logged], { depth: 20, showHidden: true })).not.toMatch(/tok_secret|ada@/);
});

it.each<[string, Error | undefined, string, string]>([
  ['a stage that is done', undefined, 'info', 'Done'],
  ['a business error', new OutOfStock('1', ['A']), 'info', 'OutOfStock'],
  ['a throttle', Object.assign(new Error(), { name: 'ThrottlingException' }), 'warn', 'Throttled'],
  ['a mistake of ours', new TypeError('x is not a function'), 'error', 'StageFailed'],
])('writes one line and one metric of %s', async (_, error, level, metric) => {
  const { handler } = handlerThat(error === undefined ? done : () => Promise.reject(error));

  await handler({ action: 'charge', input: { orderId: '1' } }).catch(() => undefined);

  expect(logged).toEqual([
    [level, expect.any(String), expect.objectContaining({ action: 'charge', orderId: '1' })],
  ]);
  expect(published).toEqual([metric]);
});
