import { CAUSE, FAILURES, FUNCTION, MINUTE, testInvoker } from './async-invoke.fixture.ts';
import { arn, pass } from './bus.fixture.ts';
import type { EventContent } from './event.ts';
import { compilePattern } from './pattern.ts';

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
