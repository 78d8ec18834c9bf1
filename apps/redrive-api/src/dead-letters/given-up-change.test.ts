import { givenUpChange } from './given-up-change.ts';
import { change, DEPLOYMENT, givenUp, givenUpKey } from './testing/memory.ts';

const KEY = givenUpKey(6);
const read = (text: string) => givenUpChange(KEY, text, DEPLOYMENT);
const batch = { Records: [change('o-1', 1), change('o-2', 2), change('o-1', 3)] };

describe('what a mapping gave up', () => {
  it('is a letter that holds all of it', () => {
    const { letter, functionName, event, items, payload } = read(givenUp(batch));

    expect(letter).toEqual({
      id: 'change.6b7b4ba6-1111-4111-8111-0123456789ab.shardId-1.2026.01.01.2026-01-01T00_2e38_2e06-00000000-0000-4000-8000-000000000001',
      kind: 'change',
      source: 'stream-dispatcher/orders',
      cause: 'RetryAttemptsExhausted',
      message:
        '3 changes of orders given up after 3 invocations: RetryAttemptsExhausted; the last one failed (Unhandled).',
      at: '2026-01-01T00:38:06.021Z',
      records: 3,
      subjects: ['order o-1', 'order o-2'],
      redrivable: true,
    });
    expect(functionName).toBe('shop-stream-dispatcher:live');
    expect(event).toEqual(batch);
    expect(items).toEqual(['shop-orders {"orderId":{"S":"o-1"}}', 'shop-orders {"orderId":{"S":"o-2"}}']);
    expect(payload).toMatchObject({ version: '1.0', payload: batch });
  });

  it.each([
    [
      'partial failures were reported',
      { responseContext: { functionError: null } },
      'reported as not handled',
    ],
    [
      'its age ended it',
      { responseContext: undefined },
      'given up after 3 invocations: RetryAttemptsExhausted.',
    ],
    ['the payload is no text', { payload: batch }, '3 changes of orders'],
  ])('is read when %s', (_, more, message) => {
    const { letter } = read(givenUp(batch, more));

    expect(letter.message).toContain(message);
    expect(letter).toMatchObject({ records: 3, redrivable: true });
  });

  it.each(['', ':live', ':$LATEST'])(
    'goes to the function by its alias, by whatever "%s" it was called',
    (qualifier) => {
      const functionArn = `arn:aws:lambda:eu-west-1:1:function:shop-stream-dispatcher${qualifier}`;
      const { letter, functionName } = read(givenUp(batch, { requestContext: { functionArn } }));

      expect(letter).toMatchObject({ source: 'stream-dispatcher/orders', redrivable: true });
      expect(functionName).toBe('shop-stream-dispatcher:live');
    },
  );

  it.each([
    ['no JSON', 'none', undefined, 'It holds no batch of changes.'],
    [
      'without the event',
      givenUp(batch, { payload: undefined }),
      'shop-stream-dispatcher:live',
      'It holds no batch of changes.',
    ],
    [
      'of a function that is gone',
      givenUp(batch, { requestContext: { functionArn: 'arn:aws:lambda:eu-west-1:1:function:other' } }),
      undefined,
      'No stream reader of this deployment is called other.',
    ],
  ])('%s is a letter that says why it can not be redriven', (_, text, name, problem) => {
    const { letter, functionName } = read(text);

    expect(letter.redrivable).toContain(problem);
    expect(letter.at).toMatch(/^2026-01-01T00:38:06/);
    expect(functionName).toBe(name);
  });
});

describe('of a window', () => {
  const window = {
    ...batch,
    window: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:01:00Z' },
    state: { first: '1' },
    shardId: 'shardId-1',
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };

  it('changes are counted as a window of their own: the rest of theirs is counted', () => {
    expect(read(givenUp(window)).event).toEqual({ ...window, state: {}, isFinalInvokeForWindow: true });
  });

  it.each([{ isFinalInvokeForWindow: true }, { isWindowTerminatedEarly: true }])(
    'the end is replayed as it was: %j',
    (end) => {
      expect(read(givenUp({ ...window, ...end })).event).toEqual({ ...window, ...end });
    },
  );
});
