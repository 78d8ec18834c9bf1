import { ChangeShelf } from './change-shelf.ts';
import { EventShelf } from './event-shelf.ts';
import type { Shelf } from './letter.ts';
import { pass, type Passed, type Result } from './pass.ts';
import { readPlace, writePlace } from './place.ts';
import { QuarantineShelf } from './quarantine-shelf.ts';
import type { Selection } from './selection.ts';
import {
  busEvent,
  change,
  DEPLOYMENT,
  givenUp,
  givenUpKey,
  MemoryObjects,
  MemoryQueue,
  NotedFunctions,
} from './testing/memory.ts';

let objects: MemoryObjects;
let functions: NotedFunctions;
let queues: Record<string, MemoryQueue>;
let shelves: Shelf[];
/** What the last call of a pass came to, and the cursors before it. */
let last: Passed;
let cursors: string[];
beforeEach(() => {
  cursors = [];
  objects = new MemoryObjects();
  functions = new NotedFunctions();
  queues = Object.fromEntries(Object.keys(DEPLOYMENT.consumers).map((app) => [app, new MemoryQueue()]));
  shelves = [
    new ChangeShelf(objects, functions, DEPLOYMENT),
    new QuarantineShelf(objects, functions, DEPLOYMENT),
    new EventShelf((url) => queues[url]!, functions, DEPLOYMENT),
  ];
});

/** Passes over all that is selected, in as many calls as it takes, the clock moved on at each look. */
async function redrive(
  selection: Omit<Selection, 'cursor'>,
  { deed = 'redrive', step = 0 }: { deed?: 'redrive' | 'discard'; step?: number } = {},
): Promise<Result[]> {
  let now = 0;
  const clock = () => (now += step);
  const all: Result[] = [];
  for (let cursor: string | undefined; ;) {
    const from = cursor === undefined ? undefined : readPlace(cursor);
    last = await pass(shelves, deed, selection, { from, now: clock });
    all.push(...last.results);
    if (last.next === undefined) return all;
    cursor = writePlace(last.next);
    cursors.push(cursor);
  }
}

function giveUp(second: number, number: number, sequence: number, ...orders: string[]): void {
  giveUpIn(1, second, number, sequence, ...orders);
}

function giveUpIn(shard: number, second: number, number: number, sequence: number, ...orders: string[]) {
  const Records = orders.map((orderId) => change(orderId, sequence));
  const DDBStreamBatchInfo = {
    startSequenceNumber: String(sequence),
    streamArn: Records[0]!.eventSourceARN,
  };
  objects.texts.set(givenUpKey(second, number, shard), givenUp({ Records }, { DDBStreamBatchInfo }));
}

const order = () => functions.invoked.map(({ event }) => Number(event.Records[0]!.dynamodb.SequenceNumber));

