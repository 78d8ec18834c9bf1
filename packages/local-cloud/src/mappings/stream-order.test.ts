import { AwsError } from '../endpoint/service.ts';
import { fail, streamBenches, THROTTLED, turn, turns } from './mappings.fixture.ts';

const bench = streamBenches();

/** Pseudo-random numbers from 0 to 1, always the same ones. */
function seeded(seed: number): () => number {
  let value = seed;
  return () => (value = (value * 16807) % 2147483647) / 2147483647;
}

describe('ten lanes', () => {
  it('keep the order of each of 200 items through 10,000 changes, random delays and failures of every kind', async () => {
    const random = seeded(7);
    const violations: string[] = [];
    const kinds = new Map<string, number>();
    const underWay = new Set<string>();
    /** Changes of each item that were neither handled nor given back, in order: the first is the next one due. */
    const due = new Map<string, number[]>();
    const itemOf = (record: number) => stream.read(record - 1, 1)[0]!.itemKey;
    const handle = (records: readonly number[]) => {
      for (const record of records) due.get(itemOf(record))!.shift();
    };

    const { mapping, stream, inFlight, clock } = bench(
      { parallelizationFactor: 10, batchSize: 10, bisectOnError: true, reportBatchItemFailures: true },
      async (records) => {
        const fate = random();
        const items = new Set(records.map(itemOf));
        for (const item of items) {
          const own = records.filter((record) => itemOf(record) === item);
          if (underWay.has(item)) violations.push(`${item} is under way twice: ${own.join()}`);
          if (own.join() !== due.get(item)!.slice(0, own.length).join())
            violations.push(`${item}: ${own.join()}`);
          underWay.add(item);
        }
        const happens = (kind: string) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        try {
          if (random() < 0.5) await turns(Math.floor(random() * 4));
          else await clock.sleep(random() * 80);
          if (fate < 0.05) return (happens('throttled'), THROTTLED());
          if (fate < 0.08) {
            happens('missing');
            throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
          }
          if (fate < 0.16) return (happens('error'), fail());
          if (fate < 0.22) return (happens('malformed'), { batchItemFailures: [{ itemIdentifier: '' }] });
          const failed = fate < 0.4 ? Math.floor(random() * records.length) : records.length;
          handle(records.slice(0, failed));
          happens(failed === 0 ? 'none' : failed < records.length ? 'partial' : 'all');
          return {
            batchItemFailures: records
              .slice(failed, failed + 1)
              .map((record) => ({ itemIdentifier: String(record * 100) })),
          };
        } finally {
          for (const item of items) underWay.delete(item);
        }
      },
    );
    const append = () => {
      const item = `order-${Math.floor(random() * 200)}`;
      stream.append(item);
      due.set(item, [...(due.get(item) ?? []), stream.head]);
    };

    mapping.start();
    for (let change = 0; change < 5_000; change++) append();
    let settled = false;
    void inFlight.settled().then(() => (settled = true));
    while (!settled || stream.head < 10_000) {
      for (let change = 0; change < 20 && stream.head < 10_000; change++) append();
      await clock.advance(50);
      await turn();
    }
    await inFlight.settled();

    expect(violations).toEqual([]);
    expect([...due.values()].flat()).toEqual([]);
    expect([...kinds.keys()].sort()).toEqual([
      'all',
      'error',
      'malformed',
      'missing',
      'none',
      'partial',
      'throttled',
    ]);
  });

  it('run at the same time', async () => {
    let running = 0;
    let most = 0;
    const { mapping, stream, inFlight } = bench({ parallelizationFactor: 10, batchSize: 1 }, async () => {
      most = Math.max(most, ++running);
      await turns(5);
      running--;
    });
    for (let item = 0; item < 60; item++) stream.append(`item-${item}`);
    mapping.start();
    await inFlight.settled();
    expect(most).toBe(10);
  });

  it('hold a bounded number of changes while one of them is stuck', async () => {
    const poison = (records: number[]) => (records.includes(1) ? fail() : undefined);
    const { mapping, stream, clock, invoker } = bench({ parallelizationFactor: 10, batchSize: 10 }, poison);
    for (let change = 0; change < 5_000; change++)
      stream.append(change % 2 === 0 ? 'stuck' : `item-${change}`);
    mapping.start();
    for (let step = 0; step < 100; step++) {
      await clock.advance(100);
      await turns(5);
    }
    const newest = Math.max(...invoker.batches.flat());
    expect(newest).toBeGreaterThan(1_500);
    expect(newest).toBeLessThan(3_000);
    const read = jest.spyOn(stream, 'read');
    await turns(10);
    expect(read).not.toHaveBeenCalled();
  });
});
