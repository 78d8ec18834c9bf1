import type { Mapping } from '../stack/model.ts';
import { temporaryFolders } from '../tables/crash.fixture.ts';
import { type BatchEvent, fail } from './mappings.fixture.ts';
import { Restarts } from './restarts.fixture.ts';

const HOUR = 3_600_000;
const made: Restarts[] = [];
afterEach(() => {
  for (const each of made.splice(0)) each.end();
});
const folder = temporaryFolders();

function restarts(changed: Partial<Mapping>, behaviour: ConstructorParameters<typeof Restarts>[2]) {
  const each = new Restarts(folder, changed, behaviour);
  made.push(each);
  return each;
}

/** Fails every batch that has one of these positions in it. */
const failingAt =
  (...bad: number[]) =>
  (positions: number[]) =>
    positions.some((position) => bad.includes(position)) ? fail() : undefined;

describe('a stream mapping whose process was killed', () => {
  it('goes on after what it had delivered and recorded', async () => {
    const cloud = restarts({}, () => undefined);
    cloud.append('a', 'b');
    await cloud.settle();
    await cloud.killLater();
    cloud.append('c');
    await cloud.settle();

    expect(cloud.batches).toEqual([[1, 2], [3]]);
    expect(cloud.state).toMatchObject({ position: 3, behind: 0, problem: '' });
  });

  it.each(['while the function ran', 'before the end of its run was in the file'])(
    'delivers again what was under way: killed %s',
    async (when) => {
      let isDue = true;
      const kill = () => {
        if (isDue) cloud.kill();
        isDue = false;
      };
      const cloud = restarts({ batchSize: 1 }, ([position]) => {
        if (position !== 2) return;
        cloud.journal.flush();
        if (when === 'while the function ran') kill();
        else jest.spyOn(cloud.journal, 'append').mockImplementationOnce(() => queueMicrotask(kill));
      });
      cloud.append('a', 'b', 'c');
      await cloud.settle();
      await cloud.settle();

      expect(cloud.batches).toEqual([[1], [2], [2], [3]]);
      expect(isDue).toBe(false);
    },
  );

  it.each<[string, Partial<Mapping>, ConstructorParameters<typeof Restarts>[2]]>([
    ['retries', { batchSize: 2, maximumRetryAttempts: 3 }, failingAt(2)],
    ['a bisect', { batchSize: 5, bisectOnError: true, maximumRetryAttempts: 2 }, failingAt(2, 5)],
    [
      'a partial success',
      { batchSize: 5, reportBatchItemFailures: true, maximumRetryAttempts: 1 },
      (positions, { Records }) => ({
        batchItemFailures: positions.flatMap((position, index) =>
          position === 3 ? [{ itemIdentifier: Records[index]!.dynamodb.SequenceNumber }] : [],
        ),
      }),
    ],
  ])('goes on in the midst of %s, wherever it was killed', async (_, changed, behaviour) => {
    const whole = restarts(changed, behaviour);
    whole.append('a', 'b', 'c', 'd', 'e', 'f');
    await whole.settle();

    for (let killedAfter = 1; killedAfter <= whole.batches.length; killedAfter++) {
      const cloud = restarts(changed, behaviour);
      cloud.append('a', 'b', 'c', 'd', 'e', 'f');
      await cloud.settle(killedAfter);
      await cloud.killLater();
      await cloud.settle();

      expect(cloud.batches).toEqual(whole.batches);
      expect(cloud.failures.map(counted)).toEqual(whole.failures.map(counted));
    }
    expect(whole.batches.length).toBeGreaterThan(3);
    expect(whole.failures.length).toBeGreaterThan(0);
  });

  it('waits no shorter before a retry than it would have', async () => {
    const times: number[] = [];
    const cloud = restarts({}, () => {
      times.push(cloud.clock.now());
      fail();
    });
    cloud.append('a');
    await cloud.settle(4);
    await cloud.killLater();
    await cloud.settle(6);

    expect(times.at(-1)! - times.at(-2)!).toBeGreaterThanOrEqual(100 * 2 ** 4);
  });

  it('begins anew with the retries of a batch whose changes its filters no longer take', async () => {
    const cloud = restarts({ batchSize: 3, maximumRetryAttempts: 2 }, failingAt(2));
    cloud.append('a', 'b', 'c');
    await cloud.settle(2);
    await cloud.killLater({ filters: ['{"dynamodb":{"Keys":{"id":{"S":["b","c"]}}}}'] });
    await cloud.settle();

    expect(cloud.batches).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(cloud.failures.map(counted)).toEqual([3]);
  });

  it('says what left the stream while it was off', async () => {
    const cloud = restarts({ batchSize: 1 }, failingAt(1));
    cloud.append('a', 'b');
    await cloud.settle(2);
    await cloud.journal.durable();
    await cloud.clock.advance(25 * HOUR);
    cloud.kill();
    cloud.append('c');
    await cloud.settle();

    expect(cloud.batches.at(-1)).toEqual([3]);
    expect(cloud.state).toMatchObject({
      position: 3,
      problem: 'The stream dropped 2 changes, 24 hours old, before they were read',
    });
  });

  it('that reads from the newest change on, reads from the one that was it when it was made', async () => {
    const cloud = restarts({ startingPosition: 'LATEST', enabled: false }, () => undefined);
    cloud.append('a');
    await cloud.killLater({ startingPosition: 'LATEST', enabled: true });
    await cloud.settle();

    expect(cloud.batches).toEqual([[1]]);
  });

  it.each<[string, Partial<Mapping>]>([
    ['from another position', { startingPosition: 'LATEST' }],
    ['under another name', { id: 'other' }],
  ])('is another mapping when it is to read %s: nothing is kept of the old one', async (_, changed) => {
    const cloud = restarts({}, () => undefined);
    cloud.append('a');
    await cloud.settle();
    await cloud.killLater(changed);
    await cloud.settle();
    await cloud.killLater();
    await cloud.settle();

    const again = 'id' in changed ? [[1], [1], [1]] : [[1], [1]];
    expect(cloud.batches).toEqual(again);
  });

  it('stays paused, until it is resumed or the stack says otherwise', async () => {
    const cloud = restarts({}, () => undefined);
    await cloud.mappings.pause('orders-to-dispatcher');
    cloud.kill();
    cloud.append('a');
    await cloud.settle();
    expect([cloud.state?.state, cloud.batches]).toEqual(['Disabled', []]);

    await cloud.mappings.resume('orders-to-dispatcher');
    cloud.kill();
    expect(cloud.state?.state).toBe('Enabled');

    await cloud.mappings.pause('orders-to-dispatcher');
    cloud.kill({ enabled: false });
    cloud.kill({ enabled: true });
    expect(cloud.state?.state).toBe('Disabled');
    await cloud.mappings.resume('orders-to-dispatcher');
    cloud.kill({ enabled: false });
    expect(cloud.state?.state).toBe('Disabled');
  });

  it('keeps little: one place a lane and one of the mapping', async () => {
    const cloud = restarts({ parallelizationFactor: 3, batchSize: 10 }, () => undefined);
    for (let round = 0; round < 40; round++) {
      cloud.append(...Array.from({ length: 50 }, (_, index) => `item-${index}`));
      await cloud.settle();
    }

    const [mapping, ...lanes] = cloud.journal.entries('lane').sort();
    expect(mapping).toMatchObject(['orders-to-dispatcher', { upTo: 2_000 }]);
    expect(lanes.map(([key]) => key.split('/').slice(1))).toEqual([
      ['0', '3'],
      ['1', '3'],
      ['2', '3'],
    ]);
  });
});

