import fc from 'fast-check';
import { ENTRY_LIFE, ItemCache } from './item-cache.ts';
import type { Command, Reply } from './resp-line.ts';
import { PATIENCE, RespServer, SortedSets } from './resp-server.fixture.ts';

/** A cache in memory: each put is carried out whole, as a transaction is. */
function inMemory() {
  const data = new SortedSets();
  const send = async (commands: readonly Command[]): Promise<Reply[]> => {
    const results = commands
      .filter(([name]) => !['MULTI', 'EXEC'].includes(name))
      .map((each) => data.run(each) as Reply);
    return commands[0]?.[0] === 'MULTI' ? ['OK', 'QUEUED', 'QUEUED', 'QUEUED', results] : results;
  };
  return { data, cache: new ItemCache({ send }) };
}

const KEY = 'product#MUG';
const value = (itemVersion: number) => ({ itemVersion, name: 'Mug' });

it('what was put there is found, what was buried is a tombstone, all else a miss', async () => {
  const { cache } = inMemory();
  await cache.put('a', value(1));
  await cache.bury('b', 1);

  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([
    { is: 'value', value: value(1) },
    { is: 'tombstone' },
    { is: 'miss' },
  ]);
});

it('whoever writes in whatever order and however often, the highest version stays', async () => {
  const write = fc.record({ version: fc.integer({ min: 1, max: 6 }), removal: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 12 }), async (writes) => {
      const { data, cache } = inMemory();
      for (const { version, removal } of writes) {
        await (removal ? cache.bury(KEY, version) : cache.put(KEY, value(version)));
      }

      const highest = Math.max(...writes.map(({ version }) => version));
      const isValue = writes.some(({ version, removal }) => version === highest && !removal);
      expect(await cache.get(KEY)).toEqual(
        isValue ? { is: 'value', value: value(highest) } : { is: 'tombstone' },
      );
      expect(data.sets.get(KEY)).toHaveLength(1);
      expect(data.sets.get(KEY)?.[0]?.score).toBe(highest);
    }),
  );
});

it('a late old value neither replaces a tombstone nor shortens its life', async () => {
  const { data, cache } = inMemory();
  await cache.bury(KEY, 7);
  const life = data.lives.get(KEY);
  await cache.put(KEY, value(6));

  expect(await cache.get(KEY)).toEqual({ is: 'tombstone' });
  expect([life, data.lives.get(KEY)]).toEqual([ENTRY_LIFE, ENTRY_LIFE]);
});

it('a tombstone told of late again in an old version stays at its own', async () => {
  const { cache } = inMemory();
  await cache.bury(KEY, 7);
  await cache.bury(KEY, 3);
  await cache.put(KEY, value(5));

  expect(await cache.get(KEY)).toEqual({ is: 'tombstone' });
});

it('what is forgotten can be put there in any version', async () => {
  const { cache } = inMemory();
  await cache.bury(KEY, 7);
  await cache.forget([KEY, 'other']);
  await cache.put(KEY, value(3));

  expect(await cache.get(KEY)).toEqual({ is: 'value', value: value(3) });
});

it.each([NaN, 1.5, Infinity])('the version %d is refused: it would compare with nothing', async (version) => {
  await expect(inMemory().cache.bury(KEY, version)).rejects.toThrow('is no whole number');
});

describe('over the wire', () => {
  let server: RespServer;
  let cache: ItemCache;

  beforeEach(async () => {
    server = new RespServer();
    cache = ItemCache.at(await server.start(), PATIENCE);
  });
  afterEach(() => server.stop());

  it('a put is one transaction that is sent at once', async () => {
    await cache.put(KEY, value(2));

    expect(server.commands).toEqual([
      ['MULTI'],
      ['ZADD', KEY, '2', '{"itemVersion":2,"name":"Mug"}'],
      ['ZREMRANGEBYRANK', KEY, '0', '-2'],
      ['PEXPIRE', KEY, String(ENTRY_LIFE)],
      ['EXEC'],
    ]);
    expect(await cache.get(KEY)).toEqual({ is: 'value', value: value(2) });
  });

  it('many writers at once leave the highest version', async () => {
    const versions = Array.from({ length: 50 }, (_, n) => ((n * 37) % 50) + 1);

    await Promise.all(versions.map((version) => cache.put(KEY, value(version))));

    expect(await cache.get(KEY)).toEqual({ is: 'value', value: value(50) });
  });

  it.each([
    ['a command within', (name: string) => (name === 'EXEC' ? '*3\r\n-OOM full\r\n:0\r\n:1\r\n' : undefined)],
    ['the whole', (name: string) => (name === 'EXEC' ? '-EXECABORT no\r\n' : undefined)],
    ['a command before it', (name: string) => (name === 'ZADD' ? '-WRONGTYPE no\r\n' : undefined)],
    ['nothing, and does nothing', (name: string) => (name === 'EXEC' ? '*-1\r\n' : undefined)],
  ])('a transaction of which the cache refuses %s was not a put', async (_, answer) => {
    server.answer = ([name = '']) => answer(name);

    await expect(cache.put(KEY, value(2))).rejects.toMatchObject({ name: 'CacheUnavailable' });
  });

  it('an entry that is no JSON is a value that nobody recognises', async () => {
    server.data.run(['ZADD', KEY, '1', '{"half":']);

    expect(await cache.get(KEY)).toEqual({ is: 'value', value: undefined });
  });
});
