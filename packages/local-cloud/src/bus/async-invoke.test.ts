import { MovableClock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeCause } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import { NOTHING_KEPT } from '../journal/state.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { AsyncInvoker } from './async-invoke.ts';
import { arn, pass } from './bus.fixture.ts';
import type { EventContent } from './event.ts';
import { compilePattern } from './pattern.ts';

const FUNCTION = arn('lambda', 'function:notify');
const CAUSE: InvokeCause = { kind: 'rule', name: 'tell-customer' };
const FAILURES = arn('sqs', 'failures');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Answer = 'ok' | 'error' | 'throttled';

const LIVE: Partial<FunctionConfig> = { version: '1', aliases: [{ name: 'live', version: '1' }] };

/** An invoker that gives `answers` in turn, the last for ever, and outlets that note what they are handed. */
function testInvoker(
  answers: readonly Answer[],
  settings: Partial<FunctionConfig> = {},
  refusing: string | undefined = undefined,
) {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const runs: { function: string; payload: string; requestId: string | undefined }[] = [];
  const sent: unknown[][] = [];
  const note =
    (name: string) =>
    async (...parameters: unknown[]) => {
      if (parameters[0] === refusing) throw new AwsError('QueueDoesNotExist', 'gone');
      sent.push([name, ...parameters]);
    };
  const config = (name: string): FunctionConfig => ({
    name,
    arn: arn('lambda', `function:${name}`),
    roleArn: arn('iam', 'role/notify'),
    handler: 'index.handler',
    package: '/notify.zip',
    runtime: 'nodejs24.x',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    logGroup: '/aws/lambda/notify',
  });
  const asyncInvoker = new AsyncInvoker({
    functions: [{ ...config('notify'), ...settings }, config('tidy')],
    invoker: {
      async invoke(name, payload, { requestId = '' }) {
        const answer = answers[Math.min(runs.length, answers.length - 1)];
        runs.push({ function: name, payload, requestId });
        const executedVersion = name.endsWith(':live') ? '1' : '$LATEST';
        if (answer === 'throttled') throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
        return answer === 'ok'
          ? { requestId, payload: '{"done":true}', functionError: undefined, executedVersion }
          : {
              requestId,
              payload: '{"errorType":"Error","errorMessage":"broken","trace":[]}',
              functionError: 'Unhandled',
              executedVersion,
            };
      },
    },
    outlets: { sendMessage: note('sendMessage'), publish: note('publish'), putObject: note('putObject') },
    putEvent: note('putEvent'),
    clock,
    inFlight,
    journal: NOTHING_KEPT,
  });
  const body = () => JSON.parse(String(sent[0]?.[2])) as unknown;
  return { asyncInvoker, clock, inFlight, runs, sent, body };
}

test('a function that succeeds runs once, by its alias, under the request id that was answered', async () => {
  const { asyncInvoker, inFlight, runs, sent } = testInvoker(['ok'], LIVE);

  const requestId = await asyncInvoker.invokeAsync(`${FUNCTION}:live`, '{"a":1}', CAUSE);
  expect(inFlight.counts()).toEqual({ asyncInvocation: 1 });
  await inFlight.settled();

  expect(runs).toEqual([{ function: 'notify:live', payload: '{"a":1}', requestId }]);
  expect(sent).toEqual([]);
});

test.each(['nobody', 'notify:beta'])('%s does not exist and is refused at once', async (name) => {
  const { asyncInvoker } = testInvoker(['ok'], LIVE);

  await expect(asyncInvoker.invokeAsync(name, '{}', CAUSE)).rejects.toThrow(
    expect.objectContaining({ code: 'ResourceNotFoundException', status: 404 }),
  );
});

test('an alias has its own settings, and tells of itself and its version', async () => {
  const { asyncInvoker, inFlight, runs, sent, body } = testInvoker(['error'], {
    ...LIVE,
    onSuccessDestination: FAILURES,
    maximumRetryAttempts: 2,
    qualifiedSettings: { live: { onFailureDestination: FAILURES, maximumRetryAttempts: 0 } },
  });

  await asyncInvoker.invokeAsync('notify:live', '{}', CAUSE);
  await inFlight.settled();

  expect(runs).toHaveLength(1);
  expect(sent).toHaveLength(1);
  expect(body()).toMatchObject({
    requestContext: { functionArn: `${FUNCTION}:live`, condition: 'RetriesExhausted' },
    responseContext: { executedVersion: '1' },
  });
});

test('an alias without settings has those that Lambda gives, and not those of its function', async () => {
  const { asyncInvoker, clock, inFlight, runs, sent } = testInvoker(['error', 'ok'], {
    ...LIVE,
    onSuccessDestination: FAILURES,
    maximumRetryAttempts: 0,
  });

  await asyncInvoker.invokeAsync('notify:live', '{}', CAUSE);
  await pass(clock, MINUTE);
  await inFlight.settled();

  expect(runs).toHaveLength(2);
  expect(sent).toEqual([]);
});

