import { MovableClock } from '../clock.ts';
import { Journal } from '../journal/journal.ts';
import { ChangeLog } from './change-log.ts';
import { imageOf } from './image.ts';
import { TIME_TO_LIVE } from './stream-record.ts';
import { streamsHandler } from './streams-api.ts';
import { aRequest, aStream, aTable } from './tables.fixture.ts';

const ARN = aStream('orders').arn;

describe('the streams API', () => {
  const clock = new MovableClock();
  let journal: Journal;
  let logs: ChangeLog[];
  beforeEach(() => {
    journal = new Journal(':memory:');
    logs = ['orders', 'stock'].map((name) => {
      const table = aTable(name, name === 'stock' ? { sortKey: { name: 'at', type: 'S' } } : {});
      return new ChangeLog({ table, stream: aStream(name), region: 'eu-west-1', clock, journal });
    });
  });
  afterEach(() => journal.close());
  afterAll(() => clock.stop());

  const call = async (operation: string, input: unknown) =>
    JSON.parse((await streamsHandler(logs)(aRequest('dynamodbstreams', operation, input))).body.toString());

  const write = (id: string, content = '') =>
    logs[0]!.append({
      key: { id: { S: id } },
      before: imageOf(undefined),
      after: imageOf({ id: { S: id }, content: { S: content } }),
    });

  const read = async (ShardIteratorType: string, SequenceNumber?: string) => {
    const ShardId = logs[0]!.shardId;
    const { ShardIterator } = await call('GetShardIterator', {
      StreamArn: ARN,
      ShardId,
      ShardIteratorType,
      SequenceNumber,
    });
    return call('GetRecords', { ShardIterator });
  };
  const idsOf = ({ Records }: { Records: { dynamodb: { Keys: { id: { S: string } } } }[] }) =>
    Records.map(({ dynamodb }) => dynamodb.Keys.id.S);

  it('lists the streams, all, of one table and page by page', async () => {
    const all = await call('ListStreams', {});
    const one = await call('ListStreams', { TableName: 'stock' });
    const first = await call('ListStreams', { Limit: 1 });
    const second = await call('ListStreams', {
      Limit: 1,
      ExclusiveStartStreamArn: first.LastEvaluatedStreamArn,
    });

    expect(all.Streams[0]).toEqual({
      StreamArn: ARN,
      TableName: 'orders',
      StreamLabel: '2026-01-01T00:00:00.000',
    });
    expect(one.Streams).toEqual([all.Streams[1]]);
    expect([first.Streams, second]).toEqual([[all.Streams[0]], { Streams: [all.Streams[1]] }]);
  });

  it('describes a stream and its one shard', async () => {
    const { StreamDescription } = await call('DescribeStream', { StreamArn: aStream('stock').arn });

    expect(StreamDescription).toEqual({
      StreamArn: aStream('stock').arn,
      StreamLabel: '2026-01-01T00:00:00.000',
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      CreationRequestDateTime: Date.UTC(2026, 0) / 1000,
      TableName: 'stock',
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Shards: [
        {
          ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
          SequenceNumberRange: { StartingSequenceNumber: '100000000000000000001' },
        },
      ],
    });
  });

  it('reads from the beginning, from the end, from a record and after it', async () => {
    write('a');
    const { record } = write('b');
    write('c');
    const { SequenceNumber } = record.dynamodb;

    const answers = [
      await read('TRIM_HORIZON'),
      await read('LATEST'),
      await read('AT_SEQUENCE_NUMBER', SequenceNumber),
      await read('AFTER_SEQUENCE_NUMBER', SequenceNumber),
    ];

    expect(answers.map(idsOf)).toEqual([['a', 'b', 'c'], [], ['b', 'c'], ['c']]);
  });

  it('goes on where the last answer ended', async () => {
    write('a');
    const first = await read('TRIM_HORIZON');
    write('b');

    const second = await call('GetRecords', { ShardIterator: first.NextShardIterator });
    const third = await call('GetRecords', { ShardIterator: second.NextShardIterator });

    expect([first, second, third].map(idsOf)).toEqual([['a'], ['b'], []]);
  });

  it('gives at most 1,000 records or 1 MB at a time, and one record however large it is', async () => {
    for (let index = 0; index < 1100; index += 1) write(`o-${index}`);
    const many = await read('TRIM_HORIZON');
    const from = logs[0]!.read(1099, 1)[0]!.record.dynamodb.SequenceNumber;
    for (let index = 0; index < 6; index += 1) write(`big-${index}`, 'x'.repeat(300_000));
    write('huge', 'x'.repeat(2_000_000));

    const large = await read('AFTER_SEQUENCE_NUMBER', from);
    const more = await call('GetRecords', { ShardIterator: large.NextShardIterator });
    const huge = await call('GetRecords', { ShardIterator: more.NextShardIterator });

    expect(idsOf(many)).toHaveLength(1000);
    expect([large, more, huge].map(idsOf)).toEqual([
      ['big-0', 'big-1', 'big-2'],
      ['big-3', 'big-4', 'big-5'],
      ['huge'],
    ]);
  });

  it('writes who made a change as the API does, and not where it came from', async () => {
    const gone = { key: { id: { S: 'a' } }, before: imageOf({ id: { S: 'a' } }), after: imageOf(undefined) };
    logs[0]!.append({ ...gone, userIdentity: TIME_TO_LIVE });

    const { Records } = await read('TRIM_HORIZON');

    expect(Records[0].userIdentity).toEqual({ PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' });
    expect(Records[0]).not.toHaveProperty('eventSourceARN');
  });

  it('says that records older than a day are gone', async () => {
    const { SequenceNumber } = write('a').record.dynamodb;
    const { ShardIterator } = await call('GetShardIterator', {
      StreamArn: ARN,
      ShardId: logs[0]!.shardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    await clock.advance(25 * 3_600_000);

    expect(idsOf(await read('TRIM_HORIZON'))).toEqual([]);
    await expect(read('AT_SEQUENCE_NUMBER', SequenceNumber)).rejects.toMatchObject({
      code: 'TrimmedDataAccessException',
    });
    await expect(call('GetRecords', { ShardIterator })).rejects.toMatchObject({
      code: 'TrimmedDataAccessException',
    });
  });

  it.each([
    ['DescribeStream', { StreamArn: 'arn:none' }, 'ResourceNotFoundException'],
    ['DescribeStream', {}, 'ValidationException'],
    ['DescribeStream', 'no JSON', 'SerializationException'],
    [
      'GetShardIterator',
      { StreamArn: ARN, ShardId: 'x', ShardIteratorType: 'LATEST' },
      'ResourceNotFoundException',
    ],
    ['GetShardIterator', { StreamArn: ARN, ShardId: 'x', ShardIteratorType: 'NOW' }, 'ValidationException'],
    ['GetRecords', { ShardIterator: 'x' }, 'ValidationException'],
    ['GetRecords', { ShardIterator: 'arn:none|1|0' }, 'ResourceNotFoundException'],
    ['GetRecords', { ShardIterator: `${ARN}|1|0`, Limit: 1001 }, 'ValidationException'],
    ['DeleteStream', {}, 'UnknownOperationException'],
  ])('refuses %s of %j with %s', async (operation, input, code) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code });
  });

  it('refuses a sequence number that is none', async () => {
    await expect(read('AT_SEQUENCE_NUMBER', '12')).rejects.toMatchObject({ code: 'ValidationException' });
  });
});
