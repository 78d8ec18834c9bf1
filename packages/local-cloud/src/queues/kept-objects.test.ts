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
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT, WORK, setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues({ kept: true });
const Bucket = 'audit-trail';

const put = (Key: string, Body: string) => cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string) =>
  (await cloud.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const keys = async () =>
  (await cloud.s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key);

it('an object is as it was, with all that is said of it', async () => {
  const { ETag } = await cloud.s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a b/Grüße',
      Body: 'one',
      ContentType: 'text/plain',
      ContentLanguage: 'en',
      Metadata: { by: 'test' },
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  const before = await cloud.s3.send(
    new HeadObjectCommand({ Bucket, Key: 'a b/Grüße', ChecksumMode: 'ENABLED' }),
  );
  cloud.crash();
  const after = await cloud.s3.send(
    new HeadObjectCommand({ Bucket, Key: 'a b/Grüße', ChecksumMode: 'ENABLED' }),
  );

  expect({ ...after, $metadata: {} }).toEqual({ ...before, $metadata: {} });
  expect(after).toMatchObject({ ETag, Metadata: { by: 'test' }, ContentLanguage: 'en', ContentLength: 3 });
  expect(after.ChecksumSHA256).toBeDefined();
  expect(await get('a b/Grüße')).toBe('one');
});

it('the newest of several bodies is there, a copy is, and what was deleted is not', async () => {
  await put('twice', 'one');
  await put('twice', 'two');
  await put('gone', 'one');
  await cloud.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/twice` }));
  await cloud.s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  await cloud.queues.putObject(AUDIT, 'inside', 'three', 'text/plain');
  for (let i = 0; i < 3; i++) cloud.crash();

  expect(await keys()).toEqual(['copy', 'inside', 'twice']);
  expect(await Promise.all(['copy', 'inside', 'twice'].map(get))).toEqual(['two', 'three', 'two']);
});

it('an upload goes on with the parts it has, and is one object once it is complete', async () => {
  const key = { Bucket, Key: 'failed/parts' };
  const { UploadId } = await cloud.s3.send(
    new CreateMultipartUploadCommand({ ...key, ContentType: 'text/plain', Metadata: { by: 'test' } }),
  );
  const part = (PartNumber: number, Body: string) =>
    cloud.s3.send(new UploadPartCommand({ ...key, UploadId, PartNumber, Body }));
  const large = 'x'.repeat(5 * 1024 * 1024);
  const one = await part(1, large);
  cloud.crash();
  const two = await part(2, 'end');
  cloud.crash();
  expect(await keys()).toBeUndefined();

  const Parts = [one, two].map(({ ETag }, i) => ({ PartNumber: i + 1, ETag }));
  await cloud.s3.send(new CompleteMultipartUploadCommand({ ...key, UploadId, MultipartUpload: { Parts } }));
  cloud.crash();

  expect(await get('failed/parts')).toBe(`${large}end`);
  expect(await cloud.s3.send(new HeadObjectCommand(key))).toMatchObject({
    ContentType: 'text/plain',
    ETag: expect.stringMatching(/^"[0-9a-f]{32}-2"$/),
    Metadata: { by: 'test' },
  });
  expect(cloud.bodies(WORK)).toEqual([expect.stringContaining('CompleteMultipartUpload')]);
});

it('an object that was announced is there, and its announcement is too', async () => {
  await put('failed/a', 'one');
  cloud.crash();

  expect(await get('failed/a')).toBe('one');
  expect(cloud.bodies(WORK)).toEqual([expect.stringContaining('failed/a')]);
});

describe('a start that can’t read the objects says so in one line, with the remedy', () => {
  it.each([
    ['are gone', (folder: string) => rmSync(join(folder, 'objects'), { recursive: true })],
    [
      "can't be read",
      (folder: string) => {
        rmSync(join(folder, 'objects/objects.sqlite-wal'), { force: true });
        writeFileSync(join(folder, 'objects/objects.sqlite'), 'no database'.repeat(100));
      },
    ],
  ])('%s', async (how, damage) => {
    await put('failed/a', 'one');

    expect(() => cloud.crash(damage)).toThrow(
      new RegExp(
        `^The buckets' objects in .*objects\\.sqlite ${how}: put the file back, or start with --fresh`,
      ),
    );
  });
});
