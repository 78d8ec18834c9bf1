import { failedItems } from './batch-response.ts';
import { expiredPrefix, fresh, judge, judgeExpired, type Outcome, windowRest } from './stream-batching.ts';

const rules = {
  bisectOnError: false,
  reportBatchItemFailures: true,
  maximumRetryAttempts: 1,
  maximumRecordAgeSeconds: -1,
};
const numbers = ['100', '200', '300', '400'];
const report = (...identifiers: unknown[]): Outcome => ({
  kind: 'answered',
  payload: JSON.stringify({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) }),
});
const ok: Outcome = { kind: 'answered', payload: 'null' };
const error: Outcome = { kind: 'functionError' };

describe('after a delivery', () => {
  it('success passes the whole batch', () => {
    expect(judge(fresh(4), ok, numbers, rules)).toEqual({ outcome: 'ok', passed: 4, next: [], again: false });
  });

  it('a reported record is where the rest begins, with its retries anew', () => {
    const tried = { length: 4, failures: 1, invocations: 1 };
    expect(judge(tried, report('400', '200'), numbers, rules)).toEqual({
      outcome: 'partial',
      passed: 1,
      next: [fresh(3)],
      again: false,
    });
  });

  it('a report of the first record uses up a retry', () => {
    expect(judge(fresh(4), report('100'), numbers, rules)).toMatchObject({
      outcome: 'partial',
      passed: 0,
      next: [{ length: 4, failures: 1, invocations: 1 }],
      again: true,
    });
  });

  it('reports are ignored unless the mapping asks for them', () => {
    const deaf = { ...rules, reportBatchItemFailures: false };
    expect(judge(fresh(4), report('100'), numbers, deaf)).toMatchObject({ outcome: 'ok', passed: 4 });
  });

  it('an error brings the same records again', () => {
    expect(judge(fresh(4), error, numbers, rules)).toMatchObject({
      outcome: 'error',
      passed: 0,
      again: true,
    });
  });

  it('an error after the last retry gives the batch up, and says how often it was tried', () => {
    const tried = { length: 4, failures: 1, invocations: 1 };
    expect(judge(tried, error, numbers, rules)).toEqual({
      outcome: 'discarded',
      passed: 4,
      next: [],
      again: false,
      discard: {
        condition: 'RetryAttemptsExhausted',
        invocations: 2,
        response: { functionError: 'Unhandled' },
      },
    });
  });

  it('a batch given up for reports alone names no function error', () => {
    const tried = { length: 4, failures: 1, invocations: 1 };
    expect(judge(tried, report(''), numbers, rules).discard?.response).toEqual({ functionError: null });
  });

  it('without a limit nothing is given up', () => {
    const tried = { length: 4, failures: 10_000, invocations: 10_000 };
    expect(judge(tried, error, numbers, { ...rules, maximumRetryAttempts: -1 })).toMatchObject({
      again: true,
    });
  });

  it('what did not run uses up nothing', () => {
    const tried = { length: 4, failures: 1, invocations: 1 };
    expect(judge(tried, { kind: 'notRun' }, numbers, rules)).toEqual({
      outcome: 'notRun',
      passed: 0,
      next: [tried],
      again: true,
    });
  });

  it('bisecting splits a batch that errs, at once and without using up a retry', () => {
    const bisecting = { ...rules, bisectOnError: true, maximumRetryAttempts: 0 };
    expect(judge(fresh(3), error, numbers, bisecting)).toEqual({
      outcome: 'error',
      passed: 0,
      next: [fresh(2), fresh(1)],
      again: false,
    });
    expect(judge(fresh(1), error, numbers, bisecting)).toMatchObject({ outcome: 'discarded' });
  });

  it('bisecting leaves a report as it is', () => {
    const bisecting = { ...rules, bisectOnError: true };
    expect(judge(fresh(4), report('300'), numbers, bisecting)).toMatchObject({ passed: 2, next: [fresh(2)] });
  });
});

describe('an answer reports', () => {
  it.each([
    ['nothing', 'null', []],
    ['an empty text', '""', []],
    ['an empty list', '[]', []],
    ['an empty object', '{}', []],
    ['no failures', '{"batchItemFailures":[]}', []],
    ['null for failures', '{"batchItemFailures":null}', []],
    ['other members', '{"statusCode":200}', []],
    ['one item', '{"batchItemFailures":[{"itemIdentifier":"b"}]}', [1]],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
    ['null for an identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', 'all'],
    ['an identifier of another type', '{"batchItemFailures":[{"itemIdentifier":123}]}', 'all'],
    ['an unknown identifier', '{"batchItemFailures":[{"itemIdentifier":"z"}]}', 'all'],
    [
      'a known and an unknown identifier',
      '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}',
      'all',
    ],
    ['another key', '{"batchItemFailures":[{"foo":"a"}]}', 'all'],
    ['an item that is no object', '{"batchItemFailures":["a"]}', 'all'],
    ['no list', '{"batchItemFailures":"a"}', 'all'],
    ['a text', '"done"', 'all'],
    ['a list of its own', '[1]', 'all'],
  ])('%s', (_what, payload, expected) => {
    expect(failedItems(payload, ['a', 'b'])).toEqual(expected);
  });
});

describe('record age', () => {
  const aged = { ...rules, maximumRecordAgeSeconds: 60 };

  it('drops only the records at the start that are too old', () => {
    expect(expiredPrefix([10, 39, 41, 90], 100_000, aged)).toBe(2);
    expect(expiredPrefix([41], 100_000, aged)).toBe(0);
    expect(expiredPrefix([1, 2], 100_000, aged)).toBe(2);
  });

  it('has no limit at −1', () => {
    expect(expiredPrefix([0], 1e15, rules)).toBe(0);
  });

  it('counts one invocation at least, and lets the rest start anew', () => {
    expect(judgeExpired({ length: 3, failures: 8, invocations: 8 }, 2)).toEqual({
      outcome: 'discarded',
      passed: 2,
      next: [fresh(1)],
      again: false,
      discard: { condition: 'RecordAgeExceeded', invocations: 8 },
    });
    expect(judgeExpired(fresh(1), 1)).toMatchObject({ next: [], discard: { invocations: 1 } });
  });
});

it.each([
  ['when nothing was invoked yet', -Infinity, 5_000],
  ['when an invocation has just completed', 100_000, 5_000],
  ['when one completed 2 s ago', 98_000, 3_000],
  ['when one completed a window ago', 95_000, 5_000],
  ['when one completed long ago', 0, 5_000],
])('a batch gathers for the rest of its window: %s', (_what, completedAt, rest) => {
  expect(windowRest(completedAt, 100_000, 5)).toBe(rest);
});
