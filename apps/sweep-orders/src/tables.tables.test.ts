import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { openShard, readChange } from '@orderstream/domain';
import { OrdersTable } from '@orderstream/lambda-kit';
import { describeOnTables, Engine } from '@orderstream/test-engine';
import { OpenOrders, type OpenOrder } from './open-orders.ts';
import { Position } from './position.ts';

const all = async (orders: AsyncIterable<OpenOrder>) => {
  const ids: string[] = [];
  for await (const { orderId } of orders) ids.push(orderId);
  return ids;
};
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

describeOnTables('the tables of a sweep', () => {
  let engine: Engine;
  let documents: DynamoDBDocumentClient;
  beforeAll(async () => {
    engine = await Engine.start();
    const credentials = { accessKeyId: 'tests', secretAccessKey: 'tests' };
    documents = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials }),
      { marshallOptions: { removeUndefinedValues: true } },
    );
    await documents.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
        AttributeDefinitions: [text('orderId'), text('openShard'), text('updatedAt')],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'openOrders',
            KeySchema: key('openShard', 'updatedAt'),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
    await documents.send(
      new CreateTableCommand({
        TableName: 'summaries',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: key('metric', 'bucket'),
        AttributeDefinitions: [text('metric'), text('bucket')],
      }),
    );
  });
  afterAll(async () => {
    documents.destroy();
    await engine.stop();
  });

  const put = (orderId: string, fields: object) =>
    documents.send(
      new PutCommand({
        TableName: 'orders',
        Item: { orderId, status: 'PLACED', itemVersion: 1, updatedBy: 'tests', ...fields },
      }),
    );
  const read = async (orderId: string) =>
    (await documents.send(new GetCommand({ TableName: 'orders', Key: { orderId } }))).Item;

  it('give the open orders between two times, the oldest first, whatever shard and page they are in', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `o-${(index * 37) % 60}`);
    const at = (orderId: string) => `2026-01-01T00:${orderId.slice(2).padStart(2, '0')}:00.000Z`;
    for (const orderId of ids) await put(orderId, { openShard: openShard(orderId), updatedAt: at(orderId) });
    await put('ended', { updatedAt: at('o-20') });

    const found: string[] = [];
    const open = new OpenOrders(documents, 'orders', 3);
    const after = { orderId: 'o-9', updatedAt: at('o-9') };
    for await (const { orderId, updatedAt } of open.oldestFirst({ until: at('o-49') }, after)) {
      expect(updatedAt).toBe(at(orderId));
      found.push(orderId);
    }

    expect(found).toEqual(Array.from({ length: 40 }, (_, index) => `o-${index + 10}`));
    expect(await all(open.oldestFirst({ until: at('o-1') }))).toEqual(['o-0', 'o-1']);
    expect(await all(open.oldestFirst({ from: at('o-58') }))).toEqual(['o-58', 'o-59']);
    expect(await all(open.oldestFirst({ from: at('o-50') }, { ...after, updatedAt: at('o-59') }))).toEqual(
      [],
    );
    expect(await all(open.oldestFirst({ until: at('o-1') }, after))).toEqual([]);
  });

  it('give orders of one time by their ids, and go on behind any of them', async () => {
    const updatedAt = '2027-01-01T00:00:00.000Z';
    const ids = Array.from({ length: 40 }, (_, index) => `t-${String((index * 17) % 40).padStart(2, '0')}`);
    for (const orderId of ids) await put(orderId, { openShard: openShard(orderId), updatedAt });
    const open = new OpenOrders(documents, 'orders', 3);

    expect(await all(open.oldestFirst({ from: updatedAt }))).toEqual(ids.toSorted());
    expect(await all(open.oldestFirst({ from: updatedAt }, { orderId: 't-20', updatedAt }))).toEqual(
      ids.toSorted().slice(21),
    );
  });

  it('count a restart once, on an open order, and the dispatcher makes nothing of it', async () => {
    const orders = new OrdersTable(documents, 'orders', 'sweep-orders');
    await put('counted', { updatedAt: '2026-01-01T00:00:00.000Z' });
    const before = await read('counted');

    const first = await Promise.all([
      orders.countRestart('counted', undefined),
      orders.countRestart('counted', undefined),
    ]);
    const after = await read('counted');

    expect(first.filter((restart) => restart !== undefined)).toEqual([1]);
    expect(after).toMatchObject({ restarts: 1, itemVersion: 2, updatedBy: 'sweep-orders', status: 'PLACED' });
    expect(await orders.countRestart('counted', undefined)).toBeUndefined();
    expect(await orders.countRestart('counted', 1)).toBe(2);
    const change = { table: 'orders', recordId: 'r', kind: 'MODIFY', at: 0 } as const;
    const images = { keys: { orderId: 'counted' }, oldImage: before, newImage: after };
    expect(readChange({ ...change, ...images })).toEqual({ events: [] });
  });

  it.each([
    ['has ended', 'ended-2', { status: 'SHIPPED' }],
    ['is gone', 'gone', undefined],
  ])('count no restart of an order that %s', async (_, orderId, item) => {
    if (item !== undefined) await put(orderId, item);

    expect(
      await new OrdersTable(documents, 'orders', 'sweep-orders').countRestart(orderId, undefined),
    ).toBeUndefined();
    expect((await read(orderId))?.['restarts']).toBeUndefined();
  });

  it('keep the position of a sweep until another comes to the end', async () => {
    const position = new Position(documents, 'summaries');
    const last = { orderId: 'o-1', updatedAt: '2026-01-01T00:00:00.000Z' };
    const positions = [await position.read()];
    for (const after of [last, undefined]) {
      await position.write(after);
      positions.push(await position.read());
    }

    expect(positions).toEqual([undefined, last, undefined]);
  });
});
