import { Engine } from './engine.ts';
import { EngineClient } from './engine-client.ts';
import { IntentsInMemory } from './intents.ts';
import { aTable, describeWithEngine, someTables } from './tables.fixture.ts';
import { anUnreliableWay, type Fate } from './unreliable-way.fixture.ts';

const key = (id: string) => ({ id: { S: id } });
const item = (id: string, n: number) => ({ ...key(id), n: { N: `${n}` } });
const add = (id: string) => ({
  TableName: 'orders',
  Key: key(id),
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
});

describeWithEngine('over an unreliable way, a write', () => {
  let engine: Engine;
  let way: Awaited<ReturnType<typeof anUnreliableWay>>;
  let cloud: ReturnType<typeof someTables>;
  let fates: [operation: string, fate: Fate][] = [];
  const intents = new IntentsInMemory();
  beforeAll(async () => {
    engine = await Engine.start();
    way = await anUnreliableWay(engine, (operation) => {
      const [next] = fates;
      if (next?.[0] !== operation) return undefined;
      fates.shift();
      return next[1];
    });
    cloud = someTables([aTable('orders')], { endpoint: way.endpoint, intents });
    await cloud.tables.start();
  });
  afterAll(async () => {
    await cloud.stop();
    way.close();
    await engine.stop();
  });

  it.each([
    ['UpdateItem', 'after', 2],
    ['UpdateItem', 'before', 1],
    ['UpdateItem', 'server-error', 2],
    ['TransactWriteItems', 'after', 2],
    ['TransactWriteItems', 'before', 1],
    ['TransactWriteItems', 'server-error', 2],
  ] as const)(
    '%s whose answer is lost (%s the engine) is captured as what it did',
    async (operation, fate, n) => {
      const id = `${operation}-${fate}`;
      await cloud.call('PutItem', { TableName: 'orders', Item: item(id, 1) });
      const before = cloud.changes('orders').length;
      fates = [[operation, fate]];

      const input = operation === 'UpdateItem' ? add(id) : { TransactItems: [{ Update: add(id) }] };
      const answer = await cloud.raw(operation, input).catch((error: { status: number }) => error);

      const captured = cloud.changes('orders', before).map(({ record }) => record.dynamodb);
      expect(answer.status).toBe(500);
      expect(captured.map(({ OldImage, NewImage }) => [OldImage, NewImage])).toEqual(
        n === 1 ? [] : [[item(id, 1), item(id, 2)]],
      );
      expect([fates, intents.leftOpen(), cloud.inFlight.counts()]).toEqual([[], [], {}]);
    },
  );

  it('that the engine put off leaves no change, and what it could not read at once is asked for again', async () => {
    await cloud.call('PutItem', { TableName: 'orders', Item: item('kept', 1) });
    const before = cloud.changes('orders').length;
    fates = [
      ['BatchGetItem', ({ RequestItems }) => ({ Responses: {}, UnprocessedKeys: RequestItems })],
      ['BatchWriteItem', ({ RequestItems }) => ({ UnprocessedItems: RequestItems })],
    ];
    const requests = ['off-1', 'off-2'].map((id) => ({ PutRequest: { Item: item(id, 1) } }));

    await cloud.call('BatchWriteItem', { RequestItems: { orders: requests } });

    expect(fates).toEqual([]);
    expect(cloud.changes('orders', before)).toEqual([]);
  });

  it('keeps others from its item until it is known what it did', async () => {
    await cloud.call('PutItem', { TableName: 'orders', Item: item('held', 1) });
    const before = cloud.changes('orders').length;
    fates = [
      ['UpdateItem', 'after'],
      ['GetItem', 'before'],
      ['GetItem', 'server-error'],
      ['GetItem', 'throttled'],
    ];

    const lost = cloud.raw('UpdateItem', add('held')).catch((error: Error) => error.message);
    const next = await cloud.call('UpdateItem', { ...add('held'), ReturnValues: 'ALL_NEW' });

    expect(await lost).toMatch(/^The table engine at http:\/\/127\.0\.0\.1:\d+ did not answer/);
    expect(next.Attributes).toEqual(item('held', 3));
    expect(cloud.changes('orders', before).map(({ record }) => record.dynamodb.NewImage)).toEqual([
      item('held', 2),
      item('held', 3),
    ]);
  });

  it('knows what an item was that others push out of memory while the rest is read', async () => {
    await cloud.call('PutItem', { TableName: 'orders', Item: item('known', 1) });
    const before = cloud.changes('orders').length;
    const slow = Promise.withResolvers<undefined>();
    fates = [['GetItem', slow.promise]];
    const puts = ['known', 'unknown'].map((id) => ({ Put: { TableName: 'orders', Item: item(id, 2) } }));

    const both = cloud.call('TransactWriteItems', { TransactItems: puts });
    while (fates.length > 0) await new Promise((resolve) => setImmediate(resolve));
    const content = { S: 'x'.repeat(380_000) };
    for (let n = 1; n <= 25; n += 1) {
      await cloud.call('PutItem', { TableName: 'orders', Item: { ...item(`large-${n}`, n), content } });
    }
    slow.resolve(undefined);
    await both;

    const captured = cloud.changes('orders', before + 25).map(({ record }) => record);
    expect(captured.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage])).toEqual([
      ['MODIFY', item('known', 1)],
      ['INSERT', undefined],
    ]);
  });
});

