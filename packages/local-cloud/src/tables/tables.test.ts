import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Change } from './change.ts';
import { Engine } from './engine.ts';
import { aStream, aTable, aTableWithoutStream, describeWithEngine, someTables } from './tables.fixture.ts';

/** A change in short: what happened to which item, and the images. */
const short = ({ itemKey, record }: Change) => {
  const { OldImage, NewImage } = record.dynamodb;
  return [record.eventName, itemKey, OldImage, NewImage];
};

const key = (id: string) => ({ id: { S: id } });
const item = (id: string, n: number) => ({ ...key(id), n: { N: `${n}` } });
const add = (id: string, by = 1) => ({
  TableName: 'orders',
  Key: key(id),
  UpdateExpression: 'ADD n :by',
  ExpressionAttributeValues: { ':by': { N: `${by}` } },
});

describeWithEngine('tables', () => {
  const orders = aTable('orders', {
    globalIndexes: [
      {
        name: 'byCustomer',
        partitionKey: { name: 'customer', type: 'S' },
        sortKey: { name: 'placedAt', type: 'N' },
        projection: 'INCLUDE',
        nonKeyAttributes: ['n'],
      },
    ],
  });
  const activity = aTable('activity', { sortKey: { name: 'at', type: 'S' }, ttlAttribute: 'expires' });
  const summaries = { ...aTableWithoutStream('summaries'), ttlAttribute: 'expires' };
  const cloud = someTables([orders, activity, summaries]);
  const { call, raw, changes } = cloud;
  beforeAll(() => cloud.tables.start());
  afterAll(() => cloud.stop());

  /** What happened to orders since the last time this was asked. */
  let seen = 0;
  const fresh = () => {
    const new_ = changes('orders', seen);
    seen += new_.length;
    return new_;
  };
  beforeEach(fresh);

  describe('a write', () => {
    it('leaves a change with the image before and after', async () => {
      await call('PutItem', { TableName: 'orders', Item: item('a', 1) });
      await call('UpdateItem', add('a'));
      await call('PutItem', { TableName: 'orders', Item: item('a', 5) });
      await call('DeleteItem', { TableName: 'orders', Key: key('a') });

      expect(fresh().map(short)).toEqual([
        ['INSERT', 'a', undefined, item('a', 1)],
        ['MODIFY', 'a', item('a', 1), item('a', 2)],
        ['MODIFY', 'a', item('a', 2), item('a', 5)],
        ['REMOVE', 'a', item('a', 5), undefined],
      ]);
    });

    it('that makes an item by updating it is an insert', async () => {
      await call('UpdateItem', add('upserted'));

      expect(fresh().map(short)).toEqual([['INSERT', 'upserted', undefined, item('upserted', 1)]]);
    });

    it('that changes nothing leaves no change', async () => {
      const Item = { ...key('same'), price: { N: '1.50' }, tags: { SS: ['x', 'y'] } };
      await call('PutItem', { TableName: 'orders', Item });
      fresh();

      await call('PutItem', { TableName: 'orders', Item: { ...Item, tags: { SS: ['y', 'x'] } } });
      await call('UpdateItem', {
        TableName: 'orders',
        Key: key('same'),
        UpdateExpression: 'SET price = :p',
        ExpressionAttributeValues: { ':p': { N: '1.5' } },
      });
      await call('DeleteItem', { TableName: 'orders', Key: key('nobody') });

      expect(fresh()).toEqual([]);
    });

    it('shows numbers and binary values as the table holds them', async () => {
      const Item = {
        ...key('n'),
        n: { N: '01.50' },
        l: { L: [{ N: '-0' }] },
        s: { NS: ['1e3'] },
        b: { B: 'aGk=' },
      };
      await call('PutItem', { TableName: 'orders', Item });

      const stored = {
        ...key('n'),
        n: { N: '1.5' },
        l: { L: [{ N: '0' }] },
        s: { NS: ['1000'] },
        b: { B: 'aGk=' },
      };
      expect(fresh().map(short)).toEqual([['INSERT', 'n', undefined, stored]]);
    });

    it('that is refused leaves no change, and its error and item reach the caller', async () => {
      await call('PutItem', { TableName: 'orders', Item: item('once', 1) });
      fresh();

      const answer = await call('PutItem', {
        TableName: 'orders',
        Item: item('once', 2),
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });

      expect(answer).toEqual({
        status: 400,
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
        Item: item('once', 1),
      });
      expect(fresh()).toEqual([]);
    });

    it.each([
      ['PutItem', { TableName: 'orders', Item: { n: { N: '1' } } }, 'Missing the key id in the item'],
      ['PutItem', { TableName: 'orders', Item: { id: { N: '1' } } }, 'Type mismatch for key id'],
      ['UpdateItem', { TableName: 'orders', Key: { id: { N: '1' } } }, 'does not match the schema'],
      ['DeleteItem', { TableName: 'orders' }, "Value null at 'key'"],
      ['UpdateItem', 'no JSON', ''],
    ])('%s of %j is refused in the words of the engine', async (operation, input, text) => {
      const { status, body } = await raw(operation, input);

      expect([status, body.toString()]).toEqual([400, expect.stringContaining(text)]);
      expect(fresh()).toEqual([]);
    });

    it('to a table without a stream passes untouched', async () => {
      const before = cloud.journal.rows('changes', '').length;

      const put = await call('PutItem', { TableName: 'summaries', Item: key('x'), ReturnValues: 'ALL_OLD' });
      const update = await call('UpdateItem', { ...add('x'), TableName: 'summaries' });

      expect([put, update]).toEqual([{ status: 200 }, { status: 200 }]);
      expect(cloud.journal.rows('changes', '')).toHaveLength(before);
    });

    it('is in flight until its change is in the stream', async () => {
      const counts: Record<string, number>[] = [];
      const end = cloud.tables
        .stream(aStream('orders').arn)
        .subscribe(() => counts.push(cloud.inFlight.counts()));

      await call('PutItem', { TableName: 'orders', Item: item('flight', 1) });
      end();

      expect([counts, cloud.inFlight.counts()]).toEqual([[{ write: 1 }], {}]);
    });

    it('of an item with a sort key concerns that item alone', async () => {
      for (const at of ['1', '2', '1']) {
        await call('UpdateItem', { ...add('u'), TableName: 'activity', Key: { ...key('u'), at: { S: at } } });
      }

      expect(changes('activity').map(({ itemKey, record }) => [record.eventName, itemKey])).toEqual([
        ['INSERT', '["u","1"]'],
        ['INSERT', '["u","2"]'],
        ['MODIFY', '["u","1"]'],
      ]);
    });
  });

  describe('an update', () => {
    it.each([
      ['nothing', undefined, undefined],
      ['NONE', 'NONE', undefined],
      ['ALL_NEW', 'ALL_NEW', { ...item('r', 2), m: { M: { x: { S: 'a' }, y: { S: 'b' } } } }],
      ['ALL_OLD', 'ALL_OLD', { ...item('r', 1), m: { M: { x: { S: 'a' } } } }],
      ['UPDATED_NEW', 'UPDATED_NEW', { n: { N: '2' }, m: { M: { y: { S: 'b' } } } }],
      ['UPDATED_OLD', 'UPDATED_OLD', { n: { N: '1' } }],
    ])('that asks for %s gets exactly that', async (_, ReturnValues, Attributes) => {
      await call('PutItem', { TableName: 'orders', Item: { ...item('r', 1), m: { M: { x: { S: 'a' } } } } });
      fresh();

      const answer = await call('UpdateItem', {
        TableName: 'orders',
        Key: key('r'),
        UpdateExpression: 'SET n = n + :one, m.y = :b',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':b': { S: 'b' } },
        ReturnConsumedCapacity: 'TOTAL',
        ReturnValues,
      });

      expect(answer).toEqual({
        status: 200,
        ConsumedCapacity: { TableName: 'orders', CapacityUnits: 1 },
        ...(Attributes && { Attributes }),
      });
      expect(fresh().map(({ record }) => record.dynamodb.NewImage)).toEqual([
        { ...item('r', 2), m: { M: { x: { S: 'a' }, y: { S: 'b' } } } },
      ]);
    });

    it('by eight writers at once leaves images that chain', async () => {
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let round = 0; round < 25; round += 1) {
          if (writer === 0 && round % 5 === 0)
            await call('DeleteItem', { TableName: 'orders', Key: key('hot') });
          else if (writer === 1) await call('PutItem', { TableName: 'orders', Item: item('hot', round) });
          else await call('UpdateItem', add('hot'));
        }
      });
      await Promise.all(writers);

      const all = fresh();
      const { Item } = await call('GetItem', { TableName: 'orders', Key: key('hot') });
      expect(all.length).toBeGreaterThan(180);
      expect(all.map(({ record }) => record.dynamodb.OldImage)).toEqual([
        undefined,
        ...all.slice(0, -1).map(({ record }) => record.dynamodb.NewImage),
      ]);
      expect(all.at(-1)?.record.dynamodb.NewImage).toEqual(Item);
      expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => all[0]!.position + index));
    });
  });

  describe('a transaction', () => {
    const update = (id: string) => ({ Update: add(id) });
    const put = (id: string, n: number) => ({ Put: { TableName: 'orders', Item: item(id, n) } });

    it('leaves a change for each item that it changed in a table with a stream', async () => {
      await call('PutItem', { TableName: 'orders', Item: item('t-old', 1) });
      fresh();

      const answer = await call('TransactWriteItems', {
        TransactItems: [
          put('t-put', 1),
          update('t-update'),
          { Delete: { TableName: 'orders', Key: key('t-old') } },
          { Put: { TableName: 'summaries', Item: key('marker') } },
          {
            ConditionCheck: {
              TableName: 'orders',
              Key: key('x'),
              ConditionExpression: 'attribute_not_exists(id)',
            },
          },
        ],
      });

      expect(answer.status).toBe(200);
      expect(fresh().map(short)).toEqual([
        ['INSERT', 't-put', undefined, item('t-put', 1)],
        ['INSERT', 't-update', undefined, item('t-update', 1)],
        ['REMOVE', 't-old', item('t-old', 1), undefined],
      ]);
    });

    it('that is cancelled leaves no change, and its reasons and items reach the caller', async () => {
      await call('PutItem', { TableName: 'orders', Item: item('c', 1) });
      fresh();

      const answer = await call('TransactWriteItems', {
        TransactItems: [
          update('c-other'),
          {
            Put: {
              TableName: 'orders',
              Item: item('c', 2),
              ConditionExpression: 'attribute_not_exists(id)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      });

      expect([answer.status, answer.CancellationReasons]).toEqual([
        400,
        [
          { Code: 'None' },
          { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: item('c', 1) },
        ],
      ]);
      expect(fresh()).toEqual([]);
    });

    it('that is repeated under its token does not bring back what has changed since', async () => {
      const request = { ClientRequestToken: 'token-1', TransactItems: [put('token', 1)] };
      await call('TransactWriteItems', request);
      await call('PutItem', { TableName: 'orders', Item: item('token', 2) });
      fresh();

      const again = await call('TransactWriteItems', request);
      await call('UpdateItem', add('token'));

      expect(again.status).toBe(200);
      expect(fresh().map(short)).toEqual([['MODIFY', 'token', item('token', 2), item('token', 3)]]);
    });

    it('of 100 items, beside others over the same items, leaves images that chain', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => `sku-${index}`);
      const rounds = [ids, [...ids].reverse(), ids, ids];

      const answers = await Promise.all(
        rounds.map((round) => call('TransactWriteItems', { TransactItems: round.map(update) })),
      );

      const all = fresh();
      const chains = new Map<string, string>();
      for (const { itemKey, record } of all) {
        const { OldImage, NewImage } = record.dynamodb;
        const step = `${String(OldImage?.['n']?.['N'])}→${String(NewImage?.['n']?.['N'])}`;
        chains.set(itemKey, `${chains.get(itemKey) ?? ''} ${step}`);
      }
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(all).toHaveLength(400);
      expect(new Set(chains.values())).toEqual(new Set([' undefined→1 1→2 2→3 3→4']));
    });
  });

  it('a batch leaves a change for each item that it changed', async () => {
    await call('PutItem', { TableName: 'orders', Item: item('b-old', 1) });
    fresh();

    const answer = await call('BatchWriteItem', {
      RequestItems: {
        orders: [
          { PutRequest: { Item: item('b-1', 1) } },
          { DeleteRequest: { Key: key('b-old') } },
          { DeleteRequest: { Key: key('b-none') } },
        ],
        summaries: [{ PutRequest: { Item: key('b') } }],
      },
    });

    expect(answer).toEqual({ status: 200, UnprocessedItems: {} });
    expect(fresh().map(short)).toEqual([
      ['INSERT', 'b-1', undefined, item('b-1', 1)],
      ['REMOVE', 'b-old', item('b-old', 1), undefined],
    ]);
  });

  it('PartiQL may read but not write', async () => {
    await call('PutItem', { TableName: 'orders', Item: item('p', 1) });

    const read = await call('ExecuteStatement', { Statement: "SELECT * FROM orders WHERE id = 'p'" });
    const write = raw('BatchExecuteStatement', {
      Statements: [{ Statement: 'SELECT * FROM orders' }, { Statement: "DELETE FROM orders WHERE id = 'p'" }],
    });

    expect(read.Items).toEqual([item('p', 1)]);
    await expect(write).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('PartiQL'),
    });
  });

  it('tables are described with their ARN and stream, and can not be changed', async () => {
    const { Table } = await call('DescribeTable', { TableName: 'orders' });

    expect(Table).toMatchObject({
      TableArn: orders.arn,
      LatestStreamArn: aStream('orders').arn,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byCustomer',
          IndexArn: `${orders.arn}/index/byCustomer`,
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['n'] },
        },
      ],
    });
    await expect(raw('DeleteTable', { TableName: 'orders' })).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: expect.stringContaining('DeleteTable is not run here'),
    });
  });

  it('items whose time is over are deleted by the service within a minute of the clock', async () => {
    const soon = Math.floor(cloud.clock.now() / 1000) + 1800;
    const row = (id: string, expires: object) => ({ ...key(id), at: { S: '1' }, expires });
    const rows = [
      row('soon', { N: `${soon}` }),
      row('later', { N: `${soon + 7200}` }),
      row('text', { S: `${soon}` }),
    ];
    for (const Item of rows) {
      await call('PutItem', { TableName: 'activity', Item });
      await call('PutItem', { TableName: 'summaries', Item });
    }
    const before = changes('activity').length;

    await cloud.clock.advance(3_600_000);
    await cloud.inFlight.settled();

    const removed = changes('activity', before).map(({ itemKey, record }) => [itemKey, record.userIdentity]);
    const kept = await call('Scan', {
      TableName: 'summaries',
      FilterExpression: 'attribute_exists(expires)',
    });
    expect(removed).toEqual([['["soon","1"]', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }]]);
    expect(kept.Items.map(({ id }: { id: { S: string } }) => id.S).sort()).toEqual(['later', 'text']);
  });
});

