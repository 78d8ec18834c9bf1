import { fail, streamBenches, turn, turns } from './mappings.fixture.ts';

const bench = streamBenches();

describe('ten lanes', () => {
  it('keep the order of each item through delays, failures and bisects', async () => {
    const handled = new Map<string, number[]>();
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const { mapping, stream, inFlight, clock } = bench(
      { parallelizationFactor: 10, bisectOnError: true, reportBatchItemFailures: true },
      async (records) => {
        for (let rest = Math.floor(random() * 3); rest > 0; rest--) await turn();
        if (random() < 0.1) fail();
        const done = random() < 0.2 ? records.slice(0, Math.floor(random() * records.length)) : records;
        for (const record of done) {
          const item = stream.read(record - 1, 1)[0]!.itemKey;
          handled.set(item, [...(handled.get(item) ?? []), record]);
        }
        const failed = records[done.length];
        return failed && { batchItemFailures: [{ itemIdentifier: String(failed * 100) }] };
      },
    );
    mapping.start();
    for (let change = 0; change < 10_000; change++) stream.append(`order-${Math.floor(random() * 200)}`);
    let settled = false;
    void inFlight.settled().then(() => (settled = true));
    while (!settled) {
      await clock.advance(50);
      await turn();
    }
    expect([...handled.values()].flat()).toHaveLength(10_000);
    for (const records of handled.values()) expect(records).toEqual(records.toSorted((a, b) => a - b));
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
    const { mapping, stream, invoker } = bench({ parallelizationFactor: 10, batchSize: 10 }, poison);
    for (let change = 0; change < 5_000; change++)
      stream.append(change % 2 === 0 ? 'stuck' : `item-${change}`);
    mapping.start();
    await turns(2_000);
    const newest = Math.max(...invoker.batches.flat());
    expect(newest).toBeGreaterThan(1_500);
    expect(newest).toBeLessThan(3_000);
    const read = jest.spyOn(stream, 'read');
    await turns(10);
    expect(read).not.toHaveBeenCalled();
  });
});
