import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { AUDIT, REGION, WORK, setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues();

const Bucket = 'audit-trail';
const text = (object: { Body?: { transformToString(): Promise<string> } }) =>
  object.Body?.transformToString();

test.each([
  ['a text', 'one body'],
  ['a buffer', Buffer.from('one body')],
  [
    'a stream of known length, sent in chunks with a trailing checksum',
    Readable.from([Buffer.from('one body')]),
  ],
])('puts and gets %s', async (_, Body) => {
  const Key = 'aws/lambda/0b6ac0a5-7a4a-4b6e/shardId-000/2026/01/01/2026-01-01T00.00.00-Grüße & co.json';
  await cloud.s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body,
      ContentLength: 8,
      ContentType: 'application/json',
      Metadata: { by: 'test' },
    }),
  );
  const object = await cloud.s3.send(new GetObjectCommand({ Bucket, Key }));
  const head = await cloud.s3.send(new HeadObjectCommand({ Bucket, Key }));
  const list = await cloud.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'aws/lambda/' }));

  expect(await text(object)).toBe('one body');
  expect(object).toMatchObject({ ContentType: 'application/json', Metadata: { by: 'test' } });
  expect(head.ContentLength).toBe(8);
  expect(list.Contents).toMatchObject([{ Key, Size: 8 }]);
});

test('puts and gets an empty object', async () => {
  await cloud.s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: Buffer.alloc(0) }));

  expect(await text(await cloud.s3.send(new GetObjectCommand({ Bucket, Key: 'empty' })))).toBe('');
});

describe('a write on condition of an ETag', () => {
  const put = (Body: string, IfMatch?: string) =>
    cloud.s3.send(new PutObjectCommand({ Bucket, Key: 'report', Body, ...(IfMatch && { IfMatch }) }));
  const now = async () => text(await cloud.s3.send(new GetObjectCommand({ Bucket, Key: 'report' })));

  it('replaces the object that has it, and no other', async () => {
    const { ETag } = await put('one');

    await put('two', ETag);
    await expect(put('three', ETag)).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });

    expect(await now()).toBe('two');
  });

  it('is carried out once when two come at the same time', async () => {
    const { ETag } = await put('one');

    const results = await Promise.allSettled([put('two', ETag), put('three', ETag)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('removes the object that has it, and no other', async () => {
    const { ETag } = await put('one');
    const remove = (IfMatch?: string) =>
      cloud.s3.send(new DeleteObjectCommand({ Bucket, Key: 'report', ...(IfMatch && { IfMatch }) }));

    await expect(remove('"0123456789abcdef0123456789abcdef"')).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await now()).toBe('one');
    await remove(ETag);
    await expect(now()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('of the source of a copy is refused by name', async () => {
    const CopySourceIfMatch = (await put('one')).ETag;
    const copy = new CopyObjectCommand({
      Bucket,
      Key: 'copy',
      CopySource: `${Bucket}/report`,
      CopySourceIfMatch,
    });

    await expect(cloud.s3.send(copy)).rejects.toThrow('x-amz-copy-source-if-match is not supported');
  });

  it('is refused where there is no object', async () => {
    await expect(put('one', '"0123456789abcdef0123456789abcdef"')).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });
});

test('an object that may only be put once is refused the second time', async () => {
  const put = () => cloud.s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'x', IfNoneMatch: '*' }));
  await put();

  await expect(put()).rejects.toMatchObject({ name: 'PreconditionFailed' });
});

test('a missing object is S3’s own error', async () => {
  await expect(cloud.s3.send(new GetObjectCommand({ Bucket, Key: 'nowhere' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
});

test('every way to create an object under the prefix tells the queue, in S3’s words', async () => {
  await cloud.s3.send(new PutObjectCommand({ Bucket, Key: 'elsewhere/a', Body: 'silent' }));
  await cloud.s3.send(new PutObjectCommand({ Bucket, Key: 'failed/a b', Body: 'put' }));
  await cloud.s3.send(
    new CopyObjectCommand({ Bucket, Key: 'failed/copy', CopySource: `${Bucket}/elsewhere/a` }),
  );
  const { UploadId } = await cloud.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'failed/parts' }));
  const part = { Bucket, Key: 'failed/parts', UploadId, PartNumber: 1 };
  const { ETag } = await cloud.s3.send(new UploadPartCommand({ ...part, Body: 'part' }));
  await cloud.s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key: 'failed/parts',
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }),
  );
  await cloud.queues.putObject(AUDIT, 'failed/inside', 'inside', 'text/plain');

  const records = cloud.bodies(WORK).flatMap((body) => (JSON.parse(body) as { Records: unknown[] }).Records);
  expect(records).toMatchObject([
    {
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: Bucket, arn: AUDIT }, object: { key: 'failed/a+b', size: 3 } },
    },
    { eventName: 'ObjectCreated:Copy', s3: { object: { key: 'failed/copy', size: 6 } } },
    {
      eventName: 'ObjectCreated:CompleteMultipartUpload',
      s3: { object: { key: 'failed/parts', size: 4 } },
    },
    { eventName: 'ObjectCreated:Put', s3: { object: { key: 'failed/inside', size: 6 } } },
  ]);
});
