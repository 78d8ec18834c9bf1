import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { MultipartUpload, S3Object, UploadPart } from './fauxqs.ts';
import { LAST } from './object-listing.ts';

const FILE = 'objects.sqlite';

/** Bytes: of an audit trail's objects, a few KB each, several share a page. */
const PAGE = 8192;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modifiedAt INTEGER NOT NULL, about TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (bucket, key));
  CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL,
    startedAt INTEGER NOT NULL, about TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS parts (upload TEXT NOT NULL, number INTEGER NOT NULL, etag TEXT NOT NULL,
    modifiedAt INTEGER NOT NULL, checksum TEXT, body BLOB NOT NULL, UNIQUE (upload, number))`;

const HEAD = 'bucket, key, size, etag, modifiedAt, about';

const checksumAlgorithm = z.enum(['CRC32', 'SHA1', 'SHA256']).exactOptional();

/** What is said of an object beside its key, size, ETag and time. */
const about = z.object({
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
  contentLanguage: z.string().exactOptional(),
  contentDisposition: z.string().exactOptional(),
  cacheControl: z.string().exactOptional(),
  contentEncoding: z.string().exactOptional(),
  checksumAlgorithm,
});
const aboutObject = about.extend({
  parts: z.array(z.object({ partNumber: z.int(), offset: z.int(), length: z.int() })).exactOptional(),
  checksumValue: z.string().exactOptional(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).exactOptional(),
  partChecksums: z.array(z.string()).exactOptional(),
});

const objectRow = z.object({
  key: z.string(),
  size: z.int(),
  etag: z.string(),
  modifiedAt: z.int(),
  about: z.string(),
});
const bodyOf = z.object({ body: z.instanceof(Uint8Array) });
const uploadRow = z.object({
  id: z.string(),
  bucket: z.string(),
  key: z.string(),
  startedAt: z.int(),
  about: z.string(),
});
const partRow = bodyOf.extend({
  number: z.int(),
  etag: z.string(),
  modifiedAt: z.int(),
  checksum: z.string().nullable(),
});

const NO_BODY = Buffer.alloc(0);

/**
 * Objects in SQLite, so that none of them is in memory and a write is there whole or not at all, whenever the process
 * dies. What was written outlives the process; nothing waits for the disk itself, which only a machine without power
 * would notice.
 */
export class ObjectRows {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param directory where they are kept; undefined for a temporary file that vanishes with the process.
   * @param mustExist whether objects were kept there before.
   * @throws Error with the remedy when they are gone or can't be read.
   */
  constructor(directory?: string, mustExist = false) {
    this.#path = directory === undefined ? '' : join(directory, FILE);
    if (mustExist && !existsSync(this.#path)) throw this.#unreadable('are gone');
    if (directory !== undefined) mkdirSync(directory, { recursive: true });
    try {
      this.#database = new DatabaseSync(this.#path);
      const mode = directory === undefined ? 'MEMORY' : 'WAL';
      this.#database.exec(
        `PRAGMA page_size = ${PAGE}; PRAGMA journal_mode = ${mode}; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000; ${SCHEMA}`,
      );
      this.#prepared(`SELECT ${HEAD}, body FROM objects`);
    } catch (cause) {
      throw this.#unreadable("can't be read", cause);
    }
  }

  put(bucket: string, object: S3Object): void {
    const { key, body, contentLength, etag, lastModified, ...rest } = object;
    this.#run(
      'INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (bucket, key) DO UPDATE SET size = excluded.size, ' +
        'etag = excluded.etag, modifiedAt = excluded.modifiedAt, about = excluded.about, body = excluded.body',
      ...[bucket, key, contentLength, etag, lastModified.getTime(), JSON.stringify(rest), body],
    );
  }

  /** An object without its body; undefined when there is none. */
  head(bucket: string, key: string): S3Object | undefined {
    const row = this.#get(`SELECT ${HEAD} FROM objects WHERE bucket = ? AND key = ?`, bucket, key);
    return row && this.#object(row);
  }

  get(bucket: string, key: string): S3Object | undefined {
    const row = this.#get(`SELECT ${HEAD}, body FROM objects WHERE bucket = ? AND key = ?`, bucket, key);
    return row && { ...this.#object(row), body: this.#body(row) };
  }

  /** How many objects there are, and bytes of the file that has them. */
  held(): { readonly count: number; readonly bytes: number } {
    const bytes = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
    return {
      count: Number(this.#get('SELECT count(*) AS count FROM objects')?.['count']),
      bytes: Number(this.#get(bytes)?.['bytes']),
    };
  }

  remove(bucket: string, key: string): void {
    this.#run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket, key);
  }

  /** Objects without their bodies, whose keys begin with `prefix` and come after `after`, in S3's order: that of UTF-8. */
  *after(bucket: string, prefix: string, after: string): Generator<S3Object> {
    const sql = `SELECT ${HEAD} FROM objects WHERE bucket = ?1 AND key >= max(?2, ?3) AND key <> ?3 AND key < ?4 ORDER BY key`;
    // A statement of its own: while one is read, another page may be.
    const statement = this.#database.prepare(sql);
    for (const row of statement.iterate(bucket, prefix, after, prefix + LAST)) yield this.#object(row);
  }

  putUpload({ uploadId, bucket, key, initiated, ...rest }: MultipartUpload): void {
    const sql = 'INSERT INTO uploads VALUES (?, ?, ?, ?, ?)';
    this.#run(sql, uploadId, bucket, key, initiated.getTime(), JSON.stringify({ ...rest, parts: undefined }));
  }

  putPart(uploadId: string, { partNumber, etag, lastModified, checksumValue, body }: UploadPart): void {
    const sql = 'INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?)';
    this.#run(sql, uploadId, partNumber, etag, lastModified.getTime(), checksumValue ?? null, body);
  }

  bucketOfUpload(uploadId: string): string | undefined {
    const row = this.#get('SELECT bucket FROM uploads WHERE id = ?', uploadId);
    return row && String(row['bucket']);
  }

  removeUpload(uploadId: string): void {
    this.#together(() => this.#removeUpload(uploadId));
  }

  /** Puts the object that an upload became, and ends the upload, both or none. */
  complete(uploadId: string, bucket: string, object: S3Object): void {
    this.#together(() => {
      this.put(bucket, object);
      this.#removeUpload(uploadId);
    });
  }

  /** Uploads that have not ended, with all their parts. */
  uploads(): MultipartUpload[] {
    return this.#all('SELECT * FROM uploads').map((row) => {
      const { id, bucket, key, startedAt, about: rest } = uploadRow.parse(row);
      const parts = this.#all('SELECT * FROM parts WHERE upload = ?', id).map(
        (part): [number, UploadPart] => {
          const { number, etag, modifiedAt, checksum } = partRow.parse(part);
          const lastModified = new Date(modifiedAt);
          const checksumValue = checksum ?? undefined;
          return [
            number,
            {
              partNumber: number,
              etag,
              lastModified,
              body: this.#body(part),
              ...(checksumValue && { checksumValue }),
            },
          ];
        },
      );
      const initiated = new Date(startedAt);
      return {
        uploadId: id,
        bucket,
        key,
        initiated,
        parts: new Map(parts),
        ...about.parse(JSON.parse(rest)),
      };
    });
  }

  close(): void {
    this.#database.close();
  }

  #object(row: Record<string, SQLOutputValue>): S3Object {
    const { key, size, etag, modifiedAt, about: rest } = objectRow.parse(row);
    const lastModified = new Date(modifiedAt);
    const object = { key, body: NO_BODY, contentLength: size, etag, lastModified };
    return { ...object, ...aboutObject.parse(JSON.parse(rest)) };
  }

  #body(row: Record<string, SQLOutputValue>): Buffer {
    const { body } = bodyOf.parse(row);
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }

  #removeUpload(uploadId: string): void {
    this.#run('DELETE FROM parts WHERE upload = ?', uploadId);
    this.#run('DELETE FROM uploads WHERE id = ?', uploadId);
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  #get(sql: string, ...values: SQLInputValue[]): Record<string, SQLOutputValue> | undefined {
    return this.#prepared(sql).get(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#prepared(sql).all(...values);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #unreadable(how: string, cause?: unknown): Error {
    return new Error(
      `The buckets' objects in ${this.#path} ${how}: put the file back, or start with --fresh, which empties the state.`,
      { cause },
    );
  }
}