describeWithEngine('a write whose end can not be learned', () => {
  it('is given up when the tables stop, and its intent stays open', async () => {
    const engine = await Engine.start();
    let lost = false;
    const way = await anUnreliableWay(engine, (operation) => {
      lost ||= operation === 'UpdateItem';
      return lost ? 'before' : undefined;
    });
    const intents = new IntentsInMemory();
    const cloud = someTables([aTable('orders')], { endpoint: way.endpoint, intents });
    await cloud.tables.start();
    await cloud.call('PutItem', { TableName: 'orders', Item: item('a', 1) });

    const write = cloud.raw('UpdateItem', add('a')).catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve));
    await cloud.stop();

    expect(await write).toBeInstanceOf(Error);
    expect(intents.leftOpen().map(({ items }) => items)).toEqual([
      [{ table: 'orders', key: key('a'), before: item('a', 1) }],
    ]);
    way.close();
    await engine.stop();
  });
});

describeWithEngine('writes that an earlier process left open', () => {
  it('are settled at the start: what they changed is in the stream', async () => {
    const engine = await Engine.start();
    const client = new EngineClient(engine.endpoint, 'eu-west-1');
    const first = someTables([aTable('orders')], { endpoint: engine.endpoint });
    await first.tables.start();
    await first.stop();
    await client.call('PutItem', { TableName: 'orders', Item: item('done', 2) });
    const intents = new IntentsInMemory();
    await intents.open({
      items: [
        { table: 'orders', key: key('done'), before: item('done', 1) },
        { table: 'orders', key: key('not-done'), before: undefined },
      ],
    });

    const second = someTables([aTable('orders')], { endpoint: engine.endpoint, intents });
    await second.tables.start();

    expect(second.changes('orders').map(({ record }) => record.dynamodb)).toMatchObject([
      { OldImage: item('done', 1), NewImage: item('done', 2) },
    ]);
    expect(intents.leftOpen()).toEqual([]);
    await second.stop();
    client.close();
    await engine.stop();
  });
});

describe('an engine that is not there', () => {
  it('is named in the error', async () => {
    const cloud = someTables([aTable('orders')], { endpoint: 'http://127.0.0.1:1' });

    await expect(cloud.tables.start()).rejects.toThrow(
      'The table engine at http://127.0.0.1:1 can not be reached',
    );
    await cloud.stop();
  });
});