describe('changes', () => {
  beforeEach(() => {
    giveUp(7, 1, 1_000, 'o-1');
    giveUp(6, 9, 8, 'o-1', 'o-2');
    giveUp(6, 1, 99, 'o-1', 'o-3');
    giveUp(6, 5, 100, 'o-4');
  });

  it.each([0, 20_000])(
    'are redriven in their order, also those that were given up in one second, %i ms a look',
    async (step) => {
      const results = await redrive({ all: true }, { step });

      expect(order()).toEqual([8, 99, 100, 1_000]);
      expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill('redriven'));
      expect(objects.texts.size).toBe(0);
    },
  );

  it.each([0, 20_000])(
    'wait behind an earlier change of their item that stays, and others do not, %i ms a look',
    async (step) => {
      functions.why = (event) =>
        event.Records[0]!.dynamodb.SequenceNumber === '99' ? 'Still broken.' : undefined;

      const results = await redrive({ kind: 'change' }, { step });

      expect(order()).toEqual([8, 99, 100]);
      expect(results.map(({ outcome, why }) => why ?? outcome)).toEqual([
        'redriven',
        'Still broken.',
        'redriven',
        'An earlier change of o-1 still waits: it has to be redriven or discarded first.',
      ]);
      expect(objects.texts.size).toBe(2);
    },
  );

  it('wait behind an earlier change of their item that came in another shard', async () => {
    objects.texts.clear();
    giveUpIn(1, 6, 1, 1, 'o-1');
    giveUpIn(2, 7, 1, 2, 'o-1', 'o-2');
    giveUpIn(2, 8, 1, 3, 'o-3');
    functions.why = (event) =>
      event.Records[0]!.dynamodb.SequenceNumber === '1' ? 'Still broken.' : undefined;

    const results = await redrive({ all: true });

    expect(order()).toEqual([1, 3]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['stays', 'stays', 'redriven']);
  });

  it('are told as redriven although the next could not be read', async () => {
    const get = objects.get.bind(objects);
    const [last] = [...objects.texts.keys()].sort().slice(-1);
    objects.get = async (key) => {
      if (key === last) throw new Error('S3 did not bring it.');
      return get(key);
    };
    const clock = { now: () => 0 };

    const { results, next } = await pass(shelves, 'redrive', { all: true }, { from: undefined, ...clock });

    expect(results.map(({ outcome }) => outcome)).toEqual(Array(3).fill('redriven'));
    await expect(pass(shelves, 'redrive', { all: true }, { from: next, ...clock })).rejects.toThrow(
      'S3 did not bring it.',
    );
  });

  it('are redriven by their ids in their order, each once, and what is gone is said', async () => {
    const ids = (await redrive({ all: true, dryRun: true })).map(({ id }) => id);
    await redrive({ ids: [ids[2]!] });
    functions.invoked.length = 0;

    const results = await redrive({ ids: [ids[3]!, ids[2]!, ids[0]!, ids[0]!] });

    expect(order()).toEqual([8, 1_000]);
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      [ids[0], 'redriven'],
      [ids[3], 'redriven'],
      [ids[2], 'stays'],
    ]);
    expect(results[2]!.why).toContain('There is no dead letter with this id now');
  });

  it('are only looked at in a dry run', async () => {
    const results = await redrive({ source: 'stream-dispatcher/orders', dryRun: true });

    expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill('would be redriven'));
    expect(functions.invoked).toEqual([]);
    expect(objects.texts.size).toBe(4);
  });

  it('stay when they could not be taken away, and are handled twice then', async () => {
    objects.crash = new Error('The process ended.');

    const first = await redrive({ all: true });
    const second = await redrive({ all: true });

    expect(first[0]).toMatchObject({ outcome: 'stays', why: expect.stringContaining('safe to do it again') });
    expect(second[0]).toMatchObject({ id: first[0]!.id, outcome: 'redriven' });
    expect(order().filter((number) => number === 8)).toHaveLength(2);
    expect(objects.texts.size).toBe(0);
  });

  it('are discarded without being handled', async () => {
    const results = await redrive({ cause: 'RetryAttemptsExhausted' }, { deed: 'discard' });

    expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill('discarded'));
    expect(functions.invoked).toEqual([]);
    expect(objects.texts.size).toBe(0);
  });

  it('of another cause stay where they are', async () => {
    expect(await redrive({ cause: 'RecordAgeExceeded' })).toEqual([]);
    expect(objects.texts.size).toBe(4);
  });
});

describe('a quarantined record', () => {
  const key = `quarantine/shop-orders/2026-01-01/${'7'.padStart(40, '0')}-event-7.json`;
  beforeEach(() => {
    const reason = 'UnreadableChange: Change event-7 of the orders table cannot be read: status "x".';
    objects.texts.set(key, JSON.stringify({ reason, record: change('o-7', 7) }));
  });

  it('goes to the dispatcher alone, marked as redriven', async () => {
    expect(await redrive({ kind: 'quarantine' })).toMatchObject([{ outcome: 'redriven' }]);

    expect(functions.invoked).toEqual([
      { name: 'shop-stream-dispatcher:live', event: { Records: [change('o-7', 7)], redriven: true } },
    ]);
    expect(objects.texts.size).toBe(0);
  });

  it('that still can not be read stays', async () => {
    functions.why = () => 'shop-stream-dispatcher could not handle 1 of it again: its log says why.';

    const [result] = await redrive({ kind: 'quarantine' });

    expect(result).toMatchObject({ outcome: 'stays', why: functions.why({ Records: [] }) });
    expect(objects.texts.has(key)).toBe(true);
  });
});

