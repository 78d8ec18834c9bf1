import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { clientConfigOf } from '../session.ts';
import { startSmallStack, type SmallStack } from '../testing/small-stack.ts';
import { openBucket, type Bucket } from './bucket.ts';
import { listed } from './lines.ts';

jest.setTimeout(30_000);

describe('a bucket of the archive', () => {
  let stack: SmallStack;
  let s3: S3Client;
  let bucket: Bucket;
  beforeAll(async () => {
    stack = await startSmallStack();
    s3 = new S3Client({ ...clientConfigOf(stack.session), forcePathStyle: true });
    bucket = await openBucket(stack.session, 'archive_bucket');
  });
  afterAll(async () => {
    bucket.close();
    s3.destroy();
    await stack.close();
  });

  const put = (key: string, text: string | Uint8Array) =>
    s3.send(
      new PutObjectCommand({
        Bucket: 'archive',
        Key: key,
        Body: typeof text === 'string' ? gzipSync(text) : text,
      }),
    );

  it('lists all objects of a folder, in the order of their keys, also from one on', async () => {
    const keys = Array.from({ length: 1_005 }, (_, i) => `many/dt=2026/${String(i).padStart(4, '0')}.gz`);
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(keys.slice(start, start + 50).map((key) => put(key, 'x')));

    expect((await listed(bucket.list('many/'))).map(({ key }) => key)).toEqual(keys);
    const later = await listed(bucket.list('many/', 'many/dt=2026/1000.gz'));
    expect(later.map(({ key }) => key)).toEqual(keys.slice(1_001));
  });

  it('reads packed text, replaces it, and tells by its mark that it changed', async () => {
    await put('changes/a b=1/ü.ndjson.gz', '{"a":"ü"}\n');
    const read = await bucket.read('changes/a b=1/ü.ndjson.gz');
    const [before] = await listed(bucket.list('changes/a'));

    const replaced = await bucket.replace('changes/a b=1/ü.ndjson.gz', '{}\n', read?.etag ?? '');

    const [after] = await listed(bucket.list('changes/a'));
    expect(read).toEqual({ text: '{"a":"ü"}\n', etag: before?.etag });
    expect(replaced).toBe(true);
    expect((await bucket.read('changes/a b=1/ü.ndjson.gz'))?.text).toBe('{}\n');
    expect(after?.etag).not.toBe(before?.etag);
  });

  it('has nothing where there is nothing', async () => {
    expect(await bucket.read('changes/none')).toBeUndefined();
    expect(await listed(bucket.list('none/'))).toEqual([]);
  });

  it('names an object that cannot be unpacked', async () => {
    await put('broken.gz', Buffer.from('no gzip'));

    await expect(bucket.read('broken.gz')).rejects.toThrow(/broken\.gz cannot be unpacked.*Restore it/);
  });

  it('is refused by name when the stack has none', async () => {
    await expect(openBucket(stack.session, 'dead_letter_bucket')).rejects.toThrow(
      /no output dead_letter_bucket\. Synthesize it again/,
    );
  });
});

describe('an object that is not as it was read', () => {
  const answer = { status: 500, code: '' };
  const s3 = createServer((request, response) => {
    request.resume().once('end', () => {
      const asked = request.headers['if-match'] === '"as-read"';
      response.writeHead(asked ? answer.status : 500).end(`<Error><Code>${answer.code}</Code></Error>`);
    });
  });
  let bucket: Bucket;
  beforeAll(async () => {
    await once(s3.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
    const status = { endpoint, region: 'eu-west-1', outputs: { archive_bucket: 'archive' } };
    bucket = await openBucket({ status: status as never }, 'archive_bucket');
  });
  afterAll(() => {
    bucket.close();
    s3.close();
  });

  it.each([
    ['was written meanwhile', 412, 'PreconditionFailed'],
    ['is being written', 409, 'ConditionalRequestConflict'],
    ['was removed meanwhile', 404, 'NoSuchKey'],
  ])('is not replaced: it %s', async (_, status, code) => {
    Object.assign(answer, { status, code });

    expect(await bucket.replace('a.gz', 'mine', '"as-read"')).toBe(false);
  });
});
