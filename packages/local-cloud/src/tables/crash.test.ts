import type { Change } from './change.ts';
import { temporaryFolders } from './crash.fixture.ts';
import { MortalCloud } from './mortal-cloud.fixture.ts';
import { aTable, describeWithEngine } from './tables.fixture.ts';
import { TIME_TO_LIVE } from './stream-record.ts';

const key = (id: string) => ({ id: { S: id } });
const item = (id: string, n: number) => ({ ...key(id), n: { N: `${n}` } });
const add = (id: string) => ({
  TableName: 'orders',
  Key: key(id),
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
});
const images = ({ record }: Change) => [record.dynamodb.OldImage, record.dynamodb.NewImage];

describeWithEngine('a process that is killed with its engine', () => {
  const made: MortalCloud[] = [];
  afterEach(async () => {
    for (const cloud of made.splice(0)) await cloud.end();
  });
  const folder = temporaryFolders();

  async function aCloud(more: Parameters<typeof aTable>[1] = {}): Promise<MortalCloud> {
    const cloud = new MortalCloud(folder, [aTable('orders', more)]);
    made.push(cloud);
    await cloud.start();
    return cloud;
  }

  /** Kills it when it comes to this step for the n-th time. */
  const killAt = (cloud: MortalCloud, step: string, time = 1) => {
    let times = 0;
    cloud.onStep = (name) => {
      if (name === step && ++times === time) cloud.kill();
    };
  };

  /** What readers saw is still there, and the changes of each item lead from nothing to what it is now. */
  async function expectWhole(cloud: MortalCloud): Promise<void> {
    const changes = cloud.changes('orders');
    expect(changes.map(({ position }) => position)).toEqual(changes.map((_, index) => index + 1));
    for (const [position, eventId] of cloud.seen) expect(changes[position - 1]?.record.eventID).toBe(eventId);
    expect(new Set(changes.map(({ record }) => record.eventID)).size).toBe(changes.length);
    for (const [id, ofItem] of Map.groupBy(changes, ({ itemKey }) => itemKey)) {
      const was = [undefined, ...ofItem.map((change) => images(change)[1])];
      expect(ofItem.map((change) => images(change)[0])).toEqual(was.slice(0, -1));
      expect(await cloud.item('orders', key(id))).toEqual(was.at(-1));
    }
  }

  it.each([
    ['the intent is noted', 1, 'nothing'],
    ['it is flushed', 1, 'nothing'],
    ['it is durable', 1, 'nothing'],
    ['TransactWriteItems is sent', 1, 'nothing'],
    ['TransactWriteItems is done', 1, 'all'],
    ['the engine has answered', 1, 'all'],
    ['the change is appended', 1, 'all'],
    ['the change is appended', 2, 'all'],
    ['the intent is removed', 1, 'all'],
    ['it is flushed', 2, 'all'],
    ['the change is shown', 1, 'all'],
    ['the change is shown', 2, 'all'],
  ])('when %s (%d) has %s of a write in its stream, once', async (step, time, what) => {
    const cloud = await aCloud();
    for (const id of ['a', 'b']) await cloud.call('PutItem', { TableName: 'orders', Item: item(id, 1) });
    killAt(cloud, step, time);

    const answer = await cloud.call('TransactWriteItems', {
      TransactItems: [{ Update: add('a') }, { Update: add('b') }],
    });
    expect([answer, cloud.isAlive]).toEqual([undefined, false]);
    cloud.onStep = () => undefined;
    await cloud.start();

    const changed = ['a', 'b'].map((id) => [item(id, 1), item(id, 2)]);
    expect(cloud.changes('orders').slice(2).map(images)).toEqual(what === 'all' ? changed : []);
    await cloud.call('UpdateItem', add('a'));
    await expectWhole(cloud);
  });

  it('again while it appends what it had not, appends it once', async () => {
    const cloud = await aCloud();
    killAt(cloud, 'PutItem is done');
    await cloud.call('PutItem', { TableName: 'orders', Item: item('a', 1) });
    for (const step of ['the engine has answered', 'the change is appended', 'the intent is removed']) {
      killAt(cloud, step);
      await cloud.start().catch(() => undefined);
      expect(cloud.isAlive).toBe(false);
    }
    cloud.onStep = () => undefined;
    await cloud.start();

    expect(cloud.changes('orders').map(images)).toEqual([[undefined, item('a', 1)]]);
    expect(cloud.process.journal.entries('intent')).toEqual([]);
    await expectWhole(cloud);
  });

  it('in the midst of an expiry still says that the service did it', async () => {
    const cloud = await aCloud({ ttlAttribute: 'expires' });
    const expires = { N: `${Math.floor(cloud.clock.now() / 1000) - 60}` };
    await cloud.call('PutItem', { TableName: 'orders', Item: { ...key('old'), expires } });
    killAt(cloud, 'DeleteItem is done');
    await cloud.clock.advance(60_000);
    while (cloud.isAlive) await new Promise((resolve) => setTimeout(resolve, 1));
    cloud.onStep = () => undefined;
    await cloud.start();

    expect(cloud.changes('orders').map(({ record }) => [record.eventName, record.userIdentity])).toEqual([
      ['INSERT', undefined],
      ['REMOVE', TIME_TO_LIVE],
    ]);
  });

  it('twenty times at random moments loses no change, repeats none and mixes none up', async () => {
    const random = seeded(20_260_101);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const two = () => {
      const first = pick(ids);
      return [first, pick(ids.filter((id) => id !== first))] as const;
    };
    let n = 0;
    const writes: (() => [operation: string, input: object])[] = [
      () => ['PutItem', { TableName: 'orders', Item: item(pick(ids), n++) }],
      () => ['UpdateItem', add(pick(ids))],
      () => ['UpdateItem', { ...add(pick(ids)), ReturnValues: 'UPDATED_OLD' }],
      () => ['DeleteItem', { TableName: 'orders', Key: key(pick(ids)) }],
      () => ['TransactWriteItems', { TransactItems: two().map((id) => ({ Update: add(id) })) }],
      () => {
        const [put, gone] = two();
        const requests = [{ PutRequest: { Item: item(put, n++) } }, { DeleteRequest: { Key: key(gone) } }];
        return ['BatchWriteItem', { RequestItems: { orders: requests } }];
      },
    ];
    const cloud = await aCloud();
    let answered = 0;
    for (let round = 0; round < 20; round++) {
      let steps = 1 + Math.floor(random() * 300);
      cloud.onStep = () => {
        if (--steps === 0) cloud.kill();
      };
      const writer = async () => {
        while (cloud.isAlive) if ((await cloud.call(...pick(writes)())) === 200) answered++;
      };
      await Promise.all(Array.from({ length: 8 }, writer));
      cloud.onStep = () => undefined;
      await cloud.start();
      await expectWhole(cloud);
    }

    expect(answered).toBeGreaterThan(100);
    expect(cloud.changes('orders').length).toBeGreaterThan(100);
  }, 60_000);
});

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
