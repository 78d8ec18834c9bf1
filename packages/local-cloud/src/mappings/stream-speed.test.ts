import { streamBenches, turns } from './mappings.fixture.ts';

const bench = streamBenches();

/** Milliseconds, on the cloud's clock alone, that 10,000 changes of 200 orders take a function of 10 ms. */
async function duration(parallelizationFactor: number, batchSize: number): Promise<number> {
  let endedAt = 0;
  let settled = false;
  const { mapping, stream, clock, inFlight } = bench({ parallelizationFactor, batchSize }, async () => {
    await clock.sleep(10);
    endedAt = clock.now();
  });
  for (let change = 0; change < 10_000; change++) stream.append(`order-${(change * 7919) % 200}`);
  const startedAt = clock.now();
  mapping.start();
  void inFlight.settled().then(() => (settled = true));
  while (!settled) {
    await turns(2);
    await clock.advance(100);
  }
  return endedAt - startedAt;
}

describe('ten lanes', () => {
  const { now } = Date;
  beforeEach(() => void (Date.now = () => 1_767_225_600_000));
  afterEach(() => void (Date.now = now));

  it.each([1, 10, 100])('are at least five times as fast as one, with batches of %d', async (batchSize) => {
    const [one, ten] = [await duration(1, batchSize), await duration(10, batchSize)];

    expect(one).toBeGreaterThanOrEqual((10_000 / batchSize) * 10);
    expect(one / ten).toBeGreaterThanOrEqual(5);
  });
});
