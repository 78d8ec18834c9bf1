import { holds, isOverfull, leading, stateIn, windowAt, windowMembers } from './tumbling-window.ts';

describe('a tumbling window', () => {
  it.each([
    [0, 60, 0, 60],
    [59, 60, 0, 60],
    [60, 60, 60, 120],
    [1_000_000_007, 900, 999_999_900, 1_000_000_800],
  ])('of a change at %d with %d s is aligned to the epoch', (createdAt, length, start, end) => {
    expect(windowAt(createdAt, length)).toEqual({ start, end, state: '{}' });
  });

  it('holds its first second and not the one it ends with', () => {
    const window = windowAt(60, 60);
    expect([59, 60, 119, 120].map((time) => holds(window, time))).toEqual([false, true, true, false]);
  });

  it.each<[number[], number]>([
    [[], 0],
    [[60], 1],
    [[60, 119], 2],
    [[60, 119, 120, 121], 2],
    [[120, 119], 1],
  ])('is shared by the first ones of %j', (createdAt, expected) => {
    expect(leading(createdAt, 60)).toBe(expected);
  });

  it('has too much state above 1 MB', () => {
    const holding = (bytes: number) => ({ ...windowAt(0, 60), state: 'x'.repeat(bytes) });
    expect([1_048_576, 1_048_577].map((bytes) => isOverfull(holding(bytes)))).toEqual([false, true]);
  });
});

describe('the state in an answer', () => {
  it.each([
    ['an object', '{"state":{"a":1},"batchItemFailures":[]}', '{"a":1}'],
    ['an empty one', '{"state":{}}', '{}'],
    ['none', '{"batchItemFailures":[]}', undefined],
    ['null', '{"state":null}', undefined],
    ['a list', '{"state":[]}', undefined],
    ['a text', '{"state":"a"}', undefined],
    ['no answer', 'null', undefined],
    ['a text for an answer', '"state"', undefined],
  ])('%s', (_what, payload, expected) => {
    expect(stateIn(payload)).toBe(expected);
  });
});

describe('what an event says of its window', () => {
  const source = { shardId: 'shard-1', arn: 'arn:stream' };
  const window = { ...windowAt(1_596_128_400, 300), state: '{"1":282}' };

  it('is in AWS’s form', () => {
    expect(JSON.parse(`{${windowMembers(window, source, false)}}`)).toEqual({
      window: { start: '2020-07-30T17:00:00Z', end: '2020-07-30T17:05:00Z' },
      state: { '1': 282 },
      shardId: 'shard-1',
      eventSourceARN: 'arn:stream',
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    });
  });

  it.each([
    ['full', '{}', false],
    ['overfull', JSON.stringify({ text: 'x'.repeat(1_048_576) }), true],
  ])('tells whether the window that ends was %s', (_what, state, early) => {
    expect(JSON.parse(`{${windowMembers({ ...window, state }, source, true)}}`)).toMatchObject({
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: early,
    });
  });
});
