import fc from 'fast-check';
import { MovableClock } from '../clock.ts';
import { globIn } from './arguments.ts';
import { Keyspace } from './keyspace.ts';
import { SortedSet } from './sorted-set.ts';

describe('the keys', () => {
  const clock = new MovableClock();
  const keysWith = (capacity?: number, ...names: string[]) => {
    const keys = new Keyspace(clock, capacity);
    for (const name of names) put(keys, name);
    return keys;
  };
  const put = (keys: Keyspace, name: string, member = 'x') =>
    keys.update(name, (set) => set.add({ member, score: 1 }));

  it('never take more room than they may, and lose first what was not used for longest', () => {
    const keys = keysWith(100_000);
    for (let number = 0; number < 1_000; number += 1) {
      put(keys, `key${number}`, 'x'.repeat(1_000));
      keys.get('key0');
    }

    expect(keys.bytes).toBeLessThanOrEqual(100_000);
    expect(keys.bytes).toBeGreaterThan(90_000);
    expect([keys.get('key0'), keys.get('key999'), keys.get('key1')].map(Boolean)).toEqual([
      true,
      true,
      false,
    ]);
    expect(keys.evicted).toBe(1_000 - keys.size);
  });

  it('count their room anew with each change', () => {
    const keys = keysWith(100_000, 'a');
    const before = keys.bytes;
    put(keys, 'a', 'x'.repeat(5_000));
    const full = keys.bytes;
    keys.update('a', (set) => set.removeRange(0, -1));

    expect(full - before).toBeGreaterThanOrEqual(5_000);
    expect([keys.bytes, keys.size]).toEqual([0, 0]);
  });

  it('hold nothing that alone is too large', () => {
    const keys = keysWith(10_000);
    put(keys, 'a', 'x'.repeat(20_000));
    expect([keys.size, keys.bytes, keys.scan(0, 10_000).keys]).toEqual([0, 0, []]);
  });

  it('are gone when their time is over, by the clock', async () => {
    const keys = keysWith(undefined, 'a', 'b');
    keys.expireIn('a', 60_000);
    await clock.advance(30_000);
    const before = [keys.get('a') !== undefined, keys.size];
    await clock.advance(30_000);
    const scanned = keys.scan(0, 10_000).keys;

    expect(before).toEqual([true, 2]);
    expect([scanned, keys.get('a'), keys.size, keys.timeToLive('a'), keys.timeToLive('b')]).toEqual([
      ['b'],
      undefined,
      1,
      undefined,
      Infinity,
    ]);
  });

  it('keep their time when they change, and have none when they come again', () => {
    const keys = keysWith(undefined, 'a');
    keys.expireIn('a', 1_000);
    put(keys, 'a', 'more');
    const changed = keys.timeToLive('a');
    keys.delete('a');
    put(keys, 'a');

    expect(changed).toBeLessThanOrEqual(1_000);
    expect(keys.timeToLive('a')).toBe(Infinity);
  });

  it('all come up in a scan, also while others come and go', () => {
    const stable = Array.from({ length: 500 }, (_, number) => `stable${number}`);
    const keys = keysWith(undefined, ...stable);
    const seen = new Set<string>();
    let cursor = 0;
    let round = 0;
    do {
      const found = keys.scan(cursor, 10);
      for (const key of found.keys) seen.add(key);
      cursor = found.next;
      put(keys, `passing${round}`);
      keys.delete(`passing${round - 3}`);
      round += 1;
    } while (cursor !== 0);

    expect(stable.filter((key) => !seen.has(key))).toEqual([]);
    expect(round).toBeGreaterThan(10);
  });
});

describe('a sorted set', () => {
  it('is always in the order of scores, then of members', () => {
    const scored = fc.record({
      member: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      score: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(scored),
        fc.integer({ min: -7, max: 7 }),
        fc.integer({ min: -7, max: 7 }),
        (added, from, to) => {
          const set = new SortedSet();
          const expected = new Map<string, number>();
          for (const one of added) {
            set.add(one);
            expected.set(one.member, one.score);
          }
          const all = [...expected]
            .map(([member, score]) => ({ member, score }))
            .sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1));
          const rank = (place: number) => (place < 0 ? all.length + place : place);
          const inside = (list: typeof all) =>
            list.filter((_, place) => place >= rank(from) && place <= rank(to));

          expect(set.range(from, to)).toEqual(inside(all));
          expect(set.reversedRange(from, to)).toEqual(inside(all.toReversed()));
          expect(set.removeRange(from, to)).toBe(inside(all).length);
          expect(set.range(0, -1)).toEqual(all.filter((one) => !inside(all).includes(one)));
          expect(set.bytes).toBe(set.size);
        },
      ),
    );
  });

  it.each([
    [{}, 5, 'changed', 5],
    [{}, 3, 'same', 3],
    [{ only: 'new' }, 5, 'same', 3],
    [{ direction: 'up' }, 5, 'changed', 5],
    [{ direction: 'up' }, 1, 'same', 3],
    [{ direction: 'down' }, 1, 'changed', 1],
    [{ direction: 'down' }, 5, 'same', 3],
  ] as const)('with %j and the score %i: %s', (rules, score, outcome, after) => {
    const set = new SortedSet();
    set.add({ member: 'a', score: 3 });
    expect([set.add({ member: 'a', score }, rules), set.score('a')]).toEqual([outcome, after]);
  });
});

describe('a pattern of keys', () => {
  it.each([
    ['product#*', ['product#1', 'product#'], ['products', 'order#1', 'a product#1']],
    ['a?c', ['abc', 'a\nc'], ['ac', 'abbc']],
    ['[ab]x', ['ax', 'bx'], ['cx']],
    ['[^ab]x', ['cx'], ['ax']],
    ['[a-c]x', ['bx'], ['dx']],
    ['a\\*b', ['a*b'], ['axb']],
    ['a.b(c)+$', ['a.b(c)+$'], ['axb(c)+$']],
    ['[z-a]', [], ['z', 'b']],
    ['[', ['['], ['']],
  ])('%s', (pattern, matching, others) => {
    expect(matching.filter((key) => !globIn(pattern).test(key))).toEqual([]);
    expect(others.filter((key) => globIn(pattern).test(key))).toEqual([]);
  });
});
