import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { dispatch, type Effects } from './dispatch.ts';
import { moved, placed, stockMoved, TABLES, unreadable } from './testing/records.ts';

/** A world that remembers what was done to it; `trouble` says which of it fails, and how often. */
class World implements Effects {
  readonly started: string[] = [];
  readonly published: string[] = [];
  readonly calls: number[] = [];
  readonly quarantined: (string | undefined)[] = [];
  readonly waits: number[] = [];
  underWay = 0;
  mostUnderWay = 0;
  readonly #trouble: Map<string, number>;

  constructor(trouble: Readonly<Record<string, number>> = {}) {
    this.#trouble = new Map(Object.entries(trouble));
  }

  async start({ executionName }: { executionName: string }) {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await null;
    this.underWay -= 1;
    if (this.#fails(`start ${executionName}`)) throw new Error('ThrottlingException');
    this.started.push(executionName);
  }

  async publish(entries: readonly PutEventsRequestEntry[]) {
    this.calls.push(entries.length);
    if (this.#fails('publish')) throw new Error('ServiceUnavailable');
    return entries.map(({ Detail = '' }) => {
      const { type, subject } = JSON.parse(Detail);
      const name = `${type} ${subject.id}`;
      if (this.#fails(name)) return 'ThrottlingException';
      this.published.push(name);
      return undefined;
    });
  }

  async quarantine({ dynamodb }: DynamoDBRecord) {
    if (this.#fails('quarantine')) throw new Error('SlowDown');
    this.quarantined.push(dynamodb?.SequenceNumber);
  }

  async wait(milliseconds: number) {
    this.waits.push(milliseconds);
  }

  #fails(what: string): boolean {
    const left = this.#trouble.get(what) ?? 0;
    this.#trouble.set(what, left - 1);
    return left > 0;
  }
}

async function run(records: readonly DynamoDBRecord[], world: World) {
  const outcome = await dispatch(records, TABLES, 'shop', world);
  return outcome.failed.map(({ record }) => records.indexOf(record));
}

const ALWAYS = Number.POSITIVE_INFINITY;

it('starts a workflow for each new order and publishes everything in the order of each item', async () => {
  const world = new World();
  const records = [
    placed('o-1'),
    moved('o-1', 'PLACED', 'VALIDATED'),
    placed('o-2'),
    moved('o-1', 'VALIDATED', 'VALIDATED'),
    moved('o-1', 'VALIDATED', 'PAID'),
    stockMoved('A', 1, 0),
  ];

  const outcome = await dispatch(records, TABLES, 'shop', world);

  expect(outcome).toEqual({ started: 2, published: 5, quarantined: 0, failed: [] });
  expect(world.started).toEqual(['o-1', 'o-2']);
  expect(world.published).toEqual([
    ...['OrderPlaced o-1', 'OrderPlaced o-2', 'StockOut A'],
    'OrderValidated o-1',
    'OrderPaid o-1',
  ]);
});

it('a batch that nothing follows from does nothing', async () => {
  const world = new World();

  expect(await run([moved('o-1', 'PAID', 'PAID'), stockMoved('A', 50, 40)], world)).toEqual([]);
  expect(world.calls).toEqual([]);
});

it('a batch brought twice does the same again, and nothing else', async () => {
  const world = new World();
  const records = [placed('o-1'), unreadable('o-2')];

  await run(records, world);
  await run(records, world);

  expect(world.started).toEqual(['o-1', 'o-1']);
  expect(world.published).toEqual(['OrderPlaced o-1', 'OrderPlaced o-1']);
  expect(new Set(world.quarantined).size).toBe(1);
});

it('sends ten events a call and starts sixteen workflows at once, no more', async () => {
  const world = new World();
  const records = Array.from({ length: 105 }, (_, n) => placed(`o-${n}`));

  expect(await run(records, world)).toEqual([]);

  expect(world.calls).toEqual([...Array(10).fill(10), 5]);
  expect(world.mostUnderWay).toBe(16);
});

describe('a failure is reported, and holds back its item alone', () => {
  const records = [
    placed('o-1'),
    placed('o-2'),
    moved('o-1', 'PLACED', 'VALIDATED'),
    moved('o-2', 'PLACED', 'VALIDATED'),
    unreadable('o-3'),
    moved('o-3', 'PLACED', 'VALIDATED'),
  ];

  it.each([
    {
      what: 'a workflow that does not start',
      trouble: { 'start o-1': ALWAYS },
      failed: [0, 2, 4],
      published: ['OrderPlaced o-2', 'OrderValidated o-2', 'OrderValidated o-3'],
    },
    {
      what: 'a first event that the bus never takes',
      trouble: { 'OrderPlaced o-1': ALWAYS },
      failed: [0, 2, 4],
      published: ['OrderPlaced o-2', 'OrderValidated o-2', 'OrderValidated o-3'],
    },
    {
      what: 'a later event that the bus never takes',
      trouble: { 'OrderValidated o-1': ALWAYS },
      failed: [2, 4],
      published: ['OrderPlaced o-1', 'OrderPlaced o-2', 'OrderValidated o-2', 'OrderValidated o-3'],
    },
    {
      what: 'a quarantine that cannot be written',
      trouble: { quarantine: ALWAYS },
      failed: [4],
      published: [
        ...['OrderPlaced o-1', 'OrderPlaced o-2'],
        ...['OrderValidated o-1', 'OrderValidated o-2', 'OrderValidated o-3'],
      ],
    },
    {
      what: 'a bus that does not answer',
      trouble: { publish: ALWAYS },
      failed: [0, 1, 2, 3, 4, 5],
      published: [],
    },
  ])('$what', async ({ trouble, failed, published }) => {
    const world = new World(trouble);

    expect(await run(records, world)).toEqual(failed);
    expect(world.published.toSorted()).toEqual(published.toSorted());
  });

  it('an item of which an earlier record is not done has none of its later ones done', async () => {
    const world = new World({ 'start o-1': ALWAYS });
    const late = [moved('o-1', 'PLACED', 'CANCELLED'), placed('o-1')];

    expect(await run(late, world)).toEqual([0, 1]);
    expect(world.published).toEqual([]);
  });
});

describe('what the bus does not take at first', () => {
  it('is sent again, alone, after a pause', async () => {
    const world = new World({ 'OrderPlaced o-2': 2 });

    expect(await run([placed('o-1'), placed('o-2'), placed('o-3')], world)).toEqual([]);

    expect(world.calls).toEqual([3, 1, 1]);
    expect(world.published).toEqual(['OrderPlaced o-1', 'OrderPlaced o-3', 'OrderPlaced o-2']);
    expect(world.waits).toHaveLength(2);
  });

  it('is out before the same item says more', async () => {
    const world = new World({ 'OrderPlaced o-1': 3 });

    await run([placed('o-1'), moved('o-1', 'PLACED', 'VALIDATED')], world);

    expect(world.published).toEqual(['OrderPlaced o-1', 'OrderValidated o-1']);
  });

  it('is given up after four times', async () => {
    const world = new World({ publish: ALWAYS });

    const { failed } = await dispatch([placed('o-1')], TABLES, 'shop', world);

    expect(world.calls).toEqual([1, 1, 1, 1]);
    expect(failed.map(({ reason }) => reason)).toEqual(['Error: ServiceUnavailable']);
  });
});

it('a poisoned record is quarantined while its neighbours are handled, those of its item too', async () => {
  const world = new World();
  const records = [placed('o-1'), unreadable('o-1'), moved('o-1', 'PLACED', 'VALIDATED'), placed('o-2')];

  const outcome = await dispatch(records, TABLES, 'shop', world);

  expect(outcome).toEqual({ started: 2, published: 3, quarantined: 1, failed: [] });
  expect(world.quarantined).toEqual([records[1]!.dynamodb.SequenceNumber]);
});

it('a poisoned record goes into quarantine only once what comes before it is done, so that it does not come back', async () => {
  const world = new World({ 'OrderPlaced o-1': 4 });
  const records = [unreadable('o-0'), placed('o-1'), unreadable('o-2'), unreadable('o-3')];
  const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);

  expect(await run(records, world)).toEqual([1, 2, 3]);
  expect(world.quarantined).toEqual([numbers[0]]);

  expect(await run(records.slice(1), world)).toEqual([]);
  expect(world.quarantined).toEqual([numbers[0], numbers[2], numbers[3]]);
});

it('10,000 stock records cost the calls of those that cross a mark', async () => {
  const world = new World();
  const records = Array.from({ length: 10_000 }, (_, n) => stockMoved(`S${n}`, 100, n % 1000 === 0 ? 0 : 99));

  expect(await run(records, world)).toEqual([]);

  expect(world.calls).toEqual([10]);
});

it('a record that is redriven and still can not be read fails: it is in quarantine already', async () => {
  const world = new World();
  const record = unreadable('o-1');

  const outcome = await dispatch([record, placed('o-2')], TABLES, 'shop', world, { redriven: true });

  expect(outcome).toMatchObject({ started: 1, quarantined: 0, failed: [{ record }] });
  expect(outcome.failed[0]?.reason).toContain('UnreadableChange');
  expect(world.quarantined).toEqual([]);
});