describeWithEngine('tables in a file', () => {
  it('are there again after a restart, and a stack whose table has another key is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tables-'));
    const dbPath = join(folder, 'tables.db');
    const first = someTables([aTable('orders', { ttlAttribute: 'expires' })], { dbPath });
    await first.tables.start();
    await first.call('PutItem', { TableName: 'orders', Item: item('a', 1) });
    await first.stop();

    const second = someTables([aTable('orders', { ttlAttribute: 'expires' })], { dbPath });
    await second.tables.start();
    const { Item } = await second.call('GetItem', { TableName: 'orders', Key: key('a') });
    await second.stop();
    const other = someTables([aTable('orders', { partitionKey: { name: 'orderId', type: 'S' } })], {
      dbPath,
    });

    expect(Item).toEqual(item('a', 1));
    await expect(other.tables.start()).rejects.toThrow('The table orders exists');
    await other.stop();
    rmSync(folder, { recursive: true });
  });

  it('can be those of a DynamoDB that runs already', async () => {
    const engine = await Engine.start();
    const cloud = someTables([aTable('orders')], { endpoint: engine.endpoint });
    await cloud.tables.start();

    await cloud.call('PutItem', { TableName: 'orders', Item: item('a', 1) });

    expect(cloud.changes('orders').map(short)).toEqual([['INSERT', 'a', undefined, item('a', 1)]]);
    await cloud.stop();
    await engine.stop();
  });
});
