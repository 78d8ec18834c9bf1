import type { ServiceRequest } from '../../endpoint/service.ts';
import { dynamodbNeeds } from './dynamodb.ts';
import type { NeedsPlace } from './needs.ts';

const PLACE: NeedsPlace = {
  region: 'eu-west-1',
  accountId: '000000000000',
  mappings: [],
  mailIdentities: [],
  search: undefined,
  keyedTables: new Map([
    ['counters', 'metric'],
    ['counters/index/byDay', 'day'],
  ]),
};

/** The leading keys of each need of a call. */
function keys(operation: string, body: object) {
  const request: ServiceRequest = {
    ...{ service: 'dynamodb', operation, method: 'POST', url: '/', headers: {} },
    ...{ body: Buffer.from(JSON.stringify(body)), caller: { kind: 'function', name: 'a', roleArn: 'r' } },
  };
  const needs = dynamodbNeeds(request, PLACE);
  if (needs === undefined || needs === 'nothing') return needs;
  return needs.map(({ context }) => context?.['dynamodb:LeadingKeys']);
}

const key = (metric: string) => ({ metric: { S: metric }, bucket: { S: 'b' } });
const on = (more: object) => ({ TableName: 'counters', ...more });

it.each<[string, object, (string[] | undefined)[]]>([
  ['GetItem', on({ Key: key('a') }), [['a']]],
  [
    'GetItem',
    { TableName: 'arn:aws:dynamodb:eu-west-1:000000000000:table/counters', Key: key('a') },
    [['a']],
  ],
  ['PutItem', on({ Item: { ...key('a'), more: { N: '1' } } }), [['a']]],
  ['UpdateItem', on({ Key: key('a'), ExpressionAttributeValues: { ':n': { N: '1' } } }), [['a']]],
  ['DeleteItem', on({ Key: key('a') }), [['a']]],
  ['GetItem', { TableName: 'orders', Key: { metric: { S: 'a' } } }, [undefined]],
  [
    'Query',
    on({
      KeyConditionExpression: 'bucket = :b AND #m = :m',
      ExpressionAttributeNames: { '#m': 'metric' },
      ExpressionAttributeValues: { ':b': { S: 'b' }, ':m': { S: 'a' } },
    }),
    [['a']],
  ],
  [
    'Query',
    on({
      IndexName: 'byDay',
      KeyConditionExpression: 'day = :d',
      ExpressionAttributeNames: null,
      ExpressionAttributeValues: { ':d': { S: '1' } },
    }),
    [['1']],
  ],
  [
    'UpdateItem',
    on({ Key: key('a'), ExpressionAttributeNames: null, ExpressionAttributeValues: null }),
    [['a']],
  ],
  ['PutItem', on({ Key: key('a'), Item: { ...key('b'), more: null } }), [['a', 'b']]],
  ['PutItem', on({ Item: { metric: { S: null, N: '1' } } }), [['1']]],
  ['Scan', on({}), [undefined]],
  ['DescribeTable', on({}), [undefined]],
  [
    'BatchGetItem',
    { RequestItems: { counters: { Keys: [key('a'), key('b'), key('a')] }, orders: { Keys: [key('c')] } } },
    [['a', 'b'], undefined],
  ],
  [
    'BatchWriteItem',
    {
      RequestItems: {
        counters: [
          { PutRequest: { Item: key('a') }, DeleteRequest: null },
          { DeleteRequest: { Key: key('b') } },
        ],
      },
    },
    [['a', 'b']],
  ],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: on({ Item: key('a') }) },
        { Update: on({ Key: key('b') }) },
        { Put: on({ Item: key('c') }) },
        { Update: { TableName: 'orders', Key: {} } },
      ],
    },
    [['a', 'c'], ['b'], undefined],
  ],
])('%s of %j names the partition keys of a table whose policy asks for them', (operation, body, expected) => {
  expect(keys(operation, body)).toEqual(expected);
});

const by = (KeyConditionExpression: string | null, more: object = {}) =>
  on({ KeyConditionExpression, ExpressionAttributeValues: { ':m': { S: 'a' } }, ...more });

it.each<[string, object]>([
  ['GetItem', on({})],
  ['GetItem', on({ Key: { bucket: { S: 'b' } } })],
  ['GetItem', on({ Key: { metric: { Other: 'a' } } })],
  ['GetItem', on({ Key: { metric: null } })],
  ['UpdateItem', on({ Key: key('a'), ExpressionAttributeNames: 'none' })],
  ['PutItem', on({ Key: key('a'), Item: {} })],
  ['Query', by(null, { Key: key('a'), KeyConditions: { metric: {} } })],
  ['Query', by('metric = :other')],
  ['Query', by('metric = :m AND metric = :other')],
  ['BatchGetItem', { RequestItems: { counters: { Keys: [] } } }],
  ['BatchGetItem', { RequestItems: { counters: { Keys: [key('a'), {}] } } }],
  ['BatchWriteItem', { RequestItems: { counters: [{ PutRequest: 'a' }] } }],
  ['TransactWriteItems', { TransactItems: [{ Put: on({ Item: key('a') }) }, { Put: on({ Item: {} }) }] }],
])('%s of %j is refused where a policy asks for keys that can’t be read', (operation, body) => {
  expect(() => keys(operation, body)).toThrow(
    expect.objectContaining({ code: 'SerializationException', message: expect.stringContaining('"metric"') }),
  );
});
