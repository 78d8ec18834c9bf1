import { aRequest, aTable, describeWithEngine, someTables } from '../tables/tables.fixture.ts';
import { Meter } from './meter.ts';
import { metered } from './services.ts';

const KB = 1024;
const key = (id: string) => ({ id: { S: id } });
/** An item of just under so many KB. */
const item = (id: string, kb: number, more: object = {}) => ({
  ...key(id),
  ...more,
  v: { S: 'x'.repeat(kb * KB - 100) },
});
const S = (text: string) => ({ S: text });

const TABLE = aTable('items', {
  globalIndexes: [
    { name: 'whole', partitionKey: { name: 'g', type: 'S' }, projection: 'ALL' },
    { name: 'keys', partitionKey: { name: 'h', type: 'S' }, projection: 'KEYS_ONLY' },
  ],
});

/** Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html and GSI.html */
const RULES: readonly [rule: string, operation: string, input: object, units: number][] = [
  ['a write takes a unit a KB', 'PutItem', { Item: item('new', 3) }, 3],
  ['a put of the same takes the table’s units', 'PutItem', { Item: item('a', 3, { g: S('g') }) }, 3],
  ['a smaller item takes the units of the larger', 'PutItem', { Item: item('plain', 1) }, 3],
  ['an index with the whole item takes as much again', 'PutItem', { Item: item('new', 3, { g: S('g') }) }, 6],
  ['an index with keys takes a unit', 'PutItem', { Item: item('new', 3, { h: S('h') }) }, 4],
  [
    'another key of an index takes a delete and a put',
    'PutItem',
    { Item: item('a', 3, { g: S('other') }) },
    9,
  ],
  ['a delete takes the item’s units', 'DeleteItem', { Key: key('plain') }, 3],
  ['a delete of nothing takes one', 'DeleteItem', { Key: key('none') }, 1],
  [
    'a condition that fails takes one at least',
    'PutItem',
    { Item: item('a', 3), ConditionExpression: 'attribute_not_exists(id)' },
    1,
  ],
  ['a read takes half a unit for 4 KB', 'GetItem', { Key: key('plain') }, 0.5],
  ['a consistent one a whole', 'GetItem', { Key: key('plain'), ConsistentRead: true }, 1],
  ['a read of 9 KB takes three halves', 'GetItem', { Key: key('large') }, 1.5],
  ['a read of nothing takes half', 'GetItem', { Key: key('none') }, 0.5],
  [
    'a query adds its items up before it rounds',
    'Query',
    { IndexName: 'whole', KeyConditionExpression: 'g = :g', ExpressionAttributeValues: { ':g': S('many') } },
    0.5,
  ],
];

describeWithEngine('the units that the engine tells', () => {
  const meter = new Meter();
  const { tables } = someTables([TABLE]);
  const { dynamodb } = metered(meter, { dynamodb: tables.handler });
  const call = (operation: string, input: object) =>
    dynamodb(
      aRequest(
        'dynamodb',
        operation,
        operation.startsWith('Transact') ? input : { TableName: 'items', ...input },
      ),
    );

  beforeAll(() => tables.start());
  afterAll(() => tables.stop());

  beforeEach(async () => {
    const items = [
      item('plain', 3),
      item('a', 3, { g: S('g') }),
      item('large', 9),
      item('m1', 1, { g: S('many') }),
      item('m2', 1, { g: S('many') }),
    ];
    for (const Item of items) await call('PutItem', { Item });
    await call('DeleteItem', { Key: key('new') });
    meter.restart();
  });

  it.each(RULES)('%s', async (_, operation, input, units) => {
    const { body } = await call(operation, input);

    const { total, by } = meter.reading();
    expect((total['dynamodb.writeUnits'] ?? 0) + (total['dynamodb.readUnits'] ?? 0)).toBe(units);
    expect(Object.keys(by)).toEqual(['operator']);
    expect(body.toString()).not.toContain('ConsumedCapacity');
  });

  it('a transaction takes twice as much, also for what it only checks', async () => {
    await call('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'items', Item: item('new', 2) } },
        {
          ConditionCheck: {
            TableName: 'items',
            Key: key('plain'),
            ConditionExpression: 'attribute_exists(id)',
          },
        },
      ],
    });
    await call('TransactGetItems', { TransactItems: [{ Get: { TableName: 'items', Key: key('large') } }] });

    expect(meter.reading().total).toEqual({ 'dynamodb.writeUnits': 4 + 6, 'dynamodb.readUnits': 6 });
  });

  it('an update tells its caller no more than was asked for', async () => {
    const update = {
      Key: key('plain'),
      UpdateExpression: 'SET w = :w',
      ExpressionAttributeValues: { ':w': { N: '1' } },
    };

    expect((await call('UpdateItem', update)).body.toString()).toBe('{}');
    expect(meter.reading().tables).toEqual({ items: { 'dynamodb.writeUnits': 3 } });
  });
});
