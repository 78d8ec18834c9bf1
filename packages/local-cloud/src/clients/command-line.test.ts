import { crc32 } from 'node:zlib';
import { describeWithEngine } from '../tables/tables.fixture.ts';
import { formCall, jsonCall, restCall, setUpCloud, type Call } from './clients.fixture.ts';

const dynamodb = (operation: string, body: object) =>
  jsonCall('dynamodb', `DynamoDB_20120810.${operation}`, body);
const streams = (operation: string, body: object) =>
  jsonCall('dynamodb', `DynamoDBStreams_20120810.${operation}`, body);
const states = (operation: string, body: object = {}) =>
  jsonCall('states', `AWSStepFunctions.${operation}`, body);
/** The command line asks SQS for the codes of its older protocol. */
const sqs = (operation: string, body: object): Call => {
  const call = jsonCall('sqs', `AmazonSQS.${operation}`, body);
  return { ...call, headers: { ...call.headers, 'x-amzn-query-mode': 'true' } };
};
/** The command line sends an object with its checksum, and waits for leave to send its body. */
const upload = (path: string, body: string, more: Partial<Call> = {}) => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  const headers = {
    expect: '100-continue',
    'x-amz-sdk-checksum-algorithm': 'CRC32',
    'x-amz-checksum-crc32': checksum.toString('base64'),
  };
  return restCall('s3', `PUT ${path}`, { headers, body, ...more });
};
const STREAM = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2025-01-01T00:00:00.000';

