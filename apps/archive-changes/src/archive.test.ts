import { gunzipSync } from 'node:zlib';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { archive as archiveAsking, type ForgottenAmong, type PutObject } from './archive.ts';
import type { Tables } from './read-record.ts';
import { EIGHT, forgottenImage, orderImage, record, TABLES } from './testing/records.ts';

type Line = Record<string, unknown>;

/** A bucket in memory; `broken` says of which keys a write fails. */
function bucket(broken: (key: string) => boolean = () => false) {
  const objects = new Map<string, Uint8Array>();
  const put = (key: string, body: Uint8Array<ArrayBuffer>, contentType: string) => {
    expect(contentType).toBe('application/x-ndjson');
    if (broken(key)) return Promise.reject(new Error('S3 did not keep it: 503'));
    objects.set(key, body);
    return Promise.resolve();
  };
  const linesOf = (key: string) =>
    gunzipSync(objects.get(key) ?? '')
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const lines = () => [...objects.keys()].flatMap(linesOf);
  return { objects, put, lines, linesOf };
}

const nobody: ForgottenAmong = () => Promise.resolve(new Set());
const archive = (
  records: readonly DynamoDBRecord[],
  tables: Tables,
  put: PutObject,
  forgottenAmong: ForgottenAmong = nobody,
) => archiveAsking(records, tables, put, forgottenAmong);

const text = (lines: readonly Line[]) => JSON.stringify(lines);
const hour = 3_600;

it('keeps one object for each table and hour, named after its first change', async () => {
  const stock = { sku: { S: 'MUG' }, available: { N: '1' } };
  const records = [
    record('orders', undefined, orderImage('PLACED', 1)),
    record('orders', orderImage('PLACED', 1), orderImage('VALIDATED', 2), EIGHT + hour),
    record('stock', undefined, stock),
    record('orders', orderImage('VALIDATED', 2), orderImage('PAID', 3), EIGHT + hour + 1),
  ];
  const { put, objects, linesOf } = bucket();

  const outcome = await archive(records, TABLES, put);

  const day = (table: string, at: string) => `changes/${table}/dt=2011-11-14/hour=${at}`;
  const later = `${day('orders', '09')}/${records[1]!.eventID}.ndjson.gz`;
  expect([...objects.keys()]).toEqual([
    `${day('orders', '08')}/${records[0]!.eventID}.ndjson.gz`,
    later,
    `${day('stock', '08')}/${records[2]!.eventID}.ndjson.gz`,
  ]);
  expect(outcome).toEqual({ archived: 4, unreadable: 0, objects: 3, failed: [], reasons: [] });
  expect(linesOf(later)).toMatchObject([
    { kind: 'MODIFY', who: 'writer-of-VALIDATED', itemVersion: 2, old: { status: 'PLACED' } },
    { kind: 'MODIFY', who: 'writer-of-PAID', key: { orderId: 'o-1' }, new: { status: 'PAID' } },
  ]);
});

it('writes the same objects, byte for byte, when the batch comes again', async () => {
  const records = [record('orders', undefined, orderImage('PLACED', 1))];
  const [first, second] = [bucket(), bucket()];

  await archive(records, TABLES, first.put);
  await archive(records, TABLES, second.put);

  expect(second.objects).toEqual(first.objects);
});

it('never keeps a payment token', async () => {
  const deep = { charge: { M: { paymentToken: { S: 'tok_deep' } } } };
  const broken: DynamoDBRecord = { dynamodb: { NewImage: orderImage('PLACED', 1, deep) } };
  const { put, lines } = bucket();

  await archive(
    [record('orders', orderImage('PLACED', 1), orderImage('PAID', 2, deep)), broken],
    TABLES,
    put,
  );

  expect(lines()).toHaveLength(2);
  expect(text(lines())).not.toMatch(/paymentToken|tok_/);
});

it('keeps nothing of a person who is forgotten, also not from earlier changes of the batch', async () => {
  const records = [
    record('orders', orderImage('ALLOCATED', 1), orderImage('SHIPPED', 2)),
    record('orders', orderImage('SHIPPED', 2), forgottenImage(3)),
    record('orders', undefined, orderImage('PLACED', 1, { orderId: { S: 'o-2' }, customerId: { S: 'bob' } })),
  ];
  const { put, lines } = bucket();

  await archive(records, TABLES, put);

  expect(text(lines().slice(0, 2))).not.toMatch(/ada|St James/);
  expect(lines()).toMatchObject([
    { new: { status: 'SHIPPED' } },
    { who: 'forget' },
    { new: { customerId: 'bob' } },
  ]);
});

