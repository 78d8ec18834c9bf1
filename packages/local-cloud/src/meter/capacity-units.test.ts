import { asking, told } from './capacity-units.ts';

const UNITS =
  '"ConsumedCapacity":{"TableName":"orders","CapacityUnits":4,"Table":{"CapacityUnits":1},"GlobalSecondaryIndexes":{"byDay":{"CapacityUnits":3}}}';

function answer(body: string, status = 200) {
  return { status, headers: { 'x-amz-crc32': 'of the body before' }, body: Buffer.from(body) };
}

it.each([
  ['alone', `{${UNITS}}`, '{}'],
  ['first', `{${UNITS},"Count":1}`, '{"Count":1}'],
  ['last', `{"Item":{"a":{"S":"}"}},${UNITS}}`, '{"Item":{"a":{"S":"}"}}}'],
  ['between', `{"Count":1,${UNITS},"ScannedCount":1}`, '{"Count":1,"ScannedCount":1}'],
  [
    'behind an attribute of that name',
    `{"Item":{"ConsumedCapacity":{"S":"x"}},${UNITS}}`,
    '{"Item":{"ConsumedCapacity":{"S":"x"}}}',
  ],
])('takes the units out of an answer, wherever they stand: %s', (_, body, rest) => {
  const result = told(answer(body), false);

  expect(result.units).toBe(4);
  expect(result.answer.body.toString()).toBe(rest);
  expect(result.answer.headers['x-amz-crc32']).not.toBe('of the body before');
});

it('tells units by table and index', () => {
  expect([...told(answer(`{${UNITS}}`), false).places]).toEqual([
    ['orders', 1],
    ['orders/byDay', 3],
  ]);
});

it('adds up the tables of a batch', () => {
  const list = '[{"TableName":"a","CapacityUnits":2},{"TableName":"b","CapacityUnits":0.5}]';

  expect(told(answer(`{"ConsumedCapacity":${list}}`), false).units).toBe(2.5);
});

it('leaves the units to who asked for them', () => {
  const asked = Buffer.from('{"TableName":"orders","ReturnConsumedCapacity":"TOTAL"}');
  const body = `{${UNITS}}`;

  expect(asking(asked)).toBeUndefined();
  expect(told(answer(body), true).answer.body.toString()).toBe(body);
});

it.each([
  ['{"TableName":"orders"}', '{"ReturnConsumedCapacity":"INDEXES","TableName":"orders"}'],
  ['', undefined],
  ['[', undefined],
])('asks for the units in %s', (body, expected) => {
  expect(asking(Buffer.from(body))?.toString()).toBe(expected);
});

it.each([
  ['one item', '{"__type":"x#ConditionalCheckFailedException"}', 400, 1],
  [
    'each item of a transaction',
    '{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"ConditionalCheckFailed"},{"Code":"None"}]}',
    400,
    4,
  ],
  ['a request that is wrong', '{"__type":"x#ValidationException"}', 400, 0],
  ['a failure of the service', '{"__type":"x#InternalServerError"}', 500, 0],
])('bills a refused write what AWS bills at least: %s', (_, body, status, expected) => {
  expect(told(answer(body, status), false).units).toBe(expected);
});
