import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../errors.ts';
import { clientConfigOf, outputOf, type Session } from '../session.ts';

/** An object of a bucket, as a listing shows it. */
export interface Listed {
  readonly key: string;
  /** Changes whenever the object does. */
  readonly etag: string;
}

/** An object's text, unpacked, and the state it was read in. */
export interface Read {
  readonly text: string;
  readonly etag: string;
}

const packed = promisify(gzip);
const unpacked = promisify(gunzip);

/**
 * How S3 refuses to write over an object: it is another, is being written, or is gone.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const NOT_AS_READ = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

/** What the commands do with a bucket. */
export interface Bucket {
  /** Objects whose key begins with `prefix`, in the keys' order. `after`: only those behind this key. */
  list(prefix: string, after?: string): AsyncIterable<Listed>;
  /** Undefined when there is no object any more. */
  read(key: string): Promise<Read | undefined>;
  /** Writes packed text over an object that is still as it was read; answers false when it is not. */
  replace(key: string, text: string, etag: string): Promise<boolean>;
  close(): void;
}

/** A bucket that an output of the stack names. */
export async function openBucket(session: Pick<Session, 'status'>, output: string): Promise<Bucket> {
  const name = outputOf(session, output);
  // Loaded only here: most commands need no bucket, and their first line is to come at once.
  const { S3Client } = await import('@aws-sdk/client-s3');
  return s3Bucket(new S3Client({ ...clientConfigOf(session), forcePathStyle: true }), name);
}

async function s3Bucket(client: S3Client, name: string): Promise<Bucket> {
  const { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } = await import('@aws-sdk/client-s3');
  return {
    async *list(prefix, after) {
      let ContinuationToken: string | undefined;
      do {
        const from = ContinuationToken === undefined ? { StartAfter: after } : { ContinuationToken };
        const page = await client.send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, ...from }));
        for (const { Key: key = '', ETag: etag = '' } of page.Contents ?? []) yield { key, etag };
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    async read(key) {
      const object = await orAbsent(
        client.send(new GetObjectCommand({ Bucket: name, Key: key })),
        'NoSuchKey',
      );
      if (object?.Body === undefined) return undefined;
      const bytes = await object.Body.transformToByteArray();
      return { text: await unpackedText(bytes, key), etag: object.ETag ?? '' };
    },
    async replace(key, text, etag) {
      const Body = await packed(text);
      const put = new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body,
        ContentType: 'application/x-ndjson',
        IfMatch: etag,
      });
      return (await orAbsent(client.send(put), ...NOT_AS_READ)) !== undefined;
    },
    close: () => client.destroy(),
  };
}

/** What a call answers; undefined where it fails with one of these errors. */
async function orAbsent<Answer>(
  call: Promise<Answer>,
  ...errorNames: readonly string[]
): Promise<Answer | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof Error && errorNames.includes(error.name)) return undefined;
    throw error;
  });
}

async function unpackedText(bytes: Uint8Array, key: string): Promise<string> {
  try {
    return (await unpacked(bytes)).toString('utf8');
  } catch (error) {
    throw new UsageError(
      `The object ${key} cannot be unpacked (${String(error)}). Restore it from an earlier version, or move it elsewhere.`,
      1,
    );
  }
}
