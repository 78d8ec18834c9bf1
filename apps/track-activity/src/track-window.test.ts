import fc from 'fast-check';
import type { DynamoDBRecord } from 'aws-lambda';
import { CountedRows } from './testing/counted-rows.ts';
import { activity, batch, search, sequence, view } from './testing/records.ts';
import { trackWindow } from './track-window.ts';

const FINAL = { isFinalInvokeForWindow: true };
const EARLY = { isFinalInvokeForWindow: true, isWindowTerminatedEarly: true };

/** What Lambda does between two batches: the state goes out and comes in as JSON. */
const overTheWire = (state: object): unknown => JSON.parse(JSON.stringify(state));

it('writes nothing before the window ends, then its rows, and drops the state', async () => {
  const rows = new CountedRows();

  const { state } = await trackWindow(rows, batch([view(1, 'MUG'), search(2, 'Unicorn', 0)]));
  expect(rows.numbers).toEqual({});
  const end = await trackWindow(
    rows,
    batch([activity(3, 'purchase')], { state: overTheWire(state), ...FINAL }),
  );

  expect(end.state).toEqual({});
  expect(rows.numbers).toEqual({
    'activity#2026-11-23 minute#09:15 views': 1,
    'activity#2026-11-23 minute#09:15 searches': 1,
    'activity#2026-11-23 minute#09:15 emptySearches': 1,
    'activity#2026-11-23 minute#09:15 purchases': 1,
    'activity#2026-11-23 product#09:15#MUG views': 1,
    'activity#2026-11-23 nothing-found#09:15#unicorn searches': 1,
  });
});

it('keeps rows for 90 days after theirs, and markers for a week', async () => {
  const rows = new CountedRows();

  await trackWindow(rows, batch([view(1, 'MUG')], FINAL));

  const seconds = (day: string) => Date.parse(day) / 1000;
  expect(Object.fromEntries(rows.expiries)).toEqual({
    [`activity-window#shard-1 2026-11-23T09:15:00Z#${sequence(1)}#0`]: seconds('2026-11-30T09:15:00Z'),
    'activity#2026-11-23 minute#09:15': seconds('2027-02-22'),
    'activity#2026-11-23 product#09:15#MUG': seconds('2027-02-22'),
  });
});

it('counts a window once that ends twice', async () => {
  const rows = new CountedRows();
  const { state } = await trackWindow(rows, batch([view(1, 'MUG')]));

  const first = await trackWindow(rows, batch([], { state: overTheWire(state), ...FINAL }));
  const second = await trackWindow(rows, batch([], { state: overTheWire(state), ...FINAL }));

  expect([first.chunks, second.chunks]).toEqual([
    { written: 1, before: 0 },
    { written: 0, before: 1 },
  ]);
  expect(rows.numbers['activity#2026-11-23 product#09:15#MUG views']).toBe(1);
});

it('counts both parts of a window that ended early', async () => {
  const rows = new CountedRows();

  await trackWindow(rows, batch([view(1, 'MUG')], EARLY));
  await trackWindow(rows, batch([view(2, 'MUG')], FINAL));

  expect(rows.numbers['activity#2026-11-23 product#09:15#MUG views']).toBe(2);
});

it('counts windows of two shards apart, though they begin alike', async () => {
  const rows = new CountedRows();

  await trackWindow(rows, batch([view(1, 'MUG')], FINAL));
  await trackWindow(rows, batch([view(1, 'MUG')], { ...FINAL, shardId: 'shard-2' }));

  expect(rows.numbers['activity#2026-11-23 product#09:15#MUG views']).toBe(2);
});

it('writes nothing for a window of which nothing was counted', async () => {
  const rows = new CountedRows();

  const removal = { ...view(1, 'MUG'), eventName: 'REMOVE' as const };
  await trackWindow(rows, batch([], FINAL));
  await trackWindow(rows, batch([removal], FINAL));

  expect(rows.markers.size).toBe(0);
});

it.each([
  ['before', false],
  ['after', true],
])('goes on where an end failed %s it wrote a chunk', async (_, writes) => {
  const rows = new CountedRows();
  const records = Array.from({ length: 250 }, (_, n) => view(n + 1, `SKU ${n}`));
  const { state } = await trackWindow(rows, batch(records));
  rows.failure = { after: 1, writes };

  const end = () => trackWindow(rows, batch([], { state: overTheWire(state), ...FINAL }));
  await expect(end()).rejects.toThrow();
  await end();

  const views = Object.entries(rows.numbers).filter(([key]) => key.includes('product#'));
  expect(views).toHaveLength(250);
  expect(views.every(([, count]) => count === 1)).toBe(true);
  expect(rows.numbers['activity#2026-11-23 minute#09:15 views']).toBe(250);
});

const records = fc
  .array(
    fc.tuple(
      fc.constantFrom('view', 'search', 'purchase', 'yawn'),
      fc.constantFrom('A', 'B', '__proto__'),
      fc.constantFrom('2026-11-23T09:15:01Z', '2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z'),
    ),
    { maxLength: 30 },
  )
  .map((items) =>
    items.map(([type, what, at], n): DynamoDBRecord => {
      const attributes = { sku: { S: what }, text: { S: what }, results: { N: `${n % 2}` } };
      return activity(n + 1, type, attributes, at);
    }),
  );
/** For each record: whether a batch ends behind it, how often that batch comes, and whether the window ends there. */
const fate = fc.record({ cut: fc.boolean(), times: fc.integer({ min: 1, max: 3 }), ends: fc.boolean() });

it('has the same totals however records are batched, batches repeated and windows ended', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.array(fate, { minLength: 30, maxLength: 30 }), async (all, fates) => {
      const [plain, rows] = [new CountedRows(), new CountedRows()];
      await trackWindow(plain, batch(all, FINAL));

      let state: object = {};
      let waiting: DynamoDBRecord[] = [];
      for (const [index, record] of all.entries()) {
        waiting.push(record);
        const { cut, times, ends } = fates[index]!;
        if (!cut) continue;
        for (let time = 0; time < times; time += 1) {
          ({ state } = await trackWindow(rows, batch(waiting, { state: overTheWire(state) })));
        }
        waiting = [];
        if (!ends) continue;
        const last = overTheWire(state);
        for (let time = 0; time < times; time += 1) {
          ({ state } = await trackWindow(rows, batch([], { state: last, ...EARLY })));
        }
      }
      await trackWindow(rows, batch(waiting, { state: overTheWire(state), ...FINAL }));

      expect(rows.numbers).toEqual(plain.numbers);
    }),
  );
});