describe('lanes whose process was killed', () => {
  /** What was delivered of each item, in order. */
  const byItem = (batches: readonly number[][], items: readonly string[]) =>
    Map.groupBy(batches.flat(), (position) => items[position - 1]);

  it.each([
    ['as many', [4, 4, 4]],
    ['fewer', [4, 2, 1]],
    ['more', [2, 3, 10]],
    ['fewer and then as many', [4, 1, 4]],
  ])('go on where each of them stood, with %s of them', async (_, [first, second, third]) => {
    const items = Array.from({ length: 90 }, (__, index) => `item-${(index * 7) % 11}`);
    /** Lanes fail now and then, so that they stand far apart. */
    let calls = 0;
    const flaky = () => (++calls % 3 === 0 ? fail() : undefined);
    const cloud = restarts({ parallelizationFactor: first!, batchSize: 3 }, flaky);
    cloud.append(...items.slice(0, 60));
    await cloud.settle(9);
    await cloud.killLater({ parallelizationFactor: second! });
    cloud.append(...items.slice(60));
    await cloud.settle(18);
    await cloud.killLater({ parallelizationFactor: third! });
    await cloud.settle();

    for (const positions of byItem(cloud.batches, items).values()) {
      const firsts = [...new Set(positions)];
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
    }
    expect(new Set(cloud.batches.flat()).size).toBe(90);
    const handled = cloud.journal
      .rows('deliveries', `WHERE outcome = 'ok' ORDER BY rowid`)
      .flatMap(({ positions }) => JSON.parse(positions) as number[]);
    expect(handled.toSorted((a, b) => a - b)).toEqual(items.map((__, index) => index + 1));
  });
});

