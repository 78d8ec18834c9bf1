import { ItemCache } from './item-cache.ts';
import { ReadThrough } from './read-through.ts';
import { PATIENCE, RespServer } from './resp-server.fixture.ts';

interface Mug {
  readonly itemVersion: number;
  readonly name: string;
}

let server: RespServer;
let cache: ItemCache;
let table: Map<string, unknown>;
let reads: string[];
let reported: unknown[];

beforeEach(async () => {
  server = new RespServer();
  cache = ItemCache.at(await server.start(), PATIENCE);
  table = new Map([['1', mug(5)]]);
  [reads, reported] = [[], []];
});
afterEach(() => server.stop());

function mug(itemVersion: number): Mug {
  return { itemVersion, name: `Mug ${itemVersion}` };
}

function items(through: ItemCache | undefined = cache): ReadThrough<unknown, Mug> {
  return new ReadThrough<unknown, Mug>(
    through,
    {
      key: (id) => `mug#${id}`,
      read: async (id) => {
        reads.push(id);
        return table.get(id);
      },
      parse: (item) =>
        typeof item === 'object' && item !== null && 'name' in item ? (item as Mug) : undefined,
    },
    (error) => reported.push(error),
  );
}

it('the table is read once, then the cache answers', async () => {
  const first = await items().read('1');
  const second = await items().read('1');

  expect([first, second, reads]).toEqual([mug(5), mug(5), ['1']]);
});

it('what was written is read without the table', async () => {
  await items().wrote('1', mug(6));

  expect([await items().read('1'), reads]).toEqual([mug(6), []]);
});

it('what is not there is not cached', async () => {
  expect(await items().read('2')).toBeUndefined();
  expect(server.data.sets.size).toBe(0);
});

it('a slow reader’s find does not replace what was written meanwhile', async () => {
  table.set('1', mug(4));
  await cache.put('mug#1', mug(6));
  await items().wrote('1', mug(4));

  expect(await items().read('1')).toEqual(mug(6));
});

it.each([
  ['a tombstone', () => cache.bury('mug#1', 9)],
  ['an entry of another form', () => cache.put('mug#1', { itemVersion: 4 })],
])('%s leads to the table', async (_, given) => {
  await given();

  expect([await items().read('1'), reads]).toEqual([mug(5), ['1']]);
});

it('a cache that fails leads to the table, and is reported', async () => {
  server.answer = () => '-ERR broken\r\n';

  expect([await items().read('1'), reads]).toEqual([mug(5), ['1']]);
  expect(reported).toHaveLength(2);
});

it('an item that cannot be cached is answered all the same', async () => {
  table.set('1', 'no mug');

  expect(await items().read('1')).toBe('no mug');
  expect(server.data.sets.size).toBe(0);
});

it('a cache that is down is reported once, not by every request', async () => {
  server.hangUp();
  await server.stop();

  await items().read('1');
  await items().read('1');

  expect([reads, reported.length]).toEqual([['1', '1'], 1]);
  await server.start();
});

it('without a cache the table answers', async () => {
  const none = new ReadThrough<unknown, Mug>(
    undefined,
    { key: String, read: async () => mug(5), parse: () => mug(5) },
    fail,
  );

  expect(await none.read('1')).toEqual(mug(5));
  await none.wrote('1', mug(6));
});

function fail(): never {
  throw new Error('There is nothing to report.');
}
