import { CAUSE, FAILURES, FUNCTION, LIVE, MINUTE, SECOND, testInvoker } from './async-invoke.fixture.ts';
import { pass } from './bus.fixture.ts';

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