describe('a tumbling window whose process was killed', () => {
  /** Keeps the positions in the state, as an aggregating function does. */
  const collect = (positions: number[], { state }: BatchEvent) => ({
    state: { seen: [...((state['seen'] as number[] | undefined) ?? []), ...positions] },
  });
  const finals = ({ events }: Restarts) =>
    events
      .filter(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)
      .map(({ state }) => state['seen'] as number[]);
  async function atTheStartOfAMinute(changed: Partial<Mapping>) {
    const cloud = restarts({ tumblingWindowSeconds: 60, ...changed }, collect);
    await cloud.clock.advance(60_000 - (cloud.clock.now() % 60_000));
    return cloud;
  }

  it('goes on with its state and ends when its time is over', async () => {
    const cloud = await atTheStartOfAMinute({});
    cloud.append('a', 'b');
    await cloud.settle();
    await cloud.killLater();
    cloud.append('c');
    await cloud.settle();
    expect(finals(cloud)).toEqual([]);
    await cloud.clock.advance(60_000);
    await cloud.settle();

    expect(cloud.batches).toEqual([[1, 2], [3], []]);
    expect(finals(cloud)).toEqual([[1, 2, 3]]);
  });

  it('is ended at the start when its time was over meanwhile', async () => {
    const cloud = await atTheStartOfAMinute({});
    cloud.append('a');
    await cloud.settle();
    await cloud.journal.durable();
    cloud.mappings.stop();
    await cloud.clock.advance(60_000);
    cloud.kill();
    cloud.append('b');
    await cloud.settle();

    expect(cloud.batches).toEqual([[1], [], [2]]);
    expect(finals(cloud)).toEqual([[1]]);
  });

  it('is ended by another lane when there are fewer lanes, and nothing of its state is lost', async () => {
    const items = Array.from({ length: 12 }, (_, index) => `item-${index}`);
    const cloud = await atTheStartOfAMinute({ parallelizationFactor: 4 });
    cloud.append(...items);
    await cloud.settle();
    const lanes = cloud.batches.length;
    await cloud.killLater({ parallelizationFactor: 2 });
    await cloud.killLater({ parallelizationFactor: 2 });
    cloud.append(...items);
    await cloud.settle();
    const early = finals(cloud);
    await cloud.clock.advance(60_000);
    await cloud.settle();

    expect(lanes).toBeGreaterThan(2);
    // Those that were under way at the second kill are ended twice.
    const ended = [...new Map(early.map((seen) => [String(seen), seen])).values()];
    expect(ended).toHaveLength(lanes);
    expect(ended.flat().toSorted((a, b) => a - b)).toEqual(items.map((_, index) => index + 1));
    expect(finals(cloud).slice(early.length).flat()).toHaveLength(12);
  });
});

/** approximateInvokeCount of a failure message. */
function counted({ body }: { readonly body: string }): number {
  const { requestContext } = JSON.parse(body) as { requestContext: { approximateInvokeCount: number } };
  return requestContext.approximateInvokeCount;
}