test('an error is retried after one minute and after two more, in flight all the while', async () => {
  const { asyncInvoker, clock, inFlight, runs, body } = testInvoker(['error'], {
    onFailureDestination: FAILURES,
  });

  const requestId = await asyncInvoker.invokeAsync('notify', '{"a":1}', CAUSE);
  await pass(clock, MINUTE - SECOND);
  expect(runs).toHaveLength(1);
  await pass(clock, SECOND);
  expect(runs).toHaveLength(2);
  await pass(clock, 2 * MINUTE - SECOND);
  expect(runs).toHaveLength(2);
  expect(inFlight.counts()).toEqual({ asyncInvocation: 1 });
  await pass(clock, SECOND);
  await inFlight.settled();

  expect(runs.map((run) => run.requestId)).toEqual([requestId, requestId, requestId]);
  expect(body()).toEqual({
    version: '1.0',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    requestContext: {
      requestId,
      functionArn: `${FUNCTION}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'broken', trace: [] },
  });
});

test('a retry that succeeds is a success', async () => {
  const { asyncInvoker, clock, inFlight, body } = testInvoker(['error', 'ok'], {
    onSuccessDestination: FAILURES,
  });

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, MINUTE);
  await inFlight.settled();

  expect(body()).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 2 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: true },
  });
});

test.each([
  [{ maximumRetryAttempts: 0 }, 'RetriesExhausted', 1],
  [{ maximumRetryAttempts: 1 }, 'RetriesExhausted', 2],
  [{ maximumEventAgeSeconds: 60 }, 'EventAgeExceeded', 1],
  [{ maximumEventAgeSeconds: 90 }, 'EventAgeExceeded', 2],
])('with %j the end is %s after %i runs', async (settings, condition, approximateInvokeCount) => {
  const { asyncInvoker, clock, inFlight, runs, body } = testInvoker(['error'], {
    ...settings,
    onFailureDestination: FAILURES,
  });

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, 10 * MINUTE);
  await inFlight.settled();

  expect(runs).toHaveLength(approximateInvokeCount);
  expect(body()).toMatchObject({ requestContext: { condition, approximateInvokeCount } });
});

test('throttles are tried again with growing delays and use no retry up', async () => {
  const { asyncInvoker, clock, inFlight, runs, body } = testInvoker(
    ['throttled', 'throttled', 'throttled', 'error', 'throttled', 'error', 'ok'],
    { onSuccessDestination: FAILURES },
  );

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  for (const delay of [1, 2, 4, 60, 8, 120]) {
    const before = runs.length;
    await pass(clock, (delay * SECOND) / 2);
    expect(runs).toHaveLength(before);
    await pass(clock, (delay * SECOND) / 2);
    expect(runs).toHaveLength(before + 1);
  }
  await inFlight.settled();

  expect(runs).toHaveLength(7);
  expect(body()).toMatchObject({ requestContext: { condition: 'Success', approximateInvokeCount: 3 } });
});

test('an event that can’t be tried again in time is given up at once', async () => {
  const { asyncInvoker, clock, inFlight, sent } = testInvoker(['error'], {
    maximumEventAgeSeconds: 60,
    onFailureDestination: FAILURES,
  });

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, SECOND);
  await inFlight.settled();

  expect(sent).toHaveLength(1);
});

test('throttles are tried again after five minutes at most', async () => {
  const { asyncInvoker, clock, inFlight, runs } = testInvoker(['throttled']);

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, 6 * 60 * MINUTE);
  await inFlight.settled();

  // 1 s, 2 s … 256 s, then 5 minutes each.
  const backingOff = 2 ** 9 - 1;
  expect(runs).toHaveLength(1 + 9 + Math.floor((6 * 3600 - backingOff) / 300));
});

test('a function that is throttled for six hours is given up without a response', async () => {
  const { asyncInvoker, clock, inFlight, body } = testInvoker(['throttled'], {
    onFailureDestination: FAILURES,
  });

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, 6 * 60 * MINUTE);
  await inFlight.settled();

  expect(body()).toMatchObject({
    requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
  });
  expect(body()).not.toHaveProperty('responsePayload');
});

test('a function whose reserved concurrency is zero is given up at once', async () => {
  const settings = { reservedConcurrency: 0, onFailureDestination: FAILURES };
  const { asyncInvoker, inFlight, runs, body } = testInvoker(['throttled'], settings);

  const requestId = await asyncInvoker.invokeAsync('notify', '{"a":1}', CAUSE);
  await inFlight.settled();

  expect(runs).toHaveLength(1);
  expect(body()).toEqual({
    version: '1.0',
    timestamp: expect.any(String),
    requestContext: {
      requestId,
      functionArn: `${FUNCTION}:$LATEST`,
      condition: 'ZeroReservedConcurrency',
      approximateInvokeCount: 0,
    },
    requestPayload: { a: 1 },
  });
});

describe('destinations', () => {
  const failOnce = async (onFailureDestination: string) => {
    const invoker = testInvoker(['error', 'ok'], { onFailureDestination, maximumRetryAttempts: 0 });
    invoker.asyncInvoker.invokeAsync('notify', '{"a":1}', CAUSE);
    await invoker.inFlight.settled();
    return invoker;
  };
  const document = expect.stringContaining('"requestPayload":{"a":1}');

  test('a topic', async () => {
    const { sent } = await failOnce(arn('sns', 'failures'));

    expect(sent).toEqual([['publish', arn('sns', 'failures'), document]]);
  });

  test('a bucket', async () => {
    const { sent } = await failOnce('arn:aws:s3:::failures');

    const key = expect.stringMatching(
      /^aws\/lambda\/async\/notify\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    expect(sent).toEqual([['putObject', 'arn:aws:s3:::failures', key, document, 'application/json']]);
  });

  test('a bus', async () => {
    const bus = arn('events', 'event-bus/shop');
    const { sent } = await failOnce(bus);

    expect(sent).toEqual([
      [
        'putEvent',
        bus,
        expect.objectContaining({
          source: 'lambda',
          detailType: 'Lambda Function Invocation Result - Failure',
          detail: document,
          resources: [bus, `${FUNCTION}:$LATEST`],
        }),
      ],
    ]);
  });

  test('a bus, whose rules match numbers as they were written', async () => {
    const settings = { onFailureDestination: arn('events', 'event-bus/shop'), maximumRetryAttempts: 0 };
    const { asyncInvoker, inFlight, sent } = testInvoker(['error'], settings);

    asyncInvoker.invokeAsync('notify', '{"n":12345678901234567891}', CAUSE);
    await inFlight.settled();

    const { parsedDetail } = sent[0]![2] as EventContent;
    const matches = (n: string) => compilePattern(`{"requestPayload":{"n":[${n}]}}`)(parsedDetail);
    expect(['12345678901234567891', '12345678901234567892'].map(matches)).toEqual([true, false]);
  });

  test('another function', async () => {
    const { runs } = await failOnce(arn('lambda', 'function:tidy'));

    expect(runs[1]).toMatchObject({ function: 'tidy', payload: document });
  });
});

test.each([
  ['Success', 'ok', 'Lambda Function Invocation Result - Success'],
  ['Failure', 'error', 'Lambda Function Invocation Result - Failure'],
] as const)('a bus hears of a %s', async (_, answer, detailType) => {
  const bus = arn('events', 'event-bus/shop');
  const settings = { onSuccessDestination: bus, onFailureDestination: bus, maximumRetryAttempts: 0 };
  const { asyncInvoker, inFlight, sent } = testInvoker([answer], settings);

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await inFlight.settled();

  expect(sent).toEqual([['putEvent', bus, expect.objectContaining({ detailType })]]);
});

test('payloads go into the document as they were written', async () => {
  const settings = { onFailureDestination: FAILURES, maximumRetryAttempts: 0 };
  const { asyncInvoker, inFlight, sent } = testInvoker(['error'], settings);

  asyncInvoker.invokeAsync('notify', '{"n":1.10,"n":12345678901234567890}', CAUSE);
  await inFlight.settled();

  expect(sent[0]?.[2]).toContain('"requestPayload":{"n":1.10,"n":12345678901234567890}');
});

test('a destination that is gone keeps nothing from the dead-letter queue', async () => {
  const settings = {
    onFailureDestination: FAILURES,
    deadLetterArn: arn('sqs', 'dead'),
    maximumRetryAttempts: 0,
  };
  const { asyncInvoker, inFlight, sent } = testInvoker(['error'], settings, FAILURES);

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await inFlight.settled();

  expect(sent.map(([, to]) => to)).toEqual([arn('sqs', 'dead')]);
});

test('the dead-letter queue hears of a function that never ran why it did not', async () => {
  const settings = { deadLetterArn: FAILURES, maximumEventAgeSeconds: 60 };
  const { asyncInvoker, clock, inFlight, sent } = testInvoker(['throttled'], settings);

  asyncInvoker.invokeAsync('notify', '{}', CAUSE);
  await pass(clock, MINUTE);
  await inFlight.settled();

  expect(sent[0]?.[3]).toMatchObject({ ErrorCode: 429, ErrorMessage: 'Rate Exceeded.' });
});

test('the dead-letter queue gets the event itself, with what went wrong', async () => {
  const { asyncInvoker, inFlight, sent } = testInvoker(['error'], {
    deadLetterArn: FAILURES,
    maximumRetryAttempts: 0,
  });

  const requestId = await asyncInvoker.invokeAsync('notify', '{"a":1}', CAUSE);
  await inFlight.settled();

  expect(sent).toEqual([
    ['sendMessage', FAILURES, '{"a":1}', { RequestID: requestId, ErrorCode: 200, ErrorMessage: 'broken' }],
  ]);
});