it('brings no person back when the first half of a batch comes again after the forgetting', async () => {
  const records = [
    record('orders', undefined, orderImage('ALLOCATED', 1)),
    record('orders', orderImage('ALLOCATED', 1), orderImage('SHIPPED', 2)),
    record('orders', orderImage('SHIPPED', 2), forgottenImage(3)),
  ];
  const { put, lines, objects } = bucket();
  const asked: (readonly string[])[] = [];
  await archive(records, TABLES, put);
  objects.clear();

  await archive(records.slice(0, 2), TABLES, put, async (ids) => (asked.push(ids), new Set(['o-1'])));

  expect(asked).toEqual([['o-1']]);
  expect(lines()).toHaveLength(2);
  expect(text(lines())).not.toMatch(/ada|St James/);
});

it('keeps nothing of a person from the removal of a forgotten order, or from the last write', async () => {
  const named = { ...forgottenImage(3), customerId: { S: 'ada' } };
  const { put, lines } = bucket();

  await archive(
    [record('orders', named, forgottenImage(4)), record('orders', named, undefined)],
    TABLES,
    put,
  );

  expect(lines()).toHaveLength(2);
  expect(text(lines())).not.toMatch(/ada/);
});

it('reports the changes of orders, and those alone, where the table cannot be asked', async () => {
  const stock = { sku: { S: 'MUG' }, available: { N: '1' } };
  const records = [
    record('orders', undefined, orderImage('PLACED', 1)),
    record('stock', undefined, stock),
    record('orders', undefined, orderImage('PLACED', 1), EIGHT + hour),
  ];
  const { put, lines } = bucket();

  const outcome = await archive(records, TABLES, put, () => Promise.reject(new Error('throttled')));

  expect(outcome).toMatchObject({ failed: [records[0], records[2]], reasons: ['throttled'] });
  expect(lines()).toMatchObject([{ table: 'stock' }]);
});

it('asks nothing for a batch without orders', async () => {
  const { put } = bucket();

  const outcome = await archive([record('stock', undefined, { sku: { S: 'MUG' } })], TABLES, put, () =>
    Promise.reject(new Error('asked')),
  );

  expect(outcome.failed).toEqual([]);
});

it.each<[string, DynamoDBRecord]>([
  [
    'no keys',
    { ...record('orders', undefined, {}), dynamodb: { NewImage: {}, ApproximateCreationDateTime: EIGHT } },
  ],
  ['no images', { ...record('orders', {}, {}), dynamodb: { Keys: { orderId: { S: 'o' } } } }],
  [
    'an attribute of no type',
    record('orders', undefined, { orderId: { S: 'o' }, odd: {} as AttributeValue }),
  ],
  [
    'a table that is not archived',
    { ...record('orders', {}, {}), eventSourceARN: 'arn:x:table/other/stream/1' },
  ],
  ['a time that is none', { dynamodb: { ApproximateCreationDateTime: 1e300 } }],
  ['nothing at all', {}],
])('archives a record with %s as it came, rather than losing it', async (_, bad) => {
  const { put, lines, objects } = bucket();

  const outcome = await archive([bad], TABLES, put);

  expect(outcome).toMatchObject({ archived: 1, unreadable: 1, failed: [] });
  expect(lines()).toEqual([
    expect.objectContaining({ unreadable: true, record: bad, why: expect.any(String) }),
  ]);
  expect([...objects.keys()][0]).toMatch(
    /^changes\/(orders|unknown)\/dt=(2011-11-14|1970-01-01)\/hour=0[08]\/[a-f0-9]+\.ndjson\.gz$/,
  );
});

it('reports every record of an object that was not kept, lowest first, and keeps the others', async () => {
  const records = [
    record('orders', undefined, orderImage('PLACED', 1)),
    record('orders', undefined, orderImage('PLACED', 1), EIGHT + hour),
    record('orders', undefined, orderImage('PLACED', 1)),
    record('orders', undefined, orderImage('PLACED', 1), EIGHT + hour),
  ];
  const { put, objects } = bucket((key) => key.includes('hour=09'));

  const outcome = await archive(records, TABLES, put);

  expect(outcome).toEqual({
    archived: 2,
    unreadable: 0,
    objects: 1,
    failed: [records[1], records[3]],
    reasons: ['S3 did not keep it: 503'],
  });
  expect(objects.size).toBe(1);
});

it('says that a removal by time to live was DynamoDB', async () => {
  const removed = {
    ...record('orders', orderImage('SHIPPED', 4), undefined),
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
  };
  const { put, lines } = bucket();

  await archive([removed], TABLES, put);

  expect(lines()).toMatchObject([{ kind: 'REMOVE', who: 'dynamodb', itemVersion: 5 }]);
  expect(lines()[0]).not.toHaveProperty('new');
});