describeWithEngine('the aws command line', () => {
  const cloud = setUpCloud();
  const json = async (call: Call) => JSON.parse((await cloud.call(call)).body);
  const queueUrl = (name: string) => `${cloud.url}/000000000000/${name}`;

  it('dynamodb and dynamodbstreams: writes an item and reads the change', async () => {
    await json(dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' } } }));
    const { Streams } = await json(streams('ListStreams', {}));
    const { StreamDescription } = await json(streams('DescribeStream', { StreamArn: STREAM }));
    const [{ ShardId }] = StreamDescription.Shards;
    const from = { StreamArn: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await json(streams('GetShardIterator', from));
    const { Records } = await json(streams('GetRecords', { ShardIterator, Limit: 1 }));
    const ShardFilter = { Type: 'CHILD_SHARDS', ShardId };
    const children = await json(streams('DescribeStream', { StreamArn: STREAM, ShardFilter }));

    expect(Streams).toMatchObject([{ StreamArn: STREAM, TableName: 'orders' }]);
    expect(Records).toMatchObject([{ eventName: 'INSERT', dynamodb: { NewImage: { id: { S: 'o-1' } } } }]);
    expect(children.StreamDescription.Shards).toEqual([]);
  });

  it('sqs: reads codes of the older protocol where SQS has others there', async () => {
    const message = { QueueUrl: queueUrl('dead'), MaxNumberOfMessages: 11 };
    const codes = [
      await cloud.call(sqs('GetQueueUrl', { QueueName: 'nowhere' })),
      await cloud.call(sqs('ListDeadLetterSourceQueues', { QueueUrl: queueUrl('nowhere') })),
      await cloud.call(sqs('ReceiveMessage', message)),
    ].map(({ status, headers }) => [status, headers['x-amzn-query-error']]);

    expect(codes).toEqual([
      [400, 'AWS.SimpleQueueService.NonExistentQueue;Sender'],
      [400, 'AWS.SimpleQueueService.NonExistentQueue;Sender'],
      [400, 'InvalidParameterValue;Sender'],
    ]);
  });

  it('sns publish --phone-number, and to a topic', async () => {
    const text = { Version: '2010-03-31', Action: 'Publish', Message: 'hi there & more' };
    const toPhone = await cloud.call(formCall('sns', { ...text, PhoneNumber: '+441134960000' }));
    const TopicArn = 'arn:aws:sns:eu-west-1:000000000000:news';
    const toTopic = await cloud.call(formCall('sns', { ...text, TopicArn }));
    const { Messages } = await json(sqs('ReceiveMessage', { QueueUrl: queueUrl('work') }));

    expect([toPhone.status, toTopic.status]).toEqual([200, 200]);
    expect(toPhone.body).toMatch(/<PublishResult>\s*<MessageId>/);
    expect(Messages).toMatchObject([{ Body: 'hi there & more' }]);
  });

  it.each([
    ['an address', undefined, '/archive'],
    ['localhost', 'localhost', '/archive'],
    ['the bucket before localhost', 'archive.localhost', ''],
  ])('s3 cp, ls and rm, with %s as the endpoint', async (_, host, bucket) => {
    const at = { ...(host !== undefined && { host }) };
    const put = await cloud.call(upload(`${bucket}/cli/a%20b%2Bc`, 'hello', at));
    const list = await cloud.call(
      restCall('s3', `GET ${bucket || '/'}?list-type=2&prefix=cli%2F&delimiter=%2F&encoding-type=url`, at),
    );
    const got = await cloud.call(restCall('s3', `GET ${bucket}/cli/a%20b%2Bc`, at));
    const part = await cloud.call(
      restCall('s3', `GET ${bucket}/cli/a%20b%2Bc`, { ...at, headers: { range: 'bytes=1-2' } }),
    );
    const removed = await cloud.call(restCall('s3', `DELETE ${bucket}/cli/a%20b%2Bc`, at));
    const head = await cloud.call(restCall('s3', `HEAD ${bucket}/cli/a%20b%2Bc`, at));

    expect([put.status, put.headers['etag']]).toEqual([200, '"5d41402abc4b2a76b9719d911017c592"']);
    expect(list.body).toContain('<Name>archive</Name>');
    expect(list.body).toContain('<Key>cli/a b+c</Key><Size>5</Size>');
    expect([got.body, part.body, part.status]).toEqual(['hello', 'el', 206]);
    expect([removed.status, head.status, head.body]).toEqual([204, 404, '']);
  });

  it('s3 presign: a URL is enough', async () => {
    await cloud.call(upload('/archive/shared', 'hello'));
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'test/20260101/eu-central-1/s3/aws4_request',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0',
    });

    expect(await (await fetch(`${cloud.url}/archive/shared?${query}`)).text()).toBe('hello');
  });

  it('stepfunctions list-state-machines: a time is a number of seconds', async () => {
    const { stateMachines } = await json(states('ListStateMachines'));

    expect(stateMachines).toMatchObject([
      {
        stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:flow',
        creationDate: expect.any(Number),
      },
    ]);
    expect(new Date(stateMachines[0].creationDate * 1000).getFullYear()).toBe(new Date().getFullYear());
  });

  it('lambda invoke: the payload comes without a content type', async () => {
    const path = 'POST /2015-03-31/functions/greet/invocations';
    const run = await cloud.call(restCall('lambda', path, { body: '{"name":"Ada"}\n' }));
    const queued = await cloud.call(
      restCall('lambda', path, { body: '{}', headers: { 'x-amz-invocation-type': 'Event' } }),
    );
    const dry = await cloud.call(
      restCall('lambda', path, { headers: { 'x-amz-invocation-type': 'DryRun' } }),
    );

    expect([run.status, run.body]).toEqual([200, '{"hello":"Ada"}']);
    expect([queued.status, queued.body, dry.status, dry.body]).toEqual([202, '', 204, '']);
  });

  it.each([
    ['test', 'arn:aws:iam::000000000000:user/test', 'test'],
    ['greet', 'arn:aws:sts::000000000000:assumed-role/greet-role/greet', 'greet-role:greet'],
  ])('sts get-caller-identity with the key %s is %s', async (accessKey, arn, userId) => {
    const call = formCall('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' });

    const { status, body } = await cloud.call({ ...call, accessKey });

    expect(status).toBe(200);
    expect(body).toContain(
      `<GetCallerIdentityResult><Arn>${arn}</Arn><UserId>${userId}</UserId><Account>000000000000</Account>`,
    );
  });
});