describe('events', () => {
  beforeEach(() => {
    for (let count = 0; count < 25; count += 1)
      queues['notify-customer']!.send(busEvent('OrderPlaced', `o-${count}`));
    queues['track-sales']!.send(busEvent('OrderShipped', 'o-0'));
  });

  it.each([0, 20_000])('go to their consumer alone, in the form of its queue, %i ms a look', async (step) => {
    const results = await redrive({ source: 'track-sales' }, { step });

    expect(results).toMatchObject([{ outcome: 'redriven', source: 'track-sales' }]);
    expect(functions.invoked).toHaveLength(1);
    expect(functions.invoked[0]!.name).toBe('shop-track-sales:live');
    const { Records } = functions.invoked[0]!.event;
    expect(Records).toMatchObject([{ messageId: 'message-1', eventSource: 'aws:sqs' }]);
    expect(JSON.parse(Records[0]!.body)).toEqual(busEvent('OrderShipped', 'o-0'));
    expect(queues['track-sales']!.messages).toEqual([]);
    expect(queues['notify-customer']!.messages).toHaveLength(25);
  });

  it('go bare where they are delivered directly', async () => {
    const scheduled = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
    queues['sweep-orders']!.send(scheduled, { ERROR_CODE: 'THROTTLING' });

    const results = await redrive({ source: 'sweep-orders' });

    expect(results).toMatchObject([{ outcome: 'redriven', source: 'sweep-orders' }]);
    expect(functions.invoked).toEqual([{ name: 'shop-sweep-orders:live', event: scheduled }]);
    expect(queues['sweep-orders']!.messages).toEqual([]);
  });

  it.each([0, 20_000])('that stay are tried once in a pass and given back, %i ms a look', async (step) => {
    functions.why = ({ Records }) => (/o-(3|17)"/.test(Records[0]!.body) ? 'No.' : undefined);

    const results = await redrive({ kind: 'event' }, { step });

    expect(functions.invoked).toHaveLength(26);
    expect(results.filter(({ outcome }) => outcome === 'stays')).toHaveLength(2);
    expect(queues['notify-customer']!.messages.map(({ id }) => id)).toEqual(['message-4', 'message-18']);
    expect(queues['notify-customer']!.held.size).toBe(0);
  });

  it('are found by their ids, also behind more than are looked at in one walk, and the others are given back', async () => {
    for (let count = 0; count < 1_200; count += 1)
      queues['track-sales']!.send(busEvent('OrderPaid', `o-${count}`));
    const { length } = queues['track-sales']!.messages;

    const results = await redrive({ ids: ['event.track-sales.message-1187', 'event.track-sales.message-3'] });

    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['event.track-sales.message-3', 'redriven'],
      ['event.track-sales.message-1187', 'redriven'],
    ]);
    expect(queues['track-sales']!.messages).toHaveLength(length - 2);
    expect(queues['track-sales']!.held.size).toBe(0);
  });

  it('are all redriven, also where more wait than are looked at in one walk', async () => {
    for (let count = 0; count < 1_200; count += 1) queues['track-sales']!.send(busEvent('OrderPaid', 'o-1'));

    const results = await redrive({ source: 'track-sales' });

    expect(results).toHaveLength(1_201);
    expect(queues['track-sales']!.messages).toEqual([]);
    expect(last.incomplete).toBeUndefined();
    expect(Math.max(...cursors.map(({ length }) => length))).toBeLessThan(200);
  });

  it.each([{ dryRun: true }, {}])(
    'that stay and keep others from being looked at are said: %j',
    async (more) => {
      for (let count = 0; count < 1_200; count += 1)
        queues['track-sales']!.send(busEvent('OrderPaid', 'o-1'));
      functions.why = () => 'No.';

      const results = await redrive({ source: 'track-sales', ...more });

      expect(new Set(results.map(({ id }) => id)).size).toBe(1_000);
      expect(results).toHaveLength(1_000);
      expect(last).toEqual({ results: [], next: undefined, incomplete: ['track-sales'] });
    },
  );

  it('are told as redriven although the others could not be given back', async () => {
    queues['track-sales']!.giveBack = async () => {
      throw new Error('SQS did not answer.');
    };

    expect(await redrive({ source: 'track-sales' })).toMatchObject([{ outcome: 'redriven' }]);
  });
});
