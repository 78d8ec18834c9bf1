import { ListObjectsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues();
const Bucket = 'audit-trail';

/** In S3's order, that of UTF-8: an emoji comes after every other letter. */
const KEYS = ['B', 'a', 'a/1', 'a/2', 'a/b/1', 'a/b/2', 'a0', 'b/1', 'c', 'é', 'ﬀ', '😀'];

beforeEach(async () => {
  for (const Key of [...KEYS].reverse())
    await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});

const list = async (more: object) => {
  const page = await cloud.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
  const { Contents = [], CommonPrefixes = [], IsTruncated, NextContinuationToken } = page;
  return {
    keys: Contents.map(({ Key }) => Key),
    prefixes: CommonPrefixes.map(({ Prefix }) => Prefix),
    isTruncated: IsTruncated,
    next: NextContinuationToken,
  };
};

it.each<[string, object, string[], string[]]>([
  ['all', {}, KEYS, []],
  ['what begins with a prefix', { Prefix: 'a/' }, ['a/1', 'a/2', 'a/b/1', 'a/b/2'], []],
  ['what comes after a key', { StartAfter: 'b/1' }, ['c', 'é', 'ﬀ', '😀'], []],
  ['what comes after a key before the prefix', { Prefix: 'b', StartAfter: 'a' }, ['b/1'], []],
  ['nothing after a key behind the prefix', { Prefix: 'a/', StartAfter: 'b' }, [], []],
  ['nothing of a prefix that no key has', { Prefix: 'nothing' }, [], []],
  ['one level', { Delimiter: '/' }, ['B', 'a', 'a0', 'c', 'é', 'ﬀ', '😀'], ['a/', 'b/']],
  ['one level under a prefix', { Delimiter: '/', Prefix: 'a/' }, ['a/1', 'a/2'], ['a/b/']],
  [
    'one level after what is in common',
    { Delimiter: '/', StartAfter: 'a/' },
    ['a0', 'c', 'é', 'ﬀ', '😀'],
    ['b/'],
  ],
  [
    'one level that is a word',
    { Delimiter: 'b/' },
    ['B', 'a', 'a/1', 'a/2', 'a0', 'c', 'é', 'ﬀ', '😀'],
    ['a/b/', 'b/'],
  ],
])('lists %s', async (_what, options, keys, prefixes) => {
  expect(await list(options)).toMatchObject({ keys, prefixes, isTruncated: false });
});

it.each([1, 2, 5, KEYS.length])('gives every key once, in order, in pages of %i', async (MaxKeys) => {
  const pages: (string | undefined)[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({ MaxKeys, ContinuationToken });
    pages.push(page.keys);
    ContinuationToken = page.next;
  } while (ContinuationToken !== undefined);

  expect(pages.flat()).toEqual(KEYS);
  expect(pages).toHaveLength(Math.ceil(KEYS.length / MaxKeys));
});

it('lists in the older way, too', async () => {
  const { Contents } = await cloud.s3.send(new ListObjectsCommand({ Bucket, Marker: 'a/b/1', MaxKeys: 2 }));

  expect(Contents?.map(({ Key }) => Key)).toEqual(['a/b/2', 'a0']);
});

it('refuses a bucket that is not there', async () => {
  await expect(cloud.s3.send(new ListObjectsV2Command({ Bucket: 'nowhere' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});
